// Deep Q-learning on goals with double targets (Mnih et al. 2015; van Hasselt et al. 2016, arXiv 1509.06461): Q(s, g)[a].
import * as z from 'zod';
import { UsageError } from '../errors.js';
import { createSee, inputNetwork, type Seen, views } from '../nets/index.js';
import { type Graph, grad, program, type Tensor } from '../tensor/index.js';
import type { Agent, AgentDefinition, AgentOptions } from './agent.js';
import type { AgentSpec } from './agent-spec.js';
import { chooseEncoders, encoderConfig } from './encoder-settings.js';
import * as parts from './parts.js';
import { adamStep, type Learned, moments, updateStep } from './update-step.js';

/**
 * Half the square up to 1, linear beyond: the gradient is the error clipped to [-1, 1] (Mnih et al. 2015, methods). It is
 * the largest c e - c^2/2 with |c| <= 1, so its gradient is that of c e with c standing still, which takes fewer nodes.
 */
export function huber(error: Tensor): Tensor {
  const clipped = error.clip(-1, 1).stopGradient();
  return clipped.mul(error.sub(clipped.mul(0.5)));
}

function create(spec: AgentSpec, config: DqnConfig, { normalize }: AgentOptions): Agent {
  const actions = discreteActions(spec);
  const { inputs } = spec;
  const encoderOf = chooseEncoders(inputs, config.encoders);
  const network = inputNetwork({ inputs, outputs: actions }, { ...config, encoderOf });
  const { layout } = network;
  /** One value per action [B, n]. */
  const q = (flat: Tensor, seen: Seen) => network.apply(views(flat, layout), seen);
  const taken = (values: Tensor, oneHot: Tensor) => values.mul(oneHot).sum([1], { keepDims: true });
  const see = createSee(inputs, normalize);

  const learn = (g: Graph, rows: number): Learned => {
    const batch = parts.batchInputs(g, rows, spec, parts.unscaled, see);
    const online = g.input('q', [layout.size]);
    const target = g.input('targetQ', [layout.size]);

    // y = r + gamma (1 - terminated) max_a Q'(s', g)[a]; double: the online network chooses the a, Q' values it
    const nextValues = q(target, batch.next);
    const nextValue = config.double
      ? taken(nextValues, q(online, batch.next).argmax(1).oneHot(actions))
      : nextValues.amax([1], { keepDims: true });
    let y = parts.bootstrap(batch, config, nextValue);
    if (config.boundTargets) y = parts.boundTarget(y, spec.rewardRange, config.discount);

    const value = taken(q(online, batch.seen), batch.action.reshape([rows]).oneHot(actions));
    const error = value.sub(y.stopGradient());
    const loss = (config.loss === 'huber' ? huber(error) : error.square()).mean();
    return { gradients: { q: grad(loss, [online])[0] }, metrics: { critic_loss: loss, q_mean: value.mean() } };
  };

  const { gradientClip, tau } = config;
  return {
    spec,
    state: {
      q: parts.parameters(network),
      targetQ: { ...parts.parameters(network), copyOf: 'q' },
      ...moments('q', layout),
    },
    steps(rows) {
      const step = updateStep('dqn-update', (g) => learn(g, rows), {
        divisible: true,
        optimizerSteps: [adamStep('q', config)],
        gradientClip,
      });
      return {
        ...(config.targetEvery > 1 && { online: step }),
        all: { ...step, averages: [{ vector: 'targetQ', of: 'q', tau }] },
      };
    },
    updateNames: (u) => [u % config.targetEvery === 0 ? 'all' : 'online'],
    ...parts.returnRequest(config),
    policyVectors: ['q'],
    actionNoise: 0,
    // Greedy with and without exploration: epsilon is `randomActionProbability`, drawn by whoever acts.
    act: (rows) =>
      program('dqn-act', (g) => {
        const best = q(g.input('q', [layout.size]), see(g, rows)).argmax(1);
        return { action: best.cast('float32').reshape([rows, 1]) };
      }),
    value: {
      vectors: ['q'],
      program: (rows) =>
        program('dqn-value', (g) => ({
          value: q(g.input('q', [layout.size]), see(g, rows)).amax([1], { keepDims: true }),
        })),
    },
    randomActionProbability(step) {
      const { epsilonStart, epsilonEnd, epsilonSteps } = config;
      return epsilonStart + (epsilonEnd - epsilonStart) * Math.min(1, step / epsilonSteps);
    },
    learner: { kind: 'updates' },
  };
}

/** Number of actions; continuous spaces are refused with the reason. */
function discreteActions({ action }: AgentSpec): number {
  if (action.kind === 'discrete') return action.n;
  throw new UsageError(
    'dqn compares the values of all actions, so there must be finitely many, but this environment has continuous ones; choose an agent for continuous actions.',
  );
}

const config = z.strictObject({
  hidden: z.array(z.int().min(1).max(8192)).max(8).default([256, 256]).describe('widths of the hidden layers'),
  ...parts.goalFormConfig,
  ...encoderConfig,
  learningRate: z
    .number()
    .positive()
    .max(1)
    .default(1e-3)
    .describe('Adam step size (HER: 1e-3; DQN: 2.5e-4 with RMSProp)'),
  learningRateDecay: z
    .int()
    .min(0)
    .default(0)
    .describe('updates over which the learning rate falls linearly to 0; 0: never'),
  discount: z.number().min(0).lt(1).default(0.98).describe('gamma (DQN: 0.99; HER: 0.98)'),
  ...parts.returnConfig,
  double: z
    .boolean()
    .default(true)
    .describe('online network chooses the next action, target network values it (double DQN)'),
  tau: z
    .number()
    .gt(0)
    .max(1)
    .default(0.005)
    .describe('share of the online network in each target update; 1: a hard copy (DQN: 1; HER: 0.05)'),
  targetEvery: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(1)
    .describe('updates between target updates (DQN: 10000 with tau 1; HER: 40)'),
  boundTargets: z.boolean().default(true).describe('clip targets to the possible returns (HER: yes)'),
  loss: z
    .enum(['huber', 'squared'])
    .default('huber')
    .describe('of the temporal difference; huber is linear beyond 1 (DQN)'),
  gradientClip: z.number().min(0).default(0).describe('longest gradient (Euclidean norm); 0: any'),
  epsilonStart: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('probability of a random action at the first step (DQN: 1)'),
  epsilonEnd: z.number().min(0).max(1).default(0.05).describe('the same after epsilonSteps (DQN: 0.1)'),
  epsilonSteps: z
    .int()
    .min(1)
    .default(10_000)
    .describe('environment steps over which epsilon goes linearly from start to end (DQN: 1e6 frames)'),
});

export type DqnConfig = z.infer<typeof config>;

/** DQN: off-policy, discrete actions; with goals and hindsight the lecture's full UVFA + HER pipeline. */
export const dqn: AgentDefinition<DqnConfig> = {
  name: 'dqn',
  description: 'deep Q-learning with double targets: the agent for discrete actions',
  paper: 'Mnih et al. 2015, Nature 518; van Hasselt et al. 2016, arXiv 1509.06461',
  learning: 'off-policy',
  actions: ['discrete'],
  config,
  create,
};
