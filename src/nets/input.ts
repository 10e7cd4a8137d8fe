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
  /** Whether the normaliser has its mean and deviation; `task`: those of each task. */
  readonly normalize: boolean | 'task';
  /** Of a task, whose one number says which: how many there are. */
  readonly choices?: number;
  /** Of a part that shows the goal: the part of the state that shows the same of what was achieved. */
  readonly shows?: string;
}

/** What is seen of B states, by the names of the inputs: [B, ...shape], normalised; bytes from 0 to 1. */
export type Seen = Readonly<Record<string, Tensor>>;

/** The inputs of `rows` states as they are seen, under the goal of this name in batches (`goal` when absent). */
export interface See {
  (g: Graph, rows: number, goal?: string): Seen;
  /** After the action: parts of the state are the program's inputs `next.<name>`, goal and task are the same. */
  next(g: Graph, rows: number, goal?: string): Seen;
  /** Where the goal `of` was achieved: parts of the state are the program's inputs `<of>.<name>`. */
  achieving(g: Graph, rows: number, of: string, goal?: string): Seen;
}

/** Normalised inputs beyond this many deviations are clipped (HER, Andrychowicz et al. 2017, appendix A). */
export const CLIP = 5;

/** What else has a mean and deviation in the normaliser: what is imitated. */
export type TargetSpec = Pick<InputSpec, 'name' | 'size' | 'shape' | 'normalize'>;

/** Inputs and targets that the vector `normalizer` is about, and of how many tasks it has each. */
export function normalizedColumns(
  inputs: readonly InputSpec[],
  targets: readonly TargetSpec[] = [],
): (TargetSpec & { readonly tables: number })[] {
  const tasks = inputs.find(({ role }) => role === 'task')?.choices ?? 1;
  return [...inputs, ...targets].flatMap(({ name, size, shape, normalize }) =>
    normalize ? [{ name, size, shape, normalize, tables: normalize === 'task' ? tasks : 1 }] : [],
  );
}

/**
 * Numbers of the vector `normalizer`: of every normalised column, in order, its means and then its 1/std; by task both are
 * tables with a row for each task.
 */
export const normalizerSize = (inputs: readonly InputSpec[], targets?: readonly TargetSpec[]): number =>
  normalizedColumns(inputs, targets).reduce((sum, { size, tables }) => sum + 2 * size * tables, 0);

/** Mean and 1/std by the names of what is normalised: [...shape], or by task those of each row's [rows, ...shape]. */
export function scales(
  g: Graph,
  rows: number,
  inputs: readonly InputSpec[],
  targets?: readonly TargetSpec[],
): Readonly<Record<string, readonly [mean: Tensor, scale: Tensor]>> {
  const columns = normalizedColumns(inputs, targets);
  if (columns.length === 0) return {};
  const sizes = columns.flatMap(({ size, tables }) => [size * tables, size * tables]);
  const pieces = g.input('normalizer', [normalizerSize(inputs, targets)]).split(sizes, 0);
  const choose = (piece: Tensor, { size, shape, tables, normalize }: (typeof columns)[number]) => {
    if (normalize !== 'task' || tables === 1) return shape.length === 1 ? piece : piece.reshape(shape);
    const task = g.input('task', [rows, 1]).reshape([rows]);
    const own = piece.reshape([tables, size]).gather(task, 0);
    return shape.length === 1 ? own : own.reshape([rows, ...shape]);
  };
  return Object.fromEntries(
    columns.map((column, i) => [column.name, [choose(pieces[2 * i], column), choose(pieces[2 * i + 1], column)]]),
  );
}

const normalized = (x: Tensor, [mean, scale]: readonly [Tensor, Tensor]): Tensor =>
  x.sub(mean).mul(scale).clip(-CLIP, CLIP);

/**
 * How inputs are seen; with `normalize` programs read the input `normalizer`, which is also about the targets. `shown`: other
 * inputs to be seen in their place, which that vector is about.
 */
export function createSee(
  inputs: readonly InputSpec[],
  normalize: boolean | 'task',
  targets?: readonly TargetSpec[],
  shown: readonly InputSpec[] = inputs,
): See {
  function seen(g: Graph, rows: number, prefix: string, goal = 'goal'): Seen {
    const known = normalize ? scales(g, rows, inputs, targets) : {};
    return Object.fromEntries(
      shown.map(({ name, shape, dtype, role, shows }) => {
        const ofGoal = shows !== undefined && goal !== 'goal' ? `${goal}.${name}` : name;
        const input = role === 'state' ? `${prefix}${name}` : name === 'goal' ? goal : ofGoal;
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
        return [name, normalized(x, known[name])];
      }),
    );
  }

  return Object.assign((g: Graph, rows: number, goal?: string) => seen(g, rows, '', goal), {
    next: (g: Graph, rows: number, goal?: string) => seen(g, rows, 'next.', goal),
    achieving: (g: Graph, rows: number, of: string, goal?: string) => seen(g, rows, `${of}.`, goal),
  });
}

/** Numbers of the program's input `name`, such as a goal that is a whole state, seen as the observation is. */
export function seeAsObservation(
  g: Graph,
  rows: number,
  inputs: readonly InputSpec[],
  normalize: boolean | 'task',
  name: string,
): Seen {
  const [observation] = inputs.filter(({ role }) => role === 'state');
  const x = g.input(name, [rows, ...observation.shape]);
  const known = normalize ? scales(g, rows, inputs) : {};
  return { [observation.name]: observation.name in known ? normalized(x, known[observation.name]) : x };
}

/** Plain concatenation [s; g; ...]: the simplest form of a universal value function. */
export const combine = (...parts: Tensor[]): Tensor => concat(parts, 1);
