// Gradients of K tasks put together: their Gram matrix, chunk by chunk, and the weighted sum that a vector descends along.
import type { Combination } from '../agents/agent.js';
import type { VectorKernels } from '../kernels/vector-kernels.js';
import type { Random } from '../random.js';
import type { Executable, Runtime } from '../runtime/runtime.js';
import { type CombinedPlan, doublesAt, numbersAt, type OptimizerStepPlan, type Place } from './update-plan.js';

/** Numbers [from, to) of a vector, and which chunk of it they belong to. */
export interface Chunk {
  readonly index: number;
  readonly from: number;
  readonly to: number;
}

/** What the thread of some chunks does with the gradients of their numbers. */
export interface ChunkGradients {
  /** Writes the chunks' parts of the Gram matrix. */
  gram(): void;
  /** Leaves in the first task's place the sum by the coefficients, or the mean. */
  sum(): void;
}

/** `scratch`: a place of 16 numbers that is this thread's own. */
export function chunkGradients(
  memory: WebAssembly.Memory,
  kernels: VectorKernels,
  { gradients, combined }: OptimizerStepPlan,
  chunks: readonly Chunk[],
  scratch: Place,
): ChunkGradients {
  const tasks: Tasks = {
    kernels,
    addresses: gradients.map(({ address }) => address),
    values: gradients.map((place) => numbersAt(memory, place)),
  };
  const mean = new Float32Array(gradients.length).fill(1 / gradients.length);
  if (!combined) {
    return {
      gram: () => undefined,
      sum() {
        for (const { from, to } of chunks) weighted(tasks, mean, from, to);
      },
    };
  }
  const size = (gradients.length * (gradients.length + 1)) / 2;
  const grams = doublesAt(memory, combined.grams);
  const coefficients = numbersAt(memory, combined.coefficients);
  const products = numbersAt(memory, scratch);
  const parts = chunks.map(({ index, from, to }) => ({
    gram: grams.subarray(index * size, (index + 1) * size),
    pieces: piecesOf(combined.shared, from, to),
  }));
  return {
    gram() {
      for (const { gram, pieces } of parts) {
        gram.fill(0);
        for (const { shared, from, to } of pieces) {
          if (shared) addProducts(tasks, from, to, gram, scratch.address, products);
        }
      }
    },
    sum() {
      for (const { pieces } of parts) {
        for (const { shared, from, to } of pieces) weighted(tasks, shared ? coefficients : mean, from, to);
      }
    },
  };
}

/** The gradients of all tasks, where they lie. */
interface Tasks {
  readonly kernels: VectorKernels;
  readonly addresses: readonly number[];
  readonly values: readonly Float32Array[];
}

/** [from, to) cut where parts that tasks share begin and end. */
function piecesOf(shared: CombinedPlan['shared'], from: number, to: number) {
  const pieces: { shared: boolean; from: number; to: number }[] = [];
  let at = from;
  const until = (end: number, isShared: boolean) => {
    const stop = Math.min(end, to);
    if (stop > at) pieces.push({ shared: isShared, from: at, to: stop });
    at = Math.max(at, stop);
  };
  for (const [begin, end] of shared) {
    until(begin, false);
    until(end, true);
  }
  until(to, false);
  return pieces;
}

/** The first and last places in [from, to) between which there are whole fours, as kernels take them. */
const aligned = (from: number, to: number): readonly [number, number] => {
  const begin = Math.min(to, Math.ceil(from / 4) * 4);
  return [begin, Math.max(begin, Math.floor(to / 4) * 4)];
};

/** Adds the products of all pairs of tasks over [from, to) to the lower triangle, four of a row at a time. */
function addProducts(
  { kernels, addresses, values }: Tasks,
  from: number,
  to: number,
  gram: Float64Array,
  out: number,
  products: Float32Array,
): void {
  const [begin, end] = aligned(from, to);
  const bytes = 4 * (end - begin);
  const place = (task: number) => addresses[task] + 4 * begin;
  for (let i = 0, row = 0; i < values.length; row += ++i) {
    for (let j = 0; j <= i; j += 4) {
      const of = (k: number) => place(Math.min(j + k, i));
      if (bytes > 0) kernels.products(bytes, place(i), of(0), of(1), of(2), of(3), out);
      for (let k = j; k < j + 4 && k <= i; k++) {
        const at = 4 * (k - j);
        let sum = bytes > 0 ? products[at] + products[at + 1] + products[at + 2] + products[at + 3] : 0;
        for (let n = from; n < begin; n++) sum += values[i][n] * values[k][n];
        for (let n = end; n < to; n++) sum += values[i][n] * values[k][n];
        gram[row + k] += sum;
      }
    }
  }
}

/** The first task's numbers in [from, to) become sum_k by[k] times the k-th task's. */
function weighted(tasks: Tasks, by: Float32Array, from: number, to: number): void {
  const { kernels, addresses, values } = tasks;
  const [begin, end] = aligned(from, to);
  const bytes = 4 * (end - begin);
  const [sum] = values;
  for (let k = 0; k < by.length; k++) {
    const keep = k === 0 ? 0 : 1;
    if (bytes > 0) kernels.average(bytes, addresses[0] + 4 * begin, addresses[k] + 4 * begin, keep, by[k]);
    for (let n = from; n < begin; n++) sum[n] = keep * sum[n] + by[k] * values[k][n];
    for (let n = end; n < to; n++) sum[n] = keep * sum[n] + by[k] * values[k][n];
  }
}

/** What one thread does for all: the coefficients of a vector's gradients. */
export interface Combiner {
  drawNoise(random: Random): void;
  run(): Promise<void>;
  dispose(): Promise<void>;
}

export async function createCombiner(
  runtime: Runtime,
  memory: WebAssembly.Memory,
  { program, noise, memory: remembered }: Combination,
  { grams, coefficients, losses, state }: CombinedPlan,
): Promise<Combiner> {
  const executable: Executable = await runtime.compile(program, { threads: 1 });
  const tasks = coefficients.size;
  const triangle = (tasks * (tasks + 1)) / 2;
  const chunks = doublesAt(memory, grams);
  const [result, gram] = [new Float32Array(tasks), new Float32Array(tasks * tasks)];
  const shared = numbersAt(memory, coefficients);
  const drawn = Object.entries(noise).map(([name, { shape }]) => ({
    name,
    values: new Float32Array(shape.reduce((a, b) => a * b, 1)),
  }));
  // ONNX Runtime's native code refuses shared memory: losses and state are copied.
  const lossPlaces = losses.map((place) => numbersAt(memory, place));
  const lossValues = new Float32Array(tasks);
  const kept = state && numbersAt(memory, state);
  const [before, after] = [new Float32Array(kept?.length ?? 0), new Float32Array(kept?.length ?? 0)];
  const all = {
    gram,
    losses: lossValues,
    memory: before,
    ...Object.fromEntries(drawn.map(({ name, values }) => [name, values])),
  };
  const read = executable.inputs.filter(({ unused }) => !unused).map(({ name }) => name as keyof typeof all);
  const binding = executable.bind(Object.fromEntries(read.map((name) => [name, all[name]])), {
    coefficients: result,
    ...(remembered !== undefined && { memory: after }),
  });
  return {
    drawNoise(random) {
      for (const { values } of drawn) random.fillNormal(values);
    },
    async run() {
      for (let i = 0, at = 0; i < tasks; i++) {
        for (let j = 0; j <= i; j++, at++) {
          let sum = 0;
          for (let place = at; place < chunks.length; place += triangle) sum += chunks[place];
          gram[i * tasks + j] = sum;
          gram[j * tasks + i] = sum;
        }
      }
      for (let task = 0; task < lossPlaces.length; task++) lossValues[task] = lossPlaces[task][0];
      if (kept) before.set(kept);
      await binding.run();
      shared.set(result);
      kept?.set(after);
    },
    dispose: () => executable.dispose(),
  };
}
