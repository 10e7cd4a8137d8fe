// Deep deterministic policy gradient (Lillicrap et al. 2015, arXiv 1509.02971) in the form of the HER paper (1707.01495).
import { z } from 'zod';
import { adam, grad, program } from '../tensor/index.js';
import type { Agent, AgentDefinition, AgentSpec } from './agent.js';
import { deterministicConfig, deterministicPolicy } from './deterministic.js';
import * as parts from './parts.js';

function create(
  spec: AgentSpec,
  config: DdpgConfig,
  { batchSize, normalize }: { batchSize: number; normalize: boolean },
): Agent {
  const pi = deterministicPolicy('ddpg', spec, config, normalize);
  const { space } = pi;
  const q = parts.critics(1, { ...spec, action: space.size }, config);
  const optimizer = adam();

  const update = program('ddpg-update', (g) => {
    const batch = parts.batchInputs(g, batchSize, spec, parts.actionScale('ddpg', g, space), pi.normalizer(g));
    const { observation, nextObservation, goal } = batch;
    const actor = parts.optimized(g, 'actor', pi.layout.size, optimizer);
    const critic = parts.optimized(g, 'critic', q.layout.size, optimizer);
    const targetActor = g.input('targetActor', [pi.layout.size]);
    const targetCritic = g.input('targetCritic', [q.layout.size]);

    // Critic: y = r + gamma (1 - terminated) Q'(s', pi'(s'))
    const nextAction = pi.unit(targetActor, nextObservation, goal).action;
    const [nextValue] = q.values(targetCritic, nextObservation, goal, nextAction);
    let y = batch.reward.add(batch.alive.mul(config.discount).mul(nextValue));
    if (config.boundTargets) y = parts.boundTarget(y, spec.rewardRange, config.discount);
    const values = q.values(critic.value, observation, goal, batch.action);
    const criticLoss = parts.criticLoss(values, y.stopGradient());
    const updatedCritic = critic.apply(grad(criticLoss, [critic.value])[0]);

    // Actor: maximise Q(s, pi(s)), under the critic before its update as the HER authors' own code does
    const { action, penalty } = pi.unit(actor.value, observation, goal);
    const [value] = q.values(critic.value.stopGradient(), observation, goal, action);
    const actorLoss = penalty(value.mean().neg());
    const updatedActor = actor.apply(grad(actorLoss, [actor.value])[0]);

    return {
      ...updatedCritic.outputs,
      ...updatedActor.outputs,
      targetActor: parts.polyak(targetActor, updatedActor.value, config.tau),
      targetCritic: parts.polyak(targetCritic, updatedCritic.value, config.tau),
      metrics: parts.metrics([criticLoss, actorLoss, values[0].mean()]),
    };
  });

  const rate = (update: number) => parts.learningRateAt(config.learningRate, config.learningRateDecay, update);
  return {
    state: {
      actor: parts.parameters(pi.layout),
      targetActor: { ...parts.parameters(pi.layout), copyOf: 'actor' },
      critic: parts.parameters(q.layout),
      targetCritic: { ...parts.parameters(q.layout), copyOf: 'critic' },
      ...parts.optimizerState('actor', optimizer, pi.layout.size),
      ...parts.optimizerState('critic', optimizer, q.layout.size),
    },
    updates: { all: { program: update, metricNames: ['critic_loss', 'actor_loss', 'q_mean'] } },
    updateNames: () => ['all'],
    noise: {},
    scalars: {
      'actor.rate': parts.optimizerScalars(optimizer, rate),
      'critic.rate': parts.optimizerScalars(optimizer, rate),
    },
    policyVectors: ['actor'],
    actionNoise: space.size,
    act: pi.act,
    value: pi.value('critic', q.layout.size, (critic, ...input) => q.values(critic, ...input)[0]),
    randomActionProbability: parts.randomActionSchedule(config),
  };
}

const config = z.strictObject({
  ...deterministicConfig,
  explorationNoise: deterministicConfig.explorationNoise.default(0.2),
  randomActionProbability: deterministicConfig.randomActionProbability.default(0.3),
});

export type DdpgConfig = z.infer<typeof config>;

/** DDPG: off-policy, continuous actions, deterministic policy, one critic: the learner of the HER paper. */
export const ddpg: AgentDefinition<DdpgConfig> = {
  name: 'ddpg',
  description: 'deep deterministic policy gradient, the learner of the hindsight paper',
  paper: 'Lillicrap et al. 2015, arXiv 1509.02971; Andrychowicz et al. 2017, arXiv 1707.01495',
  learning: 'off-policy',
  actions: ['box'],
  config,
  create,
};
