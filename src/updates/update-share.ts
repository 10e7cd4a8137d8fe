// One thread's share of learning: gradients of its rows of the batch, then Adam and averages on its part of each vector.
import type { PolyakAverage } from '../agents/agent.js';
import { createKernels } from '../kernels/vector-kernels.js';
import type { Executable } from '../runtime/runtime.js';
import { adamDefaults } from '../tensor/index.js';
import { noiseOf } from './update-noise.js';
import { LINE, numbersAt, type OptimizerStepPlan, type Place, type UpdatePlan, wordsAt } from './update-plan.js';

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
  /** The steps' programs, compiled, in the plan's order. */
  readonly programs: readonly Executable[];
  /** The batch, where this thread has it: its own rows come first. */
  readonly batch?: Readonly<Record<string, Float32Array>>;
  /** Waits until all shares have come as far. */
  readonly meet: () => Promise<void>;
}

const { beta1, beta2 } = adamDefaults;

export function createShare({ plan, index, memory, programs, batch, meet }: ShareOptions): Share {
  const { shares, vectors } = plan;
  const kernels = createKernels(memory);
  const squares = new Float64Array(memory.buffer, plan.squares.address, shares);
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
  function partOf({ size }: Place): { offset: number; bytes: number }[] {
    // Whole lines of the cache: two threads that write to one slow each other down.
    const lines = Math.ceil((4 * size) / LINE);
    const first = Math.floor((lines * index) / shares);
    const end = Math.floor((lines * (index + 1)) / shares);
    return end > first ? [{ offset: LINE * first, bytes: LINE * (end - first) }] : [];
  }

  /** This share's rows of a part of the batch, if it is divided; of a part of any other size `bind` complains. */
  const firstShare = (part: Float32Array | undefined, { size }: Place) =>
    part?.length === shares * size ? part.subarray(0, size) : part;

  const movesOf = ({ vector, gradients, scalars }: OptimizerStepPlan) =>
    partOf(vectors[vector]).map(({ offset, bytes }) => {
      const [params, m, v] = [vector, `${vector}.m`, `${vector}.v`].map((name) => vectors[name].address + offset);
      const [gradient, ...others] = gradients.map(({ address }) => address + offset);
      const numbers = new Float32Array(memory.buffer, gradient, bytes / 4);
      const rates = numbersAt(memory, scalars);
      return {
        /** Sums the shares' gradients into the first one's place. */
        sum() {
          for (const other of others) kernels.accumulate(bytes, gradient, other);
        },
        square() {
          let sum = 0;
          for (let i = 0; i < numbers.length; i++) sum += numbers[i] * numbers[i];
          return sum;
        },
        descend(scale: number) {
          kernels.adam(bytes, params, m, v, gradient, scale, beta1, beta2, rates[0], rates[1]);
        },
      };
    });

  const averageOf = ({ vector, of, tau }: PolyakAverage) =>
    partOf(vectors[vector]).map(({ offset, bytes }) => {
      const [target, online] = [vector, of].map((name) => vectors[name].address + offset);
      return () => kernels.average(bytes, target, online, 1 - tau, tau);
    });

  const steps = plan.steps.map((step, at) => {
    const executable = programs[at];
    /** From memory to copies before a run, from copies to memory after it. */
    const before: Move[] = [];
    const after: Move[] = [];
    const noise = new Map(step.rowNoise.map(({ name, size }) => [name, new Float32Array(size)]));
    function input(name: string): Float32Array {
      const place = vectors[name] ?? step.inputs[index][name];
      const elsewhere = noise.get(name) ?? firstShare(batch?.[name], place);
      if (elsewhere || !copies) return elsewhere ?? numbersAt(memory, place);
      if (name in vectors) return copyOf(name);
      const copy = new Float32Array(place.size);
      before.push({ from: numbersAt(memory, place), to: copy });
      return copy;
    }
    function output(place: Place): Float32Array {
      if (!copies) return numbersAt(memory, place);
      const copy = new Float32Array(place.size);
      after.push({ from: copy, to: numbersAt(memory, place) });
      return copy;
    }
    const read = executable.inputs.filter(({ unused }) => !unused).map(({ name }) => name);
    const gradients = step.optimizerSteps.map(({ vector, gradients }) => [
      `${vector}.gradient`,
      output(gradients[index]),
    ]);
    const binding = executable.bind(Object.fromEntries(read.map((name) => [name, input(name)])), {
      ...Object.fromEntries(gradients),
      metrics: output(step.metrics[index]),
    });
    return {
      refresh: read.flatMap((name) =>
        copies && name in vectors ? { name, from: numbersAt(memory, vectors[name]), to: copyOf(name) } : [],
      ),
      before,
      fillNoise: noiseOf(wordsAt(memory, step.streams[index]), [...noise.values()]),
      run: binding.run,
      after,
      optimizerSteps: step.optimizerSteps.flatMap((descent) => movesOf(descent)),
      clip: step.gradientClip,
      averages: step.averages.flatMap((average) => averageOf(average)),
      changed: [...step.optimizerSteps, ...step.averages].map(({ vector }) => vector),
    };
  });

  return {
    async step(at) {
      const { refresh, before, fillNoise, run, after, optimizerSteps, clip, averages, changed } = steps[at];
      for (const vector of refresh) {
        if (stale.delete(vector.name)) vector.to.set(vector.from);
      }
      for (const { from, to } of before) to.set(from);
      fillNoise();
      await run();
      for (const { from, to } of after) to.set(from);
      await meet();
      for (const { sum } of optimizerSteps) sum();
      let scale = 1 / shares;
      if (clip > 0) {
        squares[index] = 0;
        for (const { square } of optimizerSteps) squares[index] += square();
        await meet();
        const norm = Math.sqrt(squares.reduce((total, value) => total + value, 0)) / shares;
        scale *= clip / Math.max(norm, clip);
      }
      for (const { descend } of optimizerSteps) descend(scale);
      for (const average of averages) average();
      for (const name of changed) if (own.has(name)) stale.add(name);
      await meet();
    },
    reload() {
      for (const name of own.keys()) stale.add(name);
    },
  };
}

interface Move {
  readonly from: Float32Array;
  readonly to: Float32Array;
}
