// One thread's share of learning: gradients of its rows or tasks, then Adam and averages on its part of each vector.
import type { PolyakAverage } from '../agents/agent.js';
import { createKernels } from '../kernels/vector-kernels.js';
import type { Executable, NumericArray } from '../runtime/runtime.js';
import { adamDefaults } from '../tensor/index.js';
import { type Chunk, chunkGradients } from './task-gradients.js';
import { noiseOf } from './update-noise.js';
import {
  CHUNK,
  chunksOf,
  doublesAt,
  type InputPlace,
  inputAt,
  LINE,
  numbersAt,
  type Place,
  type RunPlan,
  type StepPlan,
  type UpdatePlan,
  wordsAt,
} from './update-plan.js';

/** The columns of a batch by name. */
export type BatchColumns = Readonly<Record<string, Float32Array | Uint8Array>>;

export interface Share {
  /** One step, by its place in the plan. All shares take it together. */
  step(index: number): Promise<void>;
  /** Tells that vectors were changed otherwise than by steps: the next step reads them anew. */
  reload(): void;
}

export interface ShareOptions {
  readonly plan: UpdatePlan;
  /** Which share, from 0. */
  readonly index: number;
  readonly memory: WebAssembly.Memory;
  /** The steps' programs, compiled, in the plan's order; those that this share does not run may be absent. */
  readonly programs: readonly (Executable | undefined)[];
  /** The batch, where this thread has it: its own rows come first. */
  readonly batch?: BatchColumns;
  /** The first share only: makes the coefficients of the tasks' gradients of a step, by its place in the plan. */
  readonly combine?: (step: number) => Promise<void>;
  /** Waits until all shares have come as far. */
  readonly meet: () => Promise<void>;
}

const { beta1, beta2 } = adamDefaults;

export function createShare({ plan, index, memory, programs, batch, combine, meet }: ShareOptions): Share {
  const { shares, vectors } = plan;
  const kernels = createKernels(memory);
  /** ONNX Runtime's native code refuses shared memory: there every value has a copy of its own. */
  const copies = shares > 1;
  const own = new Map<string, Float32Array>();
  /** Vectors whose copies are not what the memory holds. */
  const stale = new Set<string>();

  function copyOf(name: string): Float32Array {
    let copy = own.get(name);
    if (!copy) {
      copy = new Float32Array(vectors[name].size);
      own.set(name, copy);
      stale.add(name);
    }
    return copy;
  }

  /** This share's part of a vector: where it begins and its length, in bytes; nothing where too little is there. */
  function partOf({ size }: Place, grain: number): { offset: number; bytes: number }[] {
    const lines = Math.ceil((4 * size) / LINE);
    const grains = Math.ceil((LINE * lines) / (4 * grain));
    const first = Math.floor((grains * index) / shares);
    const end = Math.floor((grains * (index + 1)) / shares);
    const bytes = Math.min(4 * grain * end, LINE * lines) - 4 * grain * first;
    return end > first ? [{ offset: 4 * grain * first, bytes }] : [];
  }

  /** What this share does with its part of each vector that a step moves. */
  function movesOf({ optimizerSteps, grain, squares, ofTasks }: StepPlan) {
    const sums = doublesAt(memory, squares);
    let before = 0;
    return optimizerSteps.flatMap((moved) => {
      const { vector, gradients, scalars } = moved;
      const firstSum = before;
      before += chunksOf(vectors[vector].size);
      return partOf(vectors[vector], grain).map(({ offset, bytes }) => {
        const [params, m, v] = [vector, `${vector}.m`, `${vector}.v`].map((name) => vectors[name].address + offset);
        const [gradient, ...others] = gradients.map(({ address }) => address + offset);
        const numbers = numbersAt(memory, gradients[0]);
        const rates = numbersAt(memory, scalars);
        const end = Math.min(numbers.length, (offset + bytes) / 4);
        const chunks: Chunk[] = [];
        for (let from = offset / 4; from < end; from += CHUNK) {
          chunks.push({ index: from / CHUNK, from, to: Math.min(end, from + CHUNK) });
        }
        const tasks = ofTasks ? chunkGradients(memory, kernels, moved, chunks, plan.scratch[index]) : undefined;
        return {
          gram: () => tasks?.gram(),
          /** Leaves the sum of the runs' gradients, or what tasks make of theirs, in the first one's place. */
          sum() {
            if (tasks) tasks.sum();
            else for (const other of others) kernels.accumulate(bytes, gradient, other);
          },
          square() {
            for (const chunk of chunks) {
              let sum = 0;
              for (let i = chunk.from; i < chunk.to; i++) sum += numbers[i] * numbers[i];
              sums[firstSum + chunk.index] = sum;
            }
          },
          descend(scale: number) {
            if (rates[2] > 0) kernels.average(bytes, params, params, 1 - rates[2], 0);
            kernels.adam(bytes, params, m, v, gradient, scale, beta1, beta2, rates[0], rates[1]);
          },
        };
      });
    });
  }

  const averageOf = ({ vector, of, tau }: PolyakAverage, grain: number) =>
    partOf(vectors[vector], grain).map(({ offset, bytes }) => {
      const [target, online] = [vector, of].map((name) => vectors[name].address + offset);
      return () => kernels.average(bytes, target, online, 1 - tau, tau);
    });

  /** A run of a step's program, its arrays bound. */
  function bound(step: StepPlan, run: RunPlan, place: number, executable: Executable) {
    /** From memory to copies before a run, from copies to memory after it. */
    const before: Move[] = [];
    const after: Move[] = [];
    const noise = new Map(step.rowNoise.map(({ name, size }) => [name, new Float32Array(size)]));
    function input(name: string): NumericArray {
      const drawn = noise.get(name);
      if (drawn) return drawn;
      if (name in vectors) return copies ? copyOf(name) : numbersAt(memory, vectors[name]);
      const at = run.inputs[name];
      const column = batch && rowsOf(batch[name], at, place, step.runs.length);
      if (column || !copies) return column ?? inputAt(memory, at);
      const copy = at.dtype === 'uint8' ? new Uint8Array(at.size) : new Float32Array(at.size);
      before.push({ from: inputAt(memory, at), to: copy });
      return copy;
    }
    function output(at: Place): Float32Array {
      if (!copies) return numbersAt(memory, at);
      const copy = new Float32Array(at.size);
      after.push({ from: copy, to: numbersAt(memory, at) });
      return copy;
    }
    const read = executable.inputs.filter(({ unused }) => !unused).map(({ name }) => name);
    const gradients = step.optimizerSteps.map(({ vector, gradients }) => [
      `${vector}.gradient`,
      output(gradients[place]),
    ]);
    const binding = executable.bind(Object.fromEntries(read.map((name) => [name, input(name)])), {
      ...Object.fromEntries(gradients),
      metrics: output(run.metrics),
    });
    return {
      vectors: copies ? read.filter((name) => name in vectors) : [],
      before,
      fillNoise: noiseOf(wordsAt(memory, run.streams), [...noise.values()]),
      run: binding.run,
      after,
    };
  }

  const steps = plan.steps.map((step, at) => {
    const executable = programs[at];
    const runs = step.runs.flatMap((run, place) =>
      run.share === index && executable ? [bound(step, run, place, executable)] : [],
    );
    const read = new Set(runs.flatMap((run) => run.vectors));
    return {
      refresh: [...read].map((name) => ({ name, from: numbersAt(memory, vectors[name]), to: copyOf(name) })),
      runs,
      moves: movesOf(step),
      squares: doublesAt(memory, step.squares),
      ofTasks: step.ofTasks,
      /** From what `sum` leaves to the gradient. */
      scale: step.ofTasks ? 1 : 1 / step.runs.length,
      clip: step.gradientClip,
      averages: step.averages.flatMap((average) => averageOf(average, step.grain)),
      changed: [...step.optimizerSteps, ...step.averages].map(({ vector }) => vector),
    };
  });

  return {
    async step(at) {
      const { refresh, runs, moves, squares, ofTasks, clip, averages, changed } = steps[at];
      for (const vector of refresh) {
        if (stale.delete(vector.name)) vector.to.set(vector.from);
      }
      for (const { before, fillNoise, run, after } of runs) {
        for (const { from, to } of before) to.set(from);
        fillNoise();
        await run();
        for (const { from, to } of after) to.set(from);
      }
      await meet();
      if (ofTasks) {
        for (const move of moves) move.gram();
        await meet();
        await combine?.(at);
        await meet();
      }
      for (const move of moves) move.sum();
      let { scale } = steps[at];
      if (clip > 0) {
        for (const move of moves) move.square();
        await meet();
        let sum = 0;
        for (let i = 0; i < squares.length; i++) sum += squares[i];
        const norm = Math.sqrt(sum) * scale;
        scale *= clip / Math.max(norm, clip);
      }
      for (const move of moves) move.descend(scale);
      for (const average of averages) average();
      for (const name of changed) if (own.has(name)) stale.add(name);
      await meet();
    },
    reload() {
      for (const name of own.keys()) stale.add(name);
    },
  };
}

/** A run's rows of a column, if it is divided; of a column of any other size `bind` complains. */
export function rowsOf<T extends Float32Array | Uint8Array>(
  column: T | undefined,
  { size }: InputPlace,
  place: number,
  runs: number,
): T | undefined {
  if (column?.length !== runs * size || runs === 1) return column;
  return column.subarray(place * size, (place + 1) * size) as T;
}

interface Move {
  readonly from: Float32Array | Uint8Array;
  readonly to: Float32Array | Uint8Array;
}
