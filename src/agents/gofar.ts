// Goal-conditioned f-advantage regression (GoFAR: Ma et al. 2022, arXiv 2206.03023): matching the goal's states, without relabelling.

import * as z from 'zod';
import { UsageError } from '../errors.js';
import { createSee, initDense, inputNetwork, mlp, mlpLayout, noiseInput, views } from '../nets/index.js';
import { concat, type Graph, grad, program, type Tensor } from '../tensor/index.js';
import type { Agent, AgentDefinition, AgentOptions } from './agent.js';
import type { AgentSpec } from './agent-spec.js';
import { deterministicConfig, deterministicPolicy } from './deterministic.js';
import { inputEncoders } from './encoders.js';
import { isAhead, offlineDefinition } from './offline.js';
import * as parts from './parts.js';
import { adamStep, gradients, type Learned, trained, updateStep } from './update-step.js';

function create(spec: AgentSpec, config: GofarConfig, { normalize }: AgentOptions): Agent {
  const encoders = inputEncoders(spec.inputs, config, normalize);
  const { see } = encoders;
  const pi = deterministicPolicy('gofar', spec, config, encoders);
  const { space } = pi;
  const v = inputNetwork({ inputs: encoders.inputs, outputs: 1 }, { ...config, encoderOf: encoders.encoderOf });
  const goalSize = spec.inputs.find(({ name }) => name === 'goal')?.size ?? 0;
  if (goalSize === 0) {
    throw new UsageError(
      'gofar compares goals by their numbers, which are no input here; leave env.camera.goal false and goal among tasks.identifiers, or choose another agent, such as gcbc.',
    );
  }
  const judgeLayout = mlpLayout([2 * goalSize, ...config.hidden, 1]);
  const judge = (flat: Tensor, pair: Tensor) => mlp(views(flat, judgeLayout), pair, (y) => y.tanh());

  // The discriminator has no part in encoders, which learn with the value.
  const plainly = createSee(spec.inputs, normalize);
  /** Goals of rows [B, g], what was achieved before their actions, and where that may be told [B, 1]. */
  const goals = (g: Graph, rows: number) => ({
    goal: plainly(g, rows).goal,
    own: plainly(g, rows, 'ownGoal').goal,
    told: isAhead(g, rows, 'ownGoal'),
  });

  /** Discriminator: tells (g, g) from (achieved, g), its slope between them held near 1 (Gulrajani et al. 2017). */
  const learnDiscriminator = (g: Graph, rows: number): Learned => {
    const discriminator = g.input('discriminator', [judgeLayout.size]);
    const { goal, own, told } = goals(g, rows);
    const [real, fake] = [concat([goal, goal], 1), concat([own, goal], 1)];
    const surprise = judge(discriminator, real)
      .neg()
      .softplus()
      .add(judge(discriminator, fake).softplus().mul(told))
      .mean();
    // Uniform numbers of standard normals, by their distribution function.
    const u = noiseInput(g, 'mixing', [rows, 1], 'row').mul(Math.SQRT1_2).erf().add(1).mul(0.5);
    const mixed = real
      .mul(u)
      .add(fake.mul(u.neg().add(1)))
      .stopGradient();
    const [slope] = grad(judge(discriminator, mixed).sum(), [mixed]);
    const length = slope.square().sum([1], { keepDims: true }).add(1e-12).sqrt();
    const loss = surprise.add(length.sub(1).square().mul(told).mean().mul(config.slopePenalty));
    return {
      gradients: gradients(loss, { discriminator }),
      metrics: { discriminator_loss: surprise, slope: length.mean() },
    };
  };

  const learn = (g: Graph, rows: number): Learned => {
    const discriminator = g.input('discriminator', [judgeLayout.size]);
    const value = g.input('value', [v.layout.size]);
    const actor = g.input('actor', [pi.layout.size]);
    const worth = (flat: Tensor, state: ReturnType<typeof see>) => v.apply(views(flat, v.layout), state);

    // Reward: log D - log(1 - D), the logit: how much likelier the state is at the goal than in the data.
    const { goal, own, told } = goals(g, rows);
    const reward = judge(discriminator, concat([own, goal], 1)).stopGradient();
    const seen = see(g, rows);
    const next = worth(g.input('targetValue', [v.layout.size]), see.next(g, rows));
    const advantage = reward.add(next.mul(config.discount)).stopGradient().sub(worth(value, seen));

    // Value: (1 - gamma) E[V(s0, g)] + E[(A + 1)^2], the dual of matching by the chi-squared divergence.
    const first = worth(value, see.achieving(g, rows, 'start'));
    const valueLoss = first
      .mean()
      .mul(1 - config.discount)
      .add(advantage.add(1).square().mul(told).mean());

    // Actor: E[max(A + 1, 0) |pi(s, g) - a|^2].
    const action = parts.actionScale(g, space).toUnit(g.input('action', [rows, space.size]));
    const { action: best, penalty } = pi.unit(actor, seen);
    const error = best.sub(action);
    const weight = advantage.add(1).relu().mul(told).stopGradient();
    const actorLoss = penalty(weight.mul(error.square().mean([1], { keepDims: true })).mean());
    return {
      gradients: { ...gradients(valueLoss, { value, ...encoders.tensors(g) }), ...gradients(actorLoss, { actor }) },
      metrics: {
        value_loss: valueLoss,
        actor_loss: actorLoss,
        reward: reward.mean(),
        weight: weight.mean(),
        action_error: error.abs().mean(),
      },
    };
  };

  return {
    spec,
    state: {
      ...encoders.state,
      ...trained({
        discriminator: { layout: judgeLayout, init: (random) => initDense(judgeLayout, random) },
        value: v,
        actor: pi,
      }),
      targetValue: { ...parts.parameters(v), copyOf: 'value' },
    },
    steps: (rows) => ({
      discriminator: updateStep('gofar-discriminator', (g) => learnDiscriminator(g, rows), {
        divisible: true,
        optimizerSteps: [adamStep('discriminator', config)],
      }),
      learn: updateStep('gofar', (g) => learn(g, rows), {
        divisible: true,
        optimizerSteps: [adamStep('value', config), adamStep('actor', config), ...encoders.optimizerSteps],
        averages: [{ vector: 'targetValue', of: 'value', tau: config.tau }],
      }),
    }),
    updateNames: () => ['discriminator', 'learn'],
    batch: {
      goals: {
        goal: { original: 1 - config.relabelled, future: config.relabelled },
        ownGoal: { current: 1 },
        start: { first: 1 },
      },
    },
    policyVectors: ['actor', ...encoders.vectors],
    actionNoise: space.size,
    act: pi.act,
    value: {
      vectors: ['value', ...encoders.vectors],
      program: (rows) =>
        program('gofar-value', (g) => ({
          value: v.apply(views(g.input('value', [v.layout.size]), v.layout), see(g, rows)),
        })),
    },
    randomActionProbability: parts.randomActionSchedule(config),
    learner: { kind: 'updates' },
  };
}

const { nStep: _, boundTargets: __, ...ownConfig } = deterministicConfig;

const config = z.strictObject({
  ...ownConfig,
  hidden: deterministicConfig.hidden
    .default([256, 256, 256])
    .describe('widths of the hidden layers of discriminator, value and actor (paper: 256, 256, 256)'),
  learningRate: deterministicConfig.learningRate
    .default(5e-4)
    .describe('Adam step size of all networks (code of the paper: 5e-4)'),
  slopePenalty: z
    .number()
    .min(0)
    .default(0.01)
    .describe("weight of the discriminator's slope staying near 1 (code of the paper: 0.01)"),
  relabelled: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('share of goals that are reached later in the episode in place of its own (paper: 0)'),
});

export type GofarConfig = z.infer<typeof config>;

/** GoFAR: offline, continuous actions; rewards of a discriminator, values by duality, weighted imitation. */
export const gofar: AgentDefinition<GofarConfig> = {
  name: 'gofar',
  description: 'offline: imitation weighed by how well it matches the goal, without relabelling',
  paper: 'Ma et al. 2022, arXiv 2206.03023',
  ...offlineDefinition,
  config,
  create,
};
