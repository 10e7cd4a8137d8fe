// Proximal policy optimisation (Schulman et al. 2017, arXiv 1707.06347) with goal-conditioned pi(a | s, g) and V(s, g).
import * as z from 'zod';
import { actionSize } from '../envs/space.js';
import { type InputNetwork, inputNetwork, layout, type Seen, views } from '../nets/index.js';
import type { Random } from '../random.js';
import { type Graph, program, type Tensor } from '../tensor/index.js';
import type { Agent, AgentDefinition, AgentOptions } from './agent.js';
import type { AgentSpec } from './agent-spec.js';
import { type Distribution, distribution } from './distributions.js';
import { inputEncoders, sharedEncoderConfig } from './encoders.js';
import * as parts from './parts.js';
import { adamStep, gradients, type Learned, moments, updateStep } from './update-step.js';

/** The last layer of the policy starts smaller by this, so that all actions are about equally likely (Engstrom et al. 2020). */
const POLICY_HEAD_SCALE = 0.01;

/** E[min(r A, clip(r, 1 - epsilon, 1 + epsilon) A)] with r = pi / pi_old (equation 7); its arguments [B, 1]. */
export function clippedObjective(logRatio: Tensor, advantage: Tensor, epsilon: number): Tensor {
  const ratio = logRatio.exp();
  return ratio
    .mul(advantage)
    .min(ratio.clip(1 - epsilon, 1 + epsilon).mul(advantage))
    .mean();
}

/** Mean squared error of V; with a range, the larger of that and the error of V moved from its old value by at most that. */
export function valueLoss(value: Tensor, returns: Tensor, oldValue: Tensor, range: number): Tensor {
  const error = value.sub(returns).square();
  if (range === 0) return error.mean();
  const near = oldValue.add(value.sub(oldValue).clip(-range, range));
  return error.max(near.sub(returns).square()).mean();
}

/** Mean 0 and deviation 1 over the batch. */
function standardized(x: Tensor): Tensor {
  const centred = x.sub(x.mean());
  return centred.div(centred.square().mean().sqrt().add(1e-8));
}

function create(spec: AgentSpec, config: PpoConfig, { normalize }: AgentOptions): Agent {
  const pi = distribution(spec.action);
  const encoders = inputEncoders(spec.inputs, config, normalize);
  const { inputs, see, encoderOf } = encoders;
  const policyNetwork = inputNetwork({ inputs, outputs: pi.outputs }, { ...config, encoderOf });
  const valueNetwork = inputNetwork({ inputs, outputs: 1 }, { ...config, encoderOf });
  const actorLayout = layout([...policyNetwork.layout.entries, ...pi.parameters]);
  const criticLayout = valueNetwork.layout;

  /** Distribution of actions. */
  function policy(g: Graph, actor: Tensor, seen: Seen) {
    const tensors = views(actor, actorLayout);
    const network = tensors.slice(0, policyNetwork.layout.entries.length);
    return pi.of(g, policyNetwork.apply(network, seen), tensors.slice(network.length));
  }
  const value = (critic: Tensor, seen: Seen) => valueNetwork.apply(views(critic, criticLayout), seen);

  const learn = (g: Graph, rows: number): Learned => {
    const column = (name: string) => g.input(name, [rows, 1]);
    const seen = see(g, rows);
    const action = g.input('action', [rows, actionSize(spec.action)]);
    const actor = g.input('actor', [actorLayout.size]);
    const critic = g.input('critic', [criticLayout.size]);

    // Policy: the clipped objective and a bonus for entropy
    const now = policy(g, actor, seen);
    const logRatio = now.logProbability(action).sub(column('oldLogProbability'));
    const advantage = config.normalizeAdvantage ? standardized(column('advantage')) : column('advantage');
    const policyLoss = clippedObjective(logRatio, advantage, config.clipRange).neg();
    const entropy = now.entropy();

    // Value: regression on the rollout's returns A + V_old
    const values = value(critic, seen);
    const criticLoss = valueLoss(values, column('returns'), column('oldValue'), config.valueClipRange);

    const loss = policyLoss.add(criticLoss.mul(config.valueWeight)).sub(entropy.mul(config.entropyWeight));

    // KL(pi_old, pi) by E[r - 1 - log r], never negative (Schulman 2020, "Approximating KL divergence")
    const ratio = logRatio.exp();
    const kl = ratio.sub(1).sub(logRatio).mean();
    const clipped = ratio.sub(1).abs().greater(config.clipRange).cast('float32').mean();
    return {
      gradients: gradients(loss, { actor, critic, ...encoders.tensors(g) }),
      metrics: {
        policy_gradient_loss: policyLoss,
        value_loss: criticLoss,
        entropy_loss: entropy.neg(),
        approx_kl: kl,
        clip_fraction: clipped,
      },
    };
  };

  return {
    spec,
    state: {
      ...encoders.state,
      actor: parts.parameters({
        layout: actorLayout,
        init: (random) => initActor(policyNetwork, pi, config, random),
      }),
      critic: parts.parameters(valueNetwork),
      ...moments('actor', actorLayout),
      ...moments('critic', criticLayout),
    },
    steps: (rows) => ({
      all: updateStep('ppo-update', (g) => learn(g, rows), {
        divisible: !config.normalizeAdvantage,
        optimizerSteps: ['actor', 'critic', ...encoders.vectors].map((vector) =>
          adamStep(vector, config, { epsilon: 1e-5 }),
        ),
        gradientClip: config.gradientClip,
      }),
    }),
    updateNames: () => ['all'],
    policyVectors: ['actor', ...encoders.vectors],
    actionNoise: pi.noise,
    act: (rows, { deterministic }) =>
      program('ppo-act', (g) => {
        const actions = policy(g, g.input('actor', [actorLayout.size]), see(g, rows));
        return { action: deterministic ? actions.mode() : actions.sample(g.input('noise', [rows, pi.noise])) };
      }),
    value: {
      vectors: ['critic', ...encoders.vectors],
      program: (rows) =>
        program('ppo-value', (g) => ({ value: value(g.input('critic', [criticLayout.size]), see(g, rows)) })),
    },
    randomActionProbability: () => 0,
    learner: {
      kind: 'rollouts',
      discount: config.discount,
      traceDecay: config.traceDecay,
      epochs: config.epochs,
      targetKl: config.targetKl,
      evaluateActions: (rows) =>
        program('ppo-evaluateActions', (g) => {
          const seen = see(g, rows);
          const critic = g.input('critic', [criticLayout.size]);
          const actions = policy(g, g.input('actor', [actorLayout.size]), seen);
          return {
            value: value(critic, seen),
            nextValue: value(critic, see.next(g, rows)),
            logProbability: actions.logProbability(g.input('action', [rows, actionSize(spec.action)])),
          };
        }),
    },
  };
}

/** The network's initial values with a small last layer, then the distribution's own parameters. */
function initActor(
  { init, layout: { entries } }: InputNetwork,
  pi: Distribution,
  { initialLogStd }: PpoConfig,
  random: Random,
): Float32Array {
  const values = init(random);
  // In every goal form the output is linear in the last weight and bias.
  const head = entries[entries.length - 2].offset;
  for (let i = head; i < values.length; i++) values[i] *= POLICY_HEAD_SCALE;
  const own = layout(pi.parameters).size;
  const all = new Float32Array(values.length + own).fill(initialLogStd);
  all.set(values);
  return all;
}

const config = z.strictObject({
  hidden: z
    .array(z.int().min(1).max(8192))
    .max(8)
    .default([64, 64])
    .describe('widths of the hidden layers of policy and value network (paper: 64, 64)'),
  ...parts.goalFormConfig,
  ...sharedEncoderConfig,
  learningRate: z.number().positive().max(1).default(3e-4).describe('Adam step size (paper: 3e-4)'),
  learningRateDecay: z
    .int()
    .min(0)
    .default(0)
    .describe('updates over which the learning rate falls linearly to 0; 0: never (paper, Atari: all)'),
  discount: z.number().min(0).lt(1).default(0.99).describe('gamma (paper: 0.99; 50-step goal tasks: 0.95-0.98)'),
  traceDecay: z
    .number()
    .min(0)
    .max(1)
    .default(0.95)
    .describe('lambda of generalised advantage estimation: 0 one step, 1 whole returns (paper: 0.95)'),
  epochs: z.int().min(1).max(1000).default(10).describe('passes over each rollout (paper: 10)'),
  clipRange: z.number().gt(0).max(10).default(0.2).describe('epsilon of the clipped objective (paper: 0.2)'),
  valueClipRange: z
    .number()
    .min(0)
    .default(0)
    .describe(
      "how far V may move from its old value before the loss ignores it, in rewards; 0: any (authors' code: 0.2)",
    ),
  valueWeight: z
    .number()
    .min(0)
    .default(0.5)
    .describe('weight of the value loss (paper, Atari: 1; Stable-Baselines3: 0.5)'),
  entropyWeight: z.number().min(0).default(0).describe('weight of the entropy bonus (paper: 0; Atari: 0.01)'),
  normalizeAdvantage: z.boolean().default(true).describe('mean 0 and deviation 1 within each batch'),
  gradientClip: z
    .number()
    .min(0)
    .default(0.5)
    .describe("longest gradient of policy and value together (Euclidean norm); 0: any (authors' code: 0.5)"),
  targetKl: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe('learning from a rollout stops once the policy has moved 1.5 times this far (nats); null: never'),
  initialLogStd: z
    .number()
    .min(-10)
    .max(2)
    .default(0)
    .describe('logarithm of the initial deviation of continuous actions, in unit actions'),
});

export type PpoConfig = z.infer<typeof config>;

/** PPO: on-policy, continuous or discrete actions. */
export const ppo: AgentDefinition<PpoConfig> = {
  name: 'ppo',
  description: 'proximal policy optimisation with a goal-conditioned V(s, g); learns from its own rollouts only',
  paper: 'Schulman et al. 2017, arXiv 1707.06347',
  learning: 'on-policy',
  actions: ['box', 'discrete'],
  // Rollouts of the very policy that learns: no hindsight, no random steps, no acting while learning.
  settings: {
    relabel: 'none',
    steps: 100_000,
    envs: 8,
    training: { warmupSteps: 0, demonstrations: 0, batchSize: 64, cycleSteps: 2048 },
    evaluation: { every: 10_000 },
    runtime: { overlap: false },
  },
  config,
  create,
};
