// Gradients of K tasks put together: their Gram matrix, chunk by chunk, and the weighted sum that a vector descends along.
import type { Combination } from '../agents/agent.js';
import type { Random } from '../random.js';
import type { Executable, Runtime } from '../runtime/runtime.js';
import { type CombinedPlan, doublesAt, numbersAt, type OptimizerStepPlan } from './update-plan.js';

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

export function chunkGradients(
  memory: WebAssembly.Memory,
  { gradients, combined }: OptimizerStepPlan,
  chunks: readonly Chunk[],
): ChunkGradients {
  const tasks = gradients.map((place) => numbersAt(memory, place));
  const mean = new Float32Array(tasks.length).fill(1 / tasks.length);
  if (!combined) {
    return {
      gram: () => undefined,
      sum() {
        for (const { from, to } of chunks) weighted(tasks, mean, from, to);
      },
    };
  }
  const size = (tasks.length * (tasks.length + 1)) / 2;
  const grams = doublesAt(memory, combined.grams);
  const coefficients = numbersAt(memory, combined.coefficients);
  const parts = chunks.map(({ index, from, to }) => ({
    gram: grams.subarray(index * size, (index + 1) * size),
    pieces: piecesOf(combined.shared, from, to),
  }));
  return {
    gram() {
      for (const { gram, pieces } of parts) {
        gram.fill(0);
        for (const { shared, from, to } of pieces) if (shared) addProducts(tasks, from, to, gram);
      }
    },
    sum() {
      for (const { pieces } of parts) {
        for (const { shared, from, to } of pieces) weighted(tasks, shared ? coefficients : mean, from, to);
      }
    },
  };
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

/** Adds the products of all pairs of tasks over [from, to) to the lower triangle, four at a time. */
function addProducts(tasks: readonly Float32Array[], from: number, to: number, gram: Float64Array): void {
  let at = 0;
  for (let i = 0; i < tasks.length; i++) {
    const x = tasks[i];
    let j = 0;
    for (; j + 3 <= i; j += 4) {
      const [a, b, c, d] = [tasks[j], tasks[j + 1], tasks[j + 2], tasks[j + 3]];
      let [sa, sb, sc, sd] = [0, 0, 0, 0];
      for (let n = from; n < to; n++) {
        const value = x[n];
        sa += value * a[n];
        sb += value * b[n];
        sc += value * c[n];
        sd += value * d[n];
      }
      gram[at++] += sa;
      gram[at++] += sb;
      gram[at++] += sc;
      gram[at++] += sd;
    }
    for (; j <= i; j++) {
      const y = tasks[j];
      let sum = 0;
      for (let n = from; n < to; n++) sum += x[n] * y[n];
      gram[at++] += sum;
    }
  }
}

/** Numbers whose sums are held in double precision at once. */
const SUMS = 512;
const sums = new Float64Array(SUMS);

/** tasks[0] = sum_k by[k] tasks[k] over [from, to). */
function weighted(tasks: readonly Float32Array[], by: Float32Array, from: number, to: number): void {
  for (let begin = from; begin < to; begin += SUMS) {
    const count = Math.min(SUMS, to - begin);
    sums.fill(0);
    for (let k = 0; k < tasks.length; k++) {
      const [of, weight] = [tasks[k], by[k]];
      for (let n = 0; n < count; n++) sums[n] += weight * of[begin + n];
    }
    for (let n = 0; n < count; n++) tasks[0][begin + n] = sums[n];
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
  { program, noise }: Combination,
  { grams, coefficients }: CombinedPlan,
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
  const given = { gram, ...Object.fromEntries(drawn.map(({ name, values }) => [name, values])) };
  const binding = executable.bind(given, { coefficients: result });
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
      await binding.run();
      shared.set(result);
    },
    dispose: () => executable.dispose(),
  };
}
