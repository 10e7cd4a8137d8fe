// The networks of multi-task agents: what tasks share, what is each task's own, and how the task is told.
import * as z from 'zod';
import { UsageError } from '../errors.js';
import {
  broNet,
  defaultEncoder,
  type EncoderOf,
  type InputNetwork,
  type InputSpec,
  inputNetwork,
  type Layout,
  layout,
  multiHead,
  plain,
  type Seen,
  softModules,
} from '../nets/index.js';
import type { Tensor } from '../tensor/index.js';
import type { StateVector } from './agent.js';
import type { AgentSpec } from './agent-spec.js';
import { goalFormConfig } from './parts.js';

export const taskNetworks = ['shared', 'multi-head', 'bronet', 'soft-modules'] as const;

/** Hyperparameters of the networks. */
export const taskNetworkConfig = {
  network: z
    .enum(taskNetworks)
    .default('shared')
    .describe(
      'shared: one MLP that sees the task; multi-head: a head per task on a trunk that does not; bronet: residual blocks with layer normalisation (BRC); soft-modules: modules joined by the task',
    ),
  hidden: z
    .array(z.int().min(1).max(8192))
    .max(8)
    .default([400, 400, 400])
    .describe('widths of the hidden layers of shared and multi-head networks (Meta-World: 400, 400, 400)'),
  criticWidth: z.int().min(1).max(8192).default(256).describe('width of a bronet critic (BRC: 4096, on a GPU)'),
  criticBlocks: z.int().min(1).max(16).default(2).describe('blocks of a bronet critic (BRC: 2)'),
  actorWidth: z.int().min(1).max(8192).default(128).describe('width of a bronet actor (BRC: 256)'),
  actorBlocks: z.int().min(1).max(16).default(1).describe('blocks of a bronet actor (BRC: 1)'),
  modules: z.int().min(1).max(32).default(2).describe('modules per layer of soft-modules (paper: 2 or 4)'),
  moduleLayers: z.int().min(1).max(16).default(2).describe('layers of soft-modules (paper: 2 or 4)'),
  moduleWidth: z.int().min(1).max(8192).default(128).describe('width of soft-modules (paper: 128, embeddings 256)'),
  ...goalFormConfig,
  taskEmbedding: z
    .int()
    .min(0)
    .max(1024)
    .default(0)
    .describe(
      'numbers of a learned embedding of unit length per task, which only the loss of the critics moves (BRC: 32); 0: tasks are one-hot',
    ),
};

export type TaskNetworkConfig = z.infer<z.ZodObject<typeof taskNetworkConfig>>;

/** The number of a task as one input among the agent's; undefined where there is a single task. */
export const taskInput = ({ inputs }: AgentSpec): InputSpec | undefined => inputs.find(({ role }) => role === 'task');

/** A network, and the parts [from, to) of its vector that tasks share. */
export interface TaskNetwork extends InputNetwork {
  readonly shared: readonly (readonly [from: number, to: number])[];
}

interface Sizes {
  readonly inputs: readonly InputSpec[];
  readonly action?: number;
  readonly outputs: number;
}

export interface TaskNetworkSettings extends TaskNetworkConfig {
  /** Encoders of what the network sees; absent: the usual ones. */
  readonly encoderOf?: EncoderOf;
}

/** @throws UsageError where the network needs several tasks and there is one */
export function taskNetwork(of: 'actor' | 'critic', sizes: Sizes, config: TaskNetworkSettings): TaskNetwork {
  const { encoderOf = defaultEncoder } = config;
  const settings = {
    goalForm: config.goalForm,
    encoder: config.encoder,
    hidden: config.hidden,
    // A task that comes as features is not a choice any more.
    encoderOf: (input: InputSpec) => (input.role === 'task' && input.choices === undefined ? plain : encoderOf)(input),
  };
  const task = sizes.inputs.find(({ role }) => role === 'task');
  const all = (network: InputNetwork): TaskNetwork => ({ ...network, shared: [[0, network.layout.size]] });
  if (config.network === 'shared') return all(inputNetwork(sizes, settings));
  if (config.network === 'bronet') {
    const width = of === 'actor' ? config.actorWidth : config.criticWidth;
    const blocks = of === 'actor' ? config.actorBlocks : config.criticBlocks;
    return all(inputNetwork(sizes, { ...settings, core: broNet({ width, blocks }) }));
  }
  if (!task) {
    throw new UsageError(
      `agent.network is "${config.network}", which needs several tasks, and there is one; use shared.`,
    );
  }
  if (config.network === 'multi-head') {
    if (config.taskEmbedding > 0) {
      throw new UsageError(
        `agent.taskEmbedding is ${config.taskEmbedding}, but networks with a head per task do not see the task; set it to 0, or use another agent.network.`,
      );
    }
    if (config.goalForm === 'bilinear' || config.goalForm === 'bvn') {
      throw new UsageError(
        `agent.goalForm is "${config.goalForm}", whose outputs are products and not a layer that could be each task's own; with agent.network "multi-head" use concat or encoders.`,
      );
    }
    const network = multiHead(sizes, task, settings);
    const [head] = network.layout.entries.slice(-2);
    return { ...network, shared: [[0, head.offset]] };
  }
  const { modules, moduleLayers: layers, moduleWidth: width } = config;
  return all(inputNetwork(sizes, { ...settings, core: softModules({ modules, layers, width }) }));
}

/** Learned embeddings of tasks: a table [K, width] whose rows are used at unit length (BRC, section 4). */
export interface TaskEmbedding {
  readonly layout: Layout;
  readonly vector: StateVector;
  /** Inputs as networks take them: the task is features. */
  readonly inputs: readonly InputSpec[];
  apply(table: Tensor, seen: Seen): Seen;
}

export function taskEmbedding(inputs: AgentSpec['inputs'], task: InputSpec, width: number): TaskEmbedding {
  const { name, choices = 1 } = task;
  const table = layout([{ name: 'table', shape: [choices, width] }]);
  return {
    layout: table,
    vector: {
      size: table.size,
      layout: table.entries,
      init(random) {
        const values = new Float32Array(table.size);
        random.fillNormal(values);
        return values;
      },
    },
    inputs: inputs.map((input) =>
      input.name === name
        ? { name, role: 'task', size: width, shape: [width], dtype: 'float32', normalize: false }
        : input,
    ),
    apply(rows, seen) {
      const own = rows.reshape([choices, width]).gather(seen[name].reshape([seen[name].shape[0]]), 0);
      const length = own.square().sum([1], { keepDims: true }).add(1e-12).sqrt();
      return { ...seen, [name]: own.div(length) };
    },
  };
}
