// Twin delayed deep deterministic policy gradient (Fujimoto et al. 2018, arXiv 1802.09477) on [s; g; a].
import { z } from 'zod';
import { type Graph, grad } from '../tensor/index.js';
import type { Agent, AgentDefinition, AgentSpec } from './agent.js';
import { deterministicConfig, deterministicPolicy } from './deterministic.js';
import * as parts from './parts.js';
import { adamStep, type Learned, moments, updateStep } from './update-step.js';

function create(
  spec: AgentSpec,
  config: Td3Config,
  { batchSize, normalize }: { batchSize: number; normalize: boolean },
): Agent {
  const pi = deterministicPolicy('td3', spec, config, normalize);
  const { space } = pi;
  const { settings, learned, noise } = parts.criticNetwork(config);
  const q = parts.critics(config.critics, { ...spec, action: space.size }, settings);
  const still = parts.critics(config.critics, { ...spec, action: space.size }, learned);
  const chosen = parts.chosenCritics('td3', config);

  /** What both steps begin with: the batch, and the parameters before the step. */
  const begin = (g: Graph) => ({
    batch: parts.batchInputs(g, batchSize, spec, parts.actionScale('td3', g, space), pi.normalizer(g)),
    critics: g.input('critics', [q.layout.size]),
  });

  /** Critics: y = r + gamma (1 - terminated) min Q'(s', pi'(s') + clipped noise) */
  const learnCritics = (g: Graph): Learned => {
    const { batch, critics } = begin(g);
    const { observation, nextObservation, goal } = batch;
    const targetActor = g.input('targetActor', [pi.layout.size]);
    const targetCritics = g.input('targetCritics', [q.layout.size]);
    const smoothing = g
      .input('nextNoise', [batchSize, space.size])
      .mul(config.targetNoise)
      .clip(-config.targetNoiseClip, config.targetNoiseClip);
    const nextAction = pi.unit(targetActor, nextObservation, goal).action.add(smoothing).clip(-1, 1);
    const draw = chosen < config.critics ? { of: chosen, noise: g.input('drawNoise', [config.critics]) } : undefined;
    const nextValue = parts.smallest(q.values(targetCritics, nextObservation, goal, nextAction, draw));
    let y = batch.reward.add(batch.alive.mul(config.discount).mul(nextValue));
    if (config.boundTargets) y = parts.boundTarget(y, spec.rewardRange, config.discount);
    const values = q.values(critics, observation, goal, batch.action);
    const loss = parts.criticLoss(values, y.stopGradient());
    const [gradient] = grad(loss, [critics]);
    return { gradients: { critics: gradient }, metrics: { critic_loss: loss, q_mean: values[0].mean() } };
  };

  /** Actor, every `policyDelay` updates: maximise Q1(s, pi(s)). */
  const learnActor = (g: Graph): Learned => {
    const { batch, critics } = begin(g);
    const { observation, goal } = batch;
    const actor = g.input('actor', [pi.layout.size]);
    const { action, penalty } = pi.unit(actor, observation, goal);
    const loss = penalty(q.values(critics, observation, goal, action)[0].mean().neg());
    return { gradients: { actor: grad(loss, [actor])[0] }, metrics: { actor_loss: loss } };
  };

  const { policyDelay, tau } = config;
  const stepOf = (update: number) => Math.floor(update / policyDelay);
  return {
    state: {
      actor: parts.parameters(pi.layout),
      targetActor: { ...parts.parameters(pi.layout), copyOf: 'actor' },
      critics: parts.parameters(q.layout),
      targetCritics: { ...parts.parameters(q.layout), copyOf: 'critics' },
      ...moments('actor', pi.layout),
      ...moments('critics', q.layout),
    },
    updates: {
      critics: updateStep('td3-critics', learnCritics, { optimizerSteps: [adamStep('critics', config)] }),
      // All targets follow in the same updates.
      actor: updateStep('td3-actor', learnActor, {
        optimizerSteps: [adamStep('actor', config, { stepOf })],
        averages: [
          { vector: 'targetActor', of: 'actor', tau },
          { vector: 'targetCritics', of: 'critics', tau },
        ],
      }),
    },
    updateNames: (u) => (u % policyDelay === 0 ? ['critics', 'actor'] : ['critics']),
    noise: {
      nextNoise: batchSize * space.size,
      ...(chosen < config.critics && { drawNoise: config.critics }),
      ...noise,
    },
    policyVectors: ['actor'],
    actionNoise: space.size,
    act: pi.act,
    value: pi.value('critics', q.layout.size, (critics, ...input) => parts.smallest(still.values(critics, ...input))),
    randomActionProbability: parts.randomActionSchedule(config),
  };
}

const config = z.strictObject({
  ...deterministicConfig,
  critics: z.int().min(1).max(100).default(2).describe('critics (paper: 2; REDQ: 10)'),
  ...parts.ensembleConfig,
  ...parts.criticConfig,
  policyDelay: z.int().min(1).max(1000).default(2).describe('critic updates per actor and target update (paper: 2)'),
  targetNoise: z
    .number()
    .min(0)
    .max(2)
    .default(0.2)
    .describe('deviation of the noise on target actions, in unit actions (paper: 0.2)'),
  targetNoiseClip: z.number().min(0).max(2).default(0.5).describe('bound of that noise (paper: 0.5)'),
});

export type Td3Config = z.infer<typeof config>;

/** TD3: off-policy, continuous actions, deterministic policy, twin critics. */
export const td3: AgentDefinition<Td3Config> = {
  name: 'td3',
  description: 'twin delayed DDPG: minimum of two critics, delayed actor, smoothed targets',
  paper: 'Fujimoto et al. 2018, arXiv 1802.09477',
  learning: 'off-policy',
  actions: ['box'],
  config,
  create,
};
