// Twin delayed deep deterministic policy gradient (Fujimoto et al. 2018, arXiv 1802.09477) on [s; g; a].
import { z } from 'zod';
import { adam, grad, program, type Tensor } from '../tensor/index.js';
import type { Agent, AgentDefinition, AgentSpec } from './agent.js';
import { deterministicConfig, deterministicPolicy } from './deterministic.js';
import * as parts from './parts.js';

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

  const update = (withActor: boolean) =>
    program(withActor ? 'td3-update' : 'td3-critics', (g) => {
      const batch = parts.batchInputs(g, batchSize, spec, parts.actionScale('td3', g, space), pi.normalizer(g));
      const { observation, nextObservation, goal } = batch;
      const critics = parts.optimized(g, 'critics', q.layout.size, optimizer);
      const targetActor = g.input('targetActor', [pi.layout.size]);
      const targetCritics = g.input('targetCritics', [q.layout.size]);

      // Critics: y = r + gamma (1 - terminated) min Q'(s', pi'(s') + clipped noise)
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
      const criticLoss = parts.criticLoss(values, y.stopGradient());
      const updatedCritics = critics.apply(grad(criticLoss, [critics.value])[0]);
      const outputs: Record<string, Tensor> = { ...updatedCritics.outputs };
      const metrics = [criticLoss, values[0].mean()];

      // Actor, every `policyDelay` updates: maximise Q1(s, pi(s)); then both targets follow
      if (withActor) {
        const actor = parts.optimized(g, 'actor', pi.layout.size, optimizer);
        const { action, penalty } = pi.unit(actor.value, observation, goal);
        const value = q.values(updatedCritics.value.stopGradient(), observation, goal, action)[0];
        const actorLoss = penalty(value.mean().neg());
        const updatedActor = actor.apply(grad(actorLoss, [actor.value])[0]);
        Object.assign(outputs, updatedActor.outputs, {
          targetActor: parts.polyak(targetActor, updatedActor.value, config.tau),
          targetCritics: parts.polyak(targetCritics, updatedCritics.value, config.tau),
        });
        metrics.push(actorLoss);
      }
      return {
        ...outputs,
        metrics: parts.metrics(metrics),
      };
    });

  const rate = (update: number) => parts.learningRateAt(config.learningRate, config.learningRateDecay, update);
  const updates = {
    critics: { program: update(false), metricNames: ['critic_loss', 'q_mean'] },
    all: { program: update(true), metricNames: ['critic_loss', 'q_mean', 'actor_loss'] },
  };
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
    updateNames: (u) => [u % config.policyDelay === 0 ? 'all' : 'critics'],
    noise: {
      nextNoise: batchSize * space.size,
      ...(chosen < config.critics && { drawNoise: config.critics }),
      ...noise,
    },
    scalars: {
      'actor.rate': parts.optimizerScalars(optimizer, rate, (u) => Math.floor(u / config.policyDelay)),
      'critics.rate': parts.optimizerScalars(optimizer, rate),
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
