// Weighted goal-conditioned supervised learning (WGCSL: Yang et al. 2022, arXiv 2202.04478): imitation weighed by critics.
import * as z from 'zod';
import type { Graph, Tensor } from '../tensor/index.js';
import type { Agent, AgentDefinition, AgentOptions } from './agent.js';
import type { AgentSpec } from './agent-spec.js';
import { deterministicConfig, deterministicPolicy } from './deterministic.js';
import { inputEncoders } from './encoders.js';
import { isAhead, offlineSettings } from './offline.js';
import * as parts from './parts.js';
import { adamStep, gradients, type Learned, moments, updateStep } from './update-step.js';

/** Weights of advantages beyond this are cut. */
const LARGEST_WEIGHT = 10;

function create(spec: AgentSpec, config: WgcslConfig, { normalize }: AgentOptions): Agent {
  const encoders = inputEncoders(spec.inputs, config, normalize);
  const { see } = encoders;
  const pi = deterministicPolicy('wgcsl', spec, config, encoders);
  const { space } = pi;
  const sizes = { inputs: encoders.inputs, action: space.size };
  const q = parts.critics(1, sizes, { ...config, encoderOf: encoders.encoderOf });
  const { discount } = config;

  const recorded = (g: Graph, rows: number) =>
    parts.actionScale(g, space).toUnit(g.input('action', [rows, space.size]));
  /** r + gamma (1 - terminated) Q(s', pi(s')) under a goal of the batch. */
  const outcome = (g: Graph, rows: number, goal: '' | 'actorGoal.', next: Tensor) => {
    const alive = g.input(`${goal}terminated`, [rows, 1]).neg().add(1);
    return g.input(`${goal}reward`, [rows, 1]).add(alive.mul(next).mul(discount));
  };

  /** Critic: as DDPG, under goals of which most are reached later. */
  const learnCritic = (g: Graph, rows: number): Learned => {
    const critic = g.input('critic', [q.layout.size]);
    const target = g.input('targetCritic', [q.layout.size]);
    const next = see.next(g, rows);
    const { action } = pi.unit(g.input('targetActor', [pi.layout.size]), next);
    const [nextValue] = q.values(target, next, action);
    let y = outcome(g, rows, '', nextValue);
    if (config.boundTargets) y = parts.boundTarget(y, spec.rewardRange, discount);
    const values = q.values(critic, see(g, rows), recorded(g, rows));
    const loss = parts.criticLoss(values, y.stopGradient());
    return {
      gradients: gradients(loss, { critic, ...encoders.tensors(g) }),
      metrics: { critic_loss: loss, q_mean: values[0].mean() },
    };
  };

  /** Actor: E[w |pi(s, g) - a|^2], g reached `offset` steps later; w tells how soon, how much better, and whether among the best. */
  const learnActor = (g: Graph, rows: number): Learned => {
    const actor = g.input('actor', [pi.layout.size]);
    const critic = g.input('critic', [q.layout.size]);
    const threshold = g.input('threshold', [1]);
    const [seen, next] = [see(g, rows, 'actorGoal'), see.next(g, rows, 'actorGoal')];
    const worth = (state: typeof seen) => q.values(critic, state, pi.unit(actor, state).action)[0];
    const advantage = outcome(g, rows, 'actorGoal.', worth(next)).sub(worth(seen)).stopGradient();

    const soon = g.input('actorGoal.offset', [rows, 1]).sub(1).max(0).mul(Math.log(discount)).exp();
    const better = advantage.exp().min(LARGEST_WEIGHT);
    const among = advantage.greaterEqual(threshold).cast(g.dtype);
    const weight = soon
      .mul(better)
      .mul(among.mul(1 - config.otherWeight).add(config.otherWeight))
      .mul(isAhead(g, rows, 'actorGoal'));
    const action = recorded(g, rows);
    const { action: best, penalty } = pi.unit(actor, seen);
    const error = best.sub(action);
    const loss = penalty(
      weight
        .stopGradient()
        .mul(error.square().mean([1], { keepDims: true }))
        .mean(),
    );

    // The threshold is the running quantile of advantages: quantile regression (Koenker & Bassett 1978).
    const below = advantage.less(threshold).cast(g.dtype);
    return {
      gradients: { ...gradients(loss, { actor }), threshold: below.mean().sub(config.percentile).reshape([1]) },
      metrics: {
        actor_loss: loss,
        advantage: advantage.mean(),
        best_share: among.mean(),
        action_error: error.abs().mean(),
      },
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
      // Below all advantages at first, so that all count until it has risen.
      threshold: {
        size: 1,
        layout: [{ name: 'value', shape: [1], offset: 0 }],
        init: () => Float32Array.of(Math.max(-10, Math.min(0, spec.rewardRange[0]) * 2)),
      },
      ...moments('actor', pi.layout),
      ...moments('critic', q.layout),
      ...moments('threshold', { size: 1 }),
    },
    steps: (rows) => ({
      critic: updateStep('wgcsl-critic', (g) => learnCritic(g, rows), {
        divisible: true,
        optimizerSteps: [adamStep('critic', config), ...encoders.optimizerSteps],
      }),
      actor: updateStep('wgcsl-actor', (g) => learnActor(g, rows), {
        divisible: true,
        optimizerSteps: [adamStep('actor', config), adamStep('threshold', config)],
        averages: [
          { vector: 'targetActor', of: 'actor', tau },
          { vector: 'targetCritic', of: 'critic', tau },
        ],
      }),
    }),
    updateNames: () => ['critic', 'actor'],
    batch: {
      goals: {
        goal: { future: config.relabelled, original: 1 - config.relabelled },
        actorGoal: { future: 1 },
      },
    },
    policyVectors: ['actor', ...encoders.vectors],
    actionNoise: space.size,
    act: pi.act,
    value: pi.value('critic', q.layout.size, (critic, seen, action) => q.values(critic, seen, action)[0]),
    randomActionProbability: parts.randomActionSchedule(config),
    learner: { kind: 'updates' },
  };
}

const { nStep: _, ...ownConfig } = deterministicConfig;

const config = z.strictObject({
  ...ownConfig,
  hidden: deterministicConfig.hidden.default([256, 256, 256]),
  discount: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.98)
    .describe(
      'gamma, of returns and of how soon a goal is reached (code of the paper: 1 - 1/T, T the steps of an episode)',
    ),
  learningRate: deterministicConfig.learningRate
    .default(5e-4)
    .describe('Adam step size of actor and critic (code of the paper: 5e-4)'),
  tau: deterministicConfig.tau
    .default(0.1)
    .describe('share of the online networks in each target update (code of the paper: 0.1)'),
  relabelled: z
    .number()
    .min(0)
    .max(1)
    .default(0.8)
    .describe("share of the critic's goals that are reached later in the episode (paper: 0.8)"),
  percentile: z
    .number()
    .min(0)
    .lt(1)
    .default(0.8)
    .describe('share of advantages below the threshold above which actions count in full (paper: 0.8 in the end)'),
  otherWeight: z.number().min(0).max(1).default(0.05).describe('by what the others are weighed (paper: 0.05)'),
});

export type WgcslConfig = z.infer<typeof config>;

/** WGCSL: offline or online, continuous actions; imitation of what led to goals, the best of it most. */
export const wgcsl: AgentDefinition<WgcslConfig> = {
  name: 'wgcsl',
  description: 'offline: imitation of what led to goals, weighed by time, advantage and rank',
  paper: 'Yang et al. 2022, arXiv 2202.04478',
  learning: 'off-policy',
  actions: ['box'],
  needsGoals: true,
  offline: true,
  settings: offlineSettings,
  config,
  create,
};
