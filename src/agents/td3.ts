// Twin delayed deep deterministic policy gradient (Fujimoto et al. 2018, arXiv 1802.09477) on [s; g; a].
import { z } from 'zod';
import { adam, type Graph, grad, type Tensor } from '../tensor/index.js';
import type { Agent, AgentDefinition, AgentSpec, UpdateProgram } from './agent.js';
import { deterministicConfig, deterministicPolicy } from './deterministic.js';
import * as parts from './parts.js';
import { simultaneousConfig, updateProgram } from './update-program.js';

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
  const optimizer = adam();

  /** What every program begins with: the batch, and the parameters before the update. */
  const begin = (g: Graph) => ({
    g,
    batch: parts.batchInputs(g, batchSize, spec, parts.actionScale('td3', g, space), pi.normalizer(g)),
    critics: parts.optimized(g, 'critics', q.layout.size, optimizer),
    targetActor: g.input('targetActor', [pi.layout.size]),
    targetCritics: g.input('targetCritics', [q.layout.size]),
  });
  type Before = ReturnType<typeof begin>;

  /** Critics: y = r + gamma (1 - terminated) min Q'(s', pi'(s') + clipped noise) */
  const learnCritics = ({ g, batch, critics, targetActor, targetCritics }: Before) => {
    const { observation, nextObservation, goal } = batch;
    const smoothing = g
      .input('nextNoise', [batchSize, space.size])
      .mul(config.targetNoise)
      .clip(-config.targetNoiseClip, config.targetNoiseClip);
    const nextAction = pi.unit(targetActor, nextObservation, goal).action.add(smoothing).clip(-1, 1);
    const draw = chosen < config.critics ? { of: chosen, noise: g.input('drawNoise', [config.critics]) } : undefined;
    const nextValue = parts.smallest(q.values(targetCritics, nextObservation, goal, nextAction, draw));
    let y = batch.reward.add(batch.alive.mul(config.discount).mul(nextValue));
    if (config.boundTargets) y = parts.boundTarget(y, spec.rewardRange, config.discount);
    const values = q.values(critics.value, observation, goal, batch.action);
    const loss = parts.criticLoss(values, y.stopGradient());
    const { value, outputs } = critics.apply(grad(loss, [critics.value])[0]);
    return { critics: value, outputs, metrics: { critic_loss: loss, q_mean: values[0].mean() } };
  };

  /** Actor, every `policyDelay` updates: maximise Q1(s, pi(s)); then its target follows. */
  const learnActor = ({ g, batch, targetActor }: Before, critics: Tensor) => {
    const { observation, goal } = batch;
    const actor = parts.optimized(g, 'actor', pi.layout.size, optimizer);
    const { action, penalty } = pi.unit(actor.value, observation, goal);
    const value = q.values(critics.stopGradient(), observation, goal, action)[0];
    const loss = penalty(value.mean().neg());
    const updated = actor.apply(grad(loss, [actor.value])[0]);
    const follower = parts.polyak(targetActor, updated.value, config.tau);
    return { outputs: { ...updated.outputs, targetActor: follower }, metrics: { actor_loss: loss } };
  };

  /** The critics' targets follow in the same updates as the actor's. */
  const { simultaneous, policyDelay } = config;
  const withActor = (u: number) => u % policyDelay === 0;
  const updates: Record<string, UpdateProgram> = simultaneous
    ? {
        critics: {
          ...updateProgram('td3-critics', (g) => {
            const before = begin(g);
            const learned = learnCritics(before);
            // One program for all updates, so that it can stay in its thread: in the others the target follows by 0.
            const [keep, share] = g.input('targetCritics.shares', [2]).split([1, 1], 0);
            const targetCritics = before.targetCritics.mul(keep).add(learned.critics.mul(share));
            return [learned, { outputs: { targetCritics }, metrics: {} }];
          }),
          beside: true,
        },
        actor: updateProgram('td3-actor', (g) => {
          const before = begin(g);
          return [learnActor(before, before.critics.value)];
        }),
      }
    : {
        critics: updateProgram('td3-critics', (g) => [learnCritics(begin(g))]),
        all: updateProgram('td3-update', (g) => {
          const before = begin(g);
          const learned = learnCritics(before);
          const targetCritics = parts.polyak(before.targetCritics, learned.critics, config.tau);
          return [learned, learnActor(before, learned.critics), { outputs: { targetCritics }, metrics: {} }];
        }),
      };
  const rate = (update: number) => parts.learningRateAt(config.learningRate, config.learningRateDecay, update);
  return {
    state: {
      actor: parts.parameters(pi.layout),
      targetActor: { ...parts.parameters(pi.layout), copyOf: 'actor' },
      critics: parts.parameters(q.layout),
      targetCritics: { ...parts.parameters(q.layout), copyOf: 'critics' },
      ...parts.optimizerState('actor', optimizer, pi.layout.size),
      ...parts.optimizerState('critics', optimizer, q.layout.size),
    },
    updates,
    updateNames: (u) => (!withActor(u) ? ['critics'] : simultaneous ? ['critics', 'actor'] : ['all']),
    noise: {
      nextNoise: batchSize * space.size,
      ...(chosen < config.critics && { drawNoise: config.critics }),
      ...noise,
    },
    scalars: {
      'actor.rate': parts.optimizerScalars(optimizer, rate, (u) => Math.floor(u / policyDelay)),
      'critics.rate': parts.optimizerScalars(optimizer, rate),
      ...(simultaneous && {
        'targetCritics.shares': {
          size: 2,
          fill(update: number, out: Float32Array) {
            out[1] = withActor(update) ? config.tau : 0;
            out[0] = 1 - (withActor(update) ? config.tau : 0);
          },
        },
      }),
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
  ...simultaneousConfig,
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
