// What networks see: the named inputs of a state and of the next one, normalised inside the graph.
import { concat, type Graph, type Tensor } from '../tensor/index.js';

/** A named input of networks and of the programs that have them. */
export interface InputSpec {
  readonly name: string;
  /** Numbers in one value, and how they are arranged, such as [height, width, channels]. */
  readonly size: number;
  readonly shape: readonly number[];
  /** Bytes are pictures. */
  readonly dtype: 'float32' | 'uint8';
  /** Parts of the state change within an episode; its goal, its task and what else tells what it is about do not. */
  readonly role: 'state' | 'goal' | 'task';
  /** Whether the normaliser has its mean and deviation. */
  readonly normalize: boolean;
  /** Of a task, whose one number says which: how many there are. */
  readonly choices?: number;
}

/** What is seen of B states, by the names of the inputs: [B, ...shape], normalised; bytes from 0 to 1. */
export type Seen = Readonly<Record<string, Tensor>>;

/** The inputs of `rows` states as they are seen. */
export interface See {
  (g: Graph, rows: number): Seen;
  /** After the action: parts of the state are the program's inputs `next.<name>`, goal and task are the same. */
  next(g: Graph, rows: number): Seen;
}

/** Normalised inputs beyond this many deviations are clipped (HER, Andrychowicz et al. 2017, appendix A). */
const CLIP = 5;

/** Numbers of the vector `normalizer`: of every normalised input, in order, its mean and 1/std. */
export const normalizerSize = (inputs: readonly InputSpec[]): number =>
  inputs.reduce((sum, { normalize, size }) => sum + (normalize ? 2 * size : 0), 0);

/** How inputs are seen; with `normalize` programs read the input `normalizer`, see `normalizerSize`. */
export function createSee(inputs: readonly InputSpec[], normalize: boolean): See {
  const normalized = normalize ? inputs.filter((input) => input.normalize) : [];

  /** Mean and 1/std of normalised inputs, by name. */
  function scales(g: Graph): Readonly<Record<string, readonly [mean: Tensor, scale: Tensor]>> {
    if (normalized.length === 0) return {};
    const sizes = normalized.flatMap(({ size }) => [size, size]);
    const pieces = g.input('normalizer', [normalizerSize(normalized)]).split(sizes, 0);
    return Object.fromEntries(
      normalized.map(({ name, shape }, i) => {
        const [mean, scale] = [pieces[2 * i], pieces[2 * i + 1]];
        return [name, shape.length === 1 ? [mean, scale] : [mean.reshape(shape), scale.reshape(shape)]];
      }),
    );
  }

  function seen(g: Graph, rows: number, prefix: string): Seen {
    const known = scales(g);
    return Object.fromEntries(
      inputs.map(({ name, shape, dtype, role }) => {
        const input = role === 'state' ? `${prefix}${name}` : name;
        if (dtype === 'uint8')
          return [
            name,
            g
              .input(input, [rows, ...shape], 'uint8')
              .cast(g.dtype)
              .mul(1 / 255),
          ];
        const x = g.input(input, [rows, ...shape]);
        if (!(name in known)) return [name, x];
        const [mean, scale] = known[name];
        return [name, x.sub(mean).mul(scale).clip(-CLIP, CLIP)];
      }),
    );
  }

  return Object.assign((g: Graph, rows: number) => seen(g, rows, ''), {
    next: (g: Graph, rows: number) => seen(g, rows, 'next.'),
  });
}

/** Plain concatenation [s; g; ...]: the simplest form of a universal value function. */
export const combine = (...parts: Tensor[]): Tensor => concat(parts, 1);
