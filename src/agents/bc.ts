// Multi-task behaviour cloning: minimises E_{i uniform, (s, a) ~ D_i}[-log pi(a | s, z_i)] over recorded episodes D_i.
import * as z from 'zod';
import { actionSize } from '../envs/space.js';
import {
  createDropout,
  createSee,
  type InputNetwork,
  type InputSpec,
  inputNetwork,
  layerNormRelu,
  relate,
  relu,
  remainder,
  remainderInput,
  type Seen,
  scales,
  tokenNetwork,
  views,
} from '../nets/index.js';
import { type Graph, grad, program, type Tensor } from '../tensor/index.js';
import { openLoop, temporalAverage } from './action-chunks.js';
import { type ActionHead, binsHead, choiceHead, gaussianHead, mixtureHead } from './action-heads.js';
import type { Agent, AgentDefinition, AgentOptions } from './agent.js';
import type { AgentSpec } from './agent-spec.js';
import { chooseEncoders, encoderConfig } from './encoder-settings.js';
import * as parts from './parts.js';
import { seenNumbers, seenRemainder } from './unseen-numbers.js';
import { adamStep, type Learned, moments, updateStep } from './update-step.js';

function create(given: AgentSpec, config: BcConfig, { normalize }: AgentOptions): Agent {
  const { action: space } = given;
  const size = actionSize(space);
  // Choices are imitated one by one: a mean of choices is none.
  const steps = space.kind === 'box' ? config.chunk : 1;
  const head = space.kind === 'box' ? headOf(config, size * steps) : choiceHead(space.n);
  const normalizesActions =
    space.kind === 'box' && config.normalizeActions && normalize !== false && config.head !== 'bins';
  const byTask = normalize === 'task' && given.tasks > 1 ? 'task' : true;
  const targets = normalizesActions ? [{ name: 'action', size, shape: [size], normalize: byTask } as const] : [];
  const spec: AgentSpec = { ...given, targets };
  const relations = config.relative && given.inputs.some(({ name }) => name === 'goal') ? given.relations : undefined;
  const seen = relations ? [...spec.inputs, remainderInput(relations)] : spec.inputs;
  const { network, learning } = networksOf(config, seen, head.outputs);
  const { layout } = network;
  const shown = seenNumbers(given, config.unseen);
  const left = relations && seenRemainder(shown, relations);
  const seeInputs = createSee(spec.inputs, normalize, targets);
  const see = (g: Graph, rows: number): Seen => {
    const all = seeInputs(g, rows);
    const inputs = shown ? { ...all, observation: all.observation.mul(g.constant(shown)) } : all;
    if (!relations) return inputs;
    const related = relate(inputs, g, rows, relations, spec.inputs, { normalize, targets });
    return left ? { ...related, [remainder]: related[remainder].mul(g.constant(left)) } : related;
  };

  /** Between the environment's actions [rows, steps, a] and the numbers that the head is about. */
  function coder(g: Graph, rows: number) {
    if (space.kind === 'discrete') return { encode: (a: Tensor) => a, decode: (y: Tensor) => y };
    if (!normalizesActions) {
      const { toUnit, fromUnit } = parts.actionScale(g, space);
      return { encode: toUnit, decode: fromUnit };
    }
    const { action } = scales(g, rows, spec.inputs, targets);
    const [mean, scale] = action.map((x) => (x.shape.length === 1 ? x : x.reshape([rows, 1, size])));
    return {
      encode: (a: Tensor) => a.sub(mean).mul(scale),
      decode: (y: Tensor) => y.div(scale).add(mean),
    };
  }
  /** Numbers of the head [rows, steps a] as actions [rows, steps, a], within the bounds. */
  function actions(g: Graph, rows: number, numbers: Tensor): Tensor {
    const decoded = coder(g, rows).decode(numbers.reshape([rows, steps, size]));
    if (space.kind === 'discrete') return decoded;
    return decoded.max(g.constant(space.low)).min(g.constant(space.high));
  }

  const several = given.tasks > 1;
  const weighted = several && config.balance === 'weights';

  const learn = (g: Graph, rows: number): Learned => {
    const actor = g.input('actor', [layout.size]);
    const shown = steps > 1 ? g.input('window.action', [rows, steps, size]) : g.input('action', [rows, size]);
    const action = shown.reshape([rows, steps, size]);
    const output = learning.apply(views(actor, layout), see(g, rows));
    const each = head.logProbability(output, coder(g, rows).encode(action).reshape([rows, -1])).neg();
    // Rows of a pooled batch weigh so that every task in it counts alike. In a stratified batch they do so already.
    const loss = (weighted ? each.mul(g.input('weight', [rows, 1])) : each).mean();
    const distance = actions(g, rows, head.mode(output)).sub(action).abs();
    // Of choices the share of wrong ones.
    const error = (space.kind === 'box' ? distance : distance.clip(0, 1)).mean();
    return { gradients: { actor: grad(loss, [actor])[0] }, metrics: { actor_loss: loss, action_error: error } };
  };

  const averaged = config.policyAverage > 0;
  const executed =
    steps === 1
      ? undefined
      : config.execution === 'open-loop'
        ? openLoop(steps, size)
        : temporalAverage(steps, size, config.averageDecay);
  return {
    spec,
    state: {
      actor: parts.parameters(network),
      ...(averaged && { averageActor: { ...parts.parameters(network), copyOf: 'actor' } }),
      ...moments('actor', layout),
    },
    steps: (rows) => ({
      clone: updateStep('bc-clone', (g) => learn(g, rows), {
        divisible: true,
        optimizerSteps: [adamStep('actor', config)],
        averages: averaged ? [{ vector: 'averageActor', of: 'actor', tau: config.policyAverage }] : [],
      }),
    }),
    updateNames: () => ['clone'],
    batch: {
      ...(several && config.balance === 'stratified' && { balance: 'task' }),
      ...(weighted && { weights: 'task' }),
      ...(steps > 1 && { window: steps }),
    },
    policyVectors: averaged ? ['actor', 'averageActor'] : ['actor'],
    ...(executed && { memory: executed.memory }),
    actionNoise: head.noise,
    act: (rows, { deterministic }) =>
      program('bc-act', (g) => {
        const parameters = deterministic && averaged ? 'averageActor' : 'actor';
        const output = network.apply(views(g.input(parameters, [layout.size]), layout), see(g, rows));
        const numbers = deterministic ? head.mode(output) : head.sample(output, g.input('noise', [rows, head.noise]));
        const chunk = actions(g, rows, numbers).reshape([rows, -1]);
        return executed ? executed.next(chunk) : { action: chunk };
      }),
    randomActionProbability: () => 0,
    learner: { kind: 'updates' },
  };
}

function headOf({ head, std, components, bins }: BcConfig, size: number): ActionHead {
  if (head === 'gaussian') return gaussianHead(size, std);
  return head === 'mixture' ? mixtureHead(size, components, std) : binsHead(size, bins);
}

/** The network, and the same with dropout for learning. */
function networksOf(
  config: BcConfig,
  inputs: readonly InputSpec[],
  outputs: number,
): { network: InputNetwork; learning: InputNetwork } {
  const encoderOf = chooseEncoders(inputs, config.encoders);
  if (config.backbone === 'transformer') {
    const { tokenWidth: width, attentionHeads: heads, blocks, tokenNumbers } = config;
    const network = tokenNetwork({ inputs, outputs }, { width, heads, blocks, tokenNumbers, encoderOf });
    return { network, learning: network };
  }
  const after = config.layerNorm ? layerNormRelu : relu;
  const dropout = createDropout(config.dropout);
  return {
    network: inputNetwork({ inputs, outputs }, { ...config, encoderOf, activation: after }),
    learning: inputNetwork({ inputs, outputs }, { ...config, encoderOf, activation: (y) => after(dropout.apply(y)) }),
  };
}

const whole = (least: number, most: number) => z.int().min(least).max(most);

const config = z.strictObject({
  head: z
    .enum(['gaussian', 'mixture', 'bins'])
    .default('gaussian')
    .describe(
      'distribution of actions: one Gaussian, several, or a choice of bins for each number; choices have a softmax',
    ),
  std: z
    .union([z.literal('state'), z.number().positive().max(10)])
    .default(0.5)
    .describe('deviation of Gaussians: a number is fixed (of one: mean squared error), state learns it for each state'),
  components: whole(1, 100).default(5).describe('Gaussians of the mixture head'),
  bins: whole(2, 1024).default(41).describe('bins per action number of the bins head, both bounds among them'),
  chunk: whole(1, 100)
    .default(8)
    .describe('actions in a row that one state suggests (ACT: 100 at 50 Hz); 1: no chunks, as always with choices'),
  execution: z
    .enum(['open-loop', 'average'])
    .default('average')
    .describe('how chunks are acted out: one after the other, or at each step the mean of all that foresaw it (ACT)'),
  averageDecay: z
    .number()
    .min(0)
    .max(10)
    .default(0.01)
    .describe('m of the weights exp(-m i) of that mean, i = 0 the oldest (ACT: 0.01)'),
  balance: z
    .enum(['stratified', 'weights', 'none'])
    .default('stratified')
    .describe(
      'how tasks with unequal numbers of transitions come to count alike: equal rows in each batch, or weights of rows drawn from all; none: they do not',
    ),
  normalizeActions: z
    .boolean()
    .default(true)
    .describe(
      'imitate actions less their mean over their deviation (by task where training.normalize is task); bins: never',
    ),
  backbone: z.enum(['mlp', 'transformer']).default('mlp').describe('the network: layers, or a Transformer over tokens'),
  hidden: z
    .array(whole(1, 8192))
    .max(8)
    .default([256, 256, 256])
    .describe('widths of the hidden layers of the mlp backbone'),
  relative: z
    .boolean()
    .default(false)
    .describe(
      'where the environment says how goals and observations go together: networks also see what is left to the goal, and of things alike the one that it is about first',
    ),
  unseen: z
    .array(z.string())
    .default([])
    .describe('names of numbers of the observation that the policy does not see; * stands for anything'),
  ...parts.goalFormConfig,
  ...encoderConfig,
  layerNorm: z.boolean().default(true).describe('layer normalisation before the activations of the mlp backbone'),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('probability that a hidden unit of the mlp backbone is left out while learning'),
  tokenWidth: whole(1, 4096).default(64).describe('numbers per token of the Transformer'),
  tokenNumbers: whole(1, 8192).default(18).describe('numbers of an input that make one token of the Transformer'),
  attentionHeads: whole(1, 64).default(4).describe('attention heads of the Transformer'),
  blocks: whole(1, 24).default(2).describe('blocks of the Transformer'),
  learningRate: z.number().positive().max(1).default(1e-3).describe('Adam step size'),
  learningRateDecay: whole(0, Number.MAX_SAFE_INTEGER)
    .default(0)
    .describe('updates over which the learning rate falls linearly to 0; 0: never'),
  policyAverage: z
    .number()
    .min(0)
    .max(1)
    .default(0.002)
    .describe('share of the actor in each update of its running average, which acts; 0: none'),
});

export type BcConfig = z.infer<typeof config>;

/** Behaviour cloning of recorded episodes; with hindsight and without data, goal-conditioned supervised learning. */
export const bc: AgentDefinition<BcConfig> = {
  name: 'bc',
  description: 'multi-task behaviour cloning of recorded episodes',
  paper: 'Pomerleau 1991; heads: Bishop 1994; chunks: Zhao et al. 2023, arXiv 2304.13705',
  learning: 'off-policy',
  actions: ['box', 'discrete'],
  imitates: true,
  settings: {
    relabel: 'none',
    steps: 8000,
    envs: 1,
    training: {
      warmupSteps: 500,
      demonstrations: 0,
      updatesPerStep: 1,
      cycleSteps: 100,
      batchSize: 256,
      normalize: 'task',
    },
    replay: { unmetGoals: 0 },
    evaluation: { every: 1600 },
    checkpoint: { every: 1600 },
  },
  config,
  create,
};
