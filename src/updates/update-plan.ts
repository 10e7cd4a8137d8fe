// Where learning keeps its numbers, as plain data that threads can share: every vector's and every share's place.
import type { Agent, OptimizerStep, PolyakAverage } from '../agents/agent.js';
import { adam } from '../tensor/index.js';
import { isRowNoise, WORDS } from './update-noise.js';

/** A place in the memory: an address in bytes, and how many numbers (float32, unless said otherwise) are there. */
export interface Place {
  readonly address: number;
  readonly size: number;
}

type Places = Readonly<Record<string, Place>>;

export interface UpdatePlan {
  /** How many shares the rows of a batch, and the vectors' numbers, are dealt out to; each has a thread of its own. */
  readonly shares: number;
  readonly bytes: number;
  /** State vectors. */
  readonly vectors: Places;
  readonly steps: readonly StepPlan[];
  /** Per share, one float64: what it adds to a gradient's squared length. */
  readonly squares: Place;
}

export interface StepPlan {
  readonly name: string;
  readonly optimizerSteps: readonly OptimizerStepPlan[];
  readonly averages: readonly PolyakAverage[];
  readonly gradientClip: number;
  /** Noise inputs of which every row has its own, and their size in one share. The share itself fills them. */
  readonly rowNoise: readonly { readonly name: string; readonly size: number }[];
  /** Per share, uint32: where the streams of its noise begin. */
  readonly streams: readonly Place[];
  /** Per share: the other inputs that are not state vectors, and metrics. */
  readonly inputs: readonly Places[];
  readonly metrics: readonly Place[];
}

export interface OptimizerStepPlan {
  readonly vector: string;
  /** Per share: its rows' gradient. */
  readonly gradients: readonly Place[];
  /** The numbers of Adam's `scalars`. */
  readonly scalars: Place;
}

/** Bytes of a line of the processor's cache; places begin at whole ones, and reach to the end of the last. */
export const LINE = 64;

/** `agent` is made for the `rows` of one share, which are so many `blocks` of noise. */
export function planUpdates(
  agent: Agent,
  { shares, rows, blocks }: { shares: number; rows: number; blocks: number },
): UpdatePlan {
  let bytes = 0;
  const place = (size: number, width = Float32Array.BYTES_PER_ELEMENT): Place => {
    const address = bytes;
    bytes = Math.ceil((address + width * size) / LINE) * LINE;
    return { address, size };
  };
  const perShare = <T>(make: () => T): T[] => Array.from({ length: shares }, make);
  const vectors = Object.fromEntries(Object.entries(agent.state).map(([name, { size }]) => [name, place(size)]));
  const optimizerStepPlan = ({ vector }: OptimizerStep): OptimizerStepPlan => ({
    vector,
    gradients: perShare(() => place(agent.state[vector].size)),
    scalars: place(adam().scalarCount),
  });
  const steps = Object.entries(agent.updates).map(([name, step]): StepPlan => {
    const given = step.program.inputs.filter((input) => !input.unused && !(input.name in agent.state));
    const sized = (ofRows: boolean) =>
      given
        .filter((input) => isRowNoise(agent.noise, input, rows) === ofRows)
        .map(({ name, shape }) => ({ name, size: shape.reduce((a, b) => a * b, 1) }));
    const [rowNoise, others] = [sized(true), sized(false)];
    return {
      name,
      optimizerSteps: step.optimizerSteps.map(optimizerStepPlan),
      averages: step.averages,
      gradientClip: step.gradientClip,
      rowNoise,
      streams: perShare(() => place(rowNoise.length > 0 ? WORDS * blocks : 0)),
      inputs: perShare(() => Object.fromEntries(others.map(({ name, size }) => [name, place(size)]))),
      metrics: perShare(() => place(step.metricNames.length)),
    };
  });
  const squares = place(shares, Float64Array.BYTES_PER_ELEMENT);
  return { shares, bytes, vectors, steps, squares };
}

/** The numbers of a place that holds uint32. */
export const wordsAt = ({ buffer }: WebAssembly.Memory, { address, size }: Place): Uint32Array<ArrayBuffer> =>
  new Uint32Array(buffer, address, size);

/** The numbers of a place. */
export const numbersAt = ({ buffer }: WebAssembly.Memory, { address, size }: Place): Float32Array<ArrayBuffer> =>
  new Float32Array(buffer, address, size);
