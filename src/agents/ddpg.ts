// Deep deterministic policy gradient (Lillicrap et al. 2015, arXiv 1509.02971) in the form of the HER paper (1707.01495).
import * as z from 'zod';
import type { Graph } from '../tensor/index.js';
import type { Agent, AgentDefinition, AgentOptions } from './agent.js';
import type { AgentSpec } from './agent-spec.js';
import { deterministicConfig, deterministicPolicy } from './deterministic.js';
import { inputEncoders } from './encoders.js';
import * as parts from './parts.js';
import { adamStep, gradients, type Learned, moments, updateStep } from './update-step.js';

function create(spec: AgentSpec, config: DdpgConfig, { normalize }: AgentOptions): Agent {
  const encoders = inputEncoders(spec.inputs, config, normalize);
  const pi = deterministicPolicy('ddpg', spec, config, encoders);
  const { space } = pi;
  const { inputs, encoderOf } = encoders;
  const q = parts.critics(1, { inputs, action: space.size }, { ...config, encoderOf });

  const learn = (g: Graph, rows: number): Learned => {
    const batch = parts.batchInputs(g, rows, spec, parts.actionScale(g, space), encoders.see);
    const { seen, next } = batch;
    const actor = g.input('actor', [pi.layout.size]);
    const critic = g.input('critic', [q.layout.size]);
    const targetActor = g.input('targetActor', [pi.layout.size]);
    const targetCritic = g.input('targetCritic', [q.layout.size]);

    // Critic: y = r + gamma (1 - terminated) Q'(s', pi'(s'))
    const nextAction = pi.unit(targetActor, next).action;
    const [nextValue] = q.values(targetCritic, next, nextAction);
    let y = parts.bootstrap(batch, config, nextValue);
    if (config.boundTargets) y = parts.boundTarget(y, spec.rewardRange, config.discount);
    const values = q.values(critic, seen, batch.action);
    const criticLoss = parts.criticLoss(values, y.stopGradient());

    // Actor: maximise Q(s, pi(s)), under the critic before its update as the HER authors' own code does
    const { action, penalty } = pi.unit(actor, seen);
    const [value] = q.values(critic, seen, action);
    const actorLoss = penalty(value.mean().neg());
    return {
      gradients: { ...gradients(actorLoss, { actor }), ...gradients(criticLoss, { critic, ...encoders.tensors(g) }) },
      metrics: { critic_loss: criticLoss, actor_loss: actorLoss, q_mean: values[0].mean() },
    };
  };

  const { tau } = config;
  return {
    spec,
    state: {
      ...encoders.state,
      actor: parts.parameters(pi),
      targetActor: { ...parts.parameters(pi), copyOf: 'actor' },
      critic: parts.parameters(q),
      targetCritic: { ...parts.parameters(q), copyOf: 'critic' },
      ...moments('actor', pi.layout),
      ...moments('critic', q.layout),
    },
    steps: (rows) => ({
      all: updateStep('ddpg-update', (g) => learn(g, rows), {
        divisible: true,
        optimizerSteps: [adamStep('actor', config), adamStep('critic', config), ...encoders.optimizerSteps],
        averages: [
          { vector: 'targetActor', of: 'actor', tau },
          { vector: 'targetCritic', of: 'critic', tau },
        ],
      }),
    }),
    updateNames: () => ['all'],
    ...parts.returnRequest(config),
    policyVectors: ['actor', ...encoders.vectors],
    actionNoise: space.size,
    act: pi.act,
    value: pi.value('critic', q.layout.size, (critic, seen, action) => q.values(critic, seen, action)[0]),
    randomActionProbability: parts.randomActionSchedule(config),
    learner: { kind: 'updates' },
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
