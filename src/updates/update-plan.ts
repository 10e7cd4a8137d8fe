// Where learning keeps its numbers, as plain data that threads can share: every vector's and every share's place.
import type { Combination, Learnable, OptimizerStep, PolyakAverage, UpdateStep } from '../agents/agent.js';
import { UsageError } from '../errors.js';
import { adam } from '../tensor/index.js';
import { blocksOf, WORDS } from './update-noise.js';

/** A place in the memory: an address in bytes, and how many numbers (float32, unless said otherwise) are there. */
export interface Place {
  readonly address: number;
  readonly size: number;
}

type Places = Readonly<Record<string, Place>>;

export interface UpdatePlan {
  /** How many shares steps, and the vectors' numbers, are dealt out to; each has a thread of its own. */
  readonly shares: number;
  readonly bytes: number;
  /** State vectors. */
  readonly vectors: Places;
  readonly steps: readonly StepPlan[];
  /** Per share: 16 numbers of its own. */
  readonly scratch: readonly Place[];
}

export interface StepPlan {
  readonly name: string;
  /** Runs of the step's program: one per share, one alone, or one per task. Their gradients and metrics are averaged. */
  readonly runs: readonly RunPlan[];
  /** Whether a run is a task's; the tasks' gradients are combined. */
  readonly ofTasks: boolean;
  readonly optimizerSteps: readonly OptimizerStepPlan[];
  readonly averages: readonly PolyakAverage[];
  readonly gradientClip: number;
  /** Noise inputs of which every row has its own, and their size in one run. The share itself fills them. */
  readonly rowNoise: readonly { readonly name: string; readonly size: number }[];
  /** Numbers at whole multiples of which the shares' parts of vectors begin. */
  readonly grain: number;
  /** Per chunk of the vectors that are moved, one after the other, float64: its part of the gradient's squared length. */
  readonly squares: Place;
}

export interface RunPlan {
  /** The share that computes it. */
  readonly share: number;
  /** Uint32: where the streams of its noise begin. */
  readonly streams: Place;
  /** Inputs that are not state vectors. */
  readonly inputs: Readonly<Record<string, InputPlace>>;
  readonly metrics: Place;
}

export interface InputPlace extends Place {
  readonly dtype: 'float32' | 'uint8';
}

export interface OptimizerStepPlan {
  readonly vector: string;
  /** Per run. */
  readonly gradients: readonly Place[];
  /** The numbers of Adam's `scalars`, and the share of each parameter that decays. */
  readonly scalars: Place;
  /** How the gradients of tasks become one; absent: their mean. */
  readonly combined?: CombinedPlan;
}

export interface CombinedPlan {
  /** Parts [from, to) of the vector whose gradients are combined. */
  readonly shared: readonly (readonly [from: number, to: number])[];
  /** Per chunk, float64: its part of the Gram matrix's lower triangle, row by row. */
  readonly grams: Place;
  readonly coefficients: Place;
  /** Per task, the number that is its loss; none where losses are not read. */
  readonly losses: readonly Place[];
  /** The vector that keeps what is remembered. */
  readonly state?: Place;
}

/** Bytes of a line of the processor's cache; places begin at whole ones, and reach to the end of the last. */
export const LINE = 64;

/** Numbers of a vector whose sums are taken together, in the same order for any number of shares. */
export const CHUNK = 2048;

export const chunksOf = (size: number): number => Math.ceil(size / CHUNK);

export interface PlanOptions {
  readonly shares: number;
  /** Of a batch. */
  readonly rows: number;
}

/** The agent's steps as threads take them: those that can be divided are made for the rows of one share. */
export function stepsOf(agent: Learnable, { shares, rows }: PlanOptions): Readonly<Record<string, UpdateStep>> {
  const whole = agent.steps(rows);
  if (shares === 1) return whole;
  const part = agent.steps(rows / shares);
  return Object.fromEntries(
    Object.entries(whole).map(([name, step]) => [name, step.divisible && !step.tasks ? part[name] : step]),
  );
}

/** Which share takes each run of a step, and into how many blocks of noise the rows of a run are divided. */
function runsOf({ divisible, tasks }: UpdateStep, name: string, { shares, rows }: PlanOptions) {
  if (tasks) {
    if (rows % tasks.count !== 0) {
      throw new UsageError(
        `step "${name}" learns from ${tasks.count} tasks in equal parts of the batch, but training.batchSize is ${rows}; make it a multiple of ${tasks.count}.`,
      );
    }
    const of = Array.from({ length: tasks.count }, (_, task) => Math.floor((task * shares) / tasks.count));
    return { of, blocks: blocksOf(rows / tasks.count) };
  }
  if (!divisible) return { of: [0], blocks: blocksOf(rows) };
  return { of: Array.from({ length: shares }, (_, share) => share), blocks: blocksOf(rows) / shares };
}

export function planUpdates(
  agent: Learnable,
  steps: Readonly<Record<string, UpdateStep>>,
  options: PlanOptions,
): UpdatePlan {
  let bytes = 0;
  const place = (size: number, width = Float32Array.BYTES_PER_ELEMENT): Place => {
    const address = bytes;
    bytes = Math.ceil((address + width * size) / LINE) * LINE;
    return { address, size };
  };
  const doubles = (size: number) => place(size, Float64Array.BYTES_PER_ELEMENT);
  const vectors = Object.fromEntries(Object.entries(agent.state).map(([name, { size }]) => [name, place(size)]));

  function optimizerStepPlan(
    { vector }: OptimizerStep,
    metrics: readonly Place[],
    step: UpdateStep,
  ): OptimizerStepPlan {
    const { size } = agent.state[vector];
    const runs = metrics.length;
    const combination = step.tasks?.combine[vector];
    return {
      vector,
      gradients: Array.from({ length: runs }, () => place(size)),
      scalars: place(adam().scalarCount + 1),
      ...(combination && {
        combined: {
          shared: combination.shared ?? [[0, size]],
          grams: doubles((chunksOf(size) * runs * (runs + 1)) / 2),
          coefficients: place(runs),
          losses: lossesOf(combination, step, metrics),
          ...(combination.memory !== undefined && { state: vectors[combination.memory] }),
        },
      }),
    };
  }

  /** Where each run writes the metric that is its loss. */
  function lossesOf({ loss }: Combination, { metricNames }: UpdateStep, metrics: readonly Place[]): Place[] {
    if (loss === undefined) return [];
    const at = metricNames.indexOf(loss);
    if (at < 0) throw new Error(`no metric "${loss}" among ${metricNames.join(', ')}`);
    return metrics.map(({ address }) => ({ address: address + Float32Array.BYTES_PER_ELEMENT * at, size: 1 }));
  }

  function stepPlan(name: string, step: UpdateStep): StepPlan {
    const { of, blocks } = runsOf(step, name, options); // before the program, which may not fit such a batch
    const { program, noise, optimizerSteps, gradientClip, averages } = step;
    const given = program.inputs
      .filter((input) => !input.unused && !(input.name in agent.state))
      .map((input) => ({ ...input, size: input.shape.reduce((a, b) => a * b, 1) }));
    const isRowNoise = (input: string) => noise[input]?.per === 'row';
    const rowNoise = given
      .filter((input) => isRowNoise(input.name))
      .map((input) => ({ name: input.name, size: input.size }));
    const inputs = () =>
      Object.fromEntries(
        given
          .filter((input) => !isRowNoise(input.name))
          .map(({ name: input, size, dtype }): [string, InputPlace] =>
            dtype === 'uint8' ? [input, { ...place(size, 1), dtype }] : [input, { ...place(size), dtype: 'float32' }],
          ),
      );
    const runs = of.map((share) => ({
      share,
      streams: place(rowNoise.length > 0 ? WORDS * blocks : 0),
      inputs: inputs(),
      metrics: place(step.metricNames.length),
    }));
    const metrics = runs.map((run) => run.metrics);
    const moved = optimizerSteps.map((optimizerStep) => optimizerStepPlan(optimizerStep, metrics, step));
    const sums = gradientClip > 0 || step.tasks !== undefined;
    return {
      name,
      runs,
      ofTasks: step.tasks !== undefined,
      optimizerSteps: moved,
      averages,
      gradientClip,
      rowNoise,
      // Whole lines of the cache: two threads that write to one slow each other down.
      grain: sums ? CHUNK : LINE / Float32Array.BYTES_PER_ELEMENT,
      squares: doubles(moved.reduce((sum, { vector }) => sum + chunksOf(agent.state[vector].size), 0)),
    };
  }

  const planned = Object.entries(steps).map(([name, step]) => stepPlan(name, step));
  const scratch = Array.from({ length: options.shares }, () => place(16));
  return { shares: options.shares, bytes, vectors, steps: planned, scratch };
}

/** The numbers of a place that holds uint32. */
export const wordsAt = ({ buffer }: WebAssembly.Memory, { address, size }: Place): Uint32Array<ArrayBuffer> =>
  new Uint32Array(buffer, address, size);

/** The numbers of a place. */
export const numbersAt = ({ buffer }: WebAssembly.Memory, { address, size }: Place): Float32Array<ArrayBuffer> =>
  new Float32Array(buffer, address, size);

/** The numbers of a place that holds float64. */
export const doublesAt = ({ buffer }: WebAssembly.Memory, { address, size }: Place): Float64Array<ArrayBuffer> =>
  new Float64Array(buffer, address, size);

/** The values of an input's place. */
export const inputAt = (memory: WebAssembly.Memory, place: InputPlace): Float32Array | Uint8Array =>
  place.dtype === 'uint8' ? new Uint8Array(memory.buffer, place.address, place.size) : numbersAt(memory, place);
