// Gymnasium's spaces as Minari writes them into metadata.json: JSON inside JSON, with bare infinities.
import { type Column, columnsOf } from '../../envs/columns.js';
import type { EnvSpec } from '../../envs/env.js';
import type { Box } from '../../envs/space.js';
import { RunError } from '../../errors.js';

/** A space of Gymnasium's, as far as it is used. */
export interface Space {
  readonly type: string;
  readonly dtype?: string;
  readonly shape?: readonly number[];
  readonly low?: unknown;
  readonly high?: unknown;
  readonly n?: number;
  readonly start?: number;
  /** By key of a Dict, by number of a Tuple. */
  readonly subspaces?: Readonly<Record<string, Space>>;
}

/** What metadata.json says, as far as it is used. */
export interface MinariMetadata {
  readonly data_format?: string;
  readonly observation_space?: string;
  readonly action_space?: string;
  readonly env_spec?: string;
  readonly dataset_id?: string;
  readonly jpeg_encoding?: boolean;
  readonly algorithm_name?: string;
  readonly total_episodes?: number;
  /** Ours: what a data set of anygoal says of itself, as JSON. */
  readonly anygoal?: string;
}

/** JSON as Python writes it, where infinities and NaN have no quotes; in strings they stay what they are. */
export function parsePythonJson(text: string, what: string): unknown {
  const quoted = text.replace(/"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g, (found) =>
    found.startsWith('"') ? found : `"\\u0000${found}"`,
  );
  try {
    return JSON.parse(quoted, (_, value: unknown) =>
      typeof value === 'string' && value.startsWith('\u0000') ? Number(value.slice(1)) : value,
    );
  } catch (error) {
    throw new RunError(`${what} is damaged: it is not JSON. Restore it from a copy.`, { cause: error });
  }
}

/** The same the other way. */
export function pythonJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'number' && !Number.isFinite(inner) ? `\u0000${inner}` : inner,
  ).replace(/"\\u0000(-?Infinity|NaN)"/g, '$1');
}

/** The space of a part by its path, such as `observation` or `robot/joints`. */
export function spaceAt(space: Space | undefined, path: string): Space | undefined {
  if (path === '') return space;
  const [key, ...rest] = path.split('/');
  const inner = space?.subspaces?.[key] ?? space?.subspaces?.[key.replace('_index_', '')];
  return spaceAt(inner, rest.join('/'));
}

/** What Minari stores as JPEG unless it is told otherwise. */
export const isPicture = (space: Space | undefined): boolean =>
  space?.type === 'Box' && space.dtype === 'uint8' && space.shape?.length === 3;

/** Bounds number by number. */
export function flatBounds(bounds: unknown): number[] | undefined {
  if (typeof bounds === 'number') return [bounds];
  if (!Array.isArray(bounds)) return undefined;
  return (bounds.flat(Infinity) as unknown[]).map(Number);
}

/** Where a column lies in an episode's group, and which of its rows are the column's. */
export interface MinariPlace {
  readonly path: string;
  /** `after`: a row per state, of which those after each action are meant. `first`: the first row stands for all. */
  readonly rows: 'states' | 'transitions' | 'after' | 'first';
}

/** Where data sets of ours have their columns as Minari. */
export function placeOf(spec: EnvSpec, column: Column): MinariPlace {
  const { name, per } = column;
  const shown: Readonly<Record<string, string>> = {
    observation: 'observation',
    achieved: 'achieved_goal',
    goal: 'desired_goal',
  };
  if (name === 'action') return { path: 'actions', rows: 'transitions' };
  if (name === 'reward') return { path: 'rewards', rows: 'transitions' };
  const seen = Object.hasOwn(shown, name) ? shown[name] : Object.hasOwn(spec.parts ?? {}, name) ? name : undefined;
  if (seen !== undefined) {
    const rows = per === 'episode' ? 'first' : 'states';
    return { path: isDict(spec) ? `observations/${seen}` : 'observations', rows };
  }
  return { path: `infos/${name}`, rows: per === 'state' ? 'states' : per === 'transition' ? 'after' : 'first' };
}

const isDict = (spec: EnvSpec) => spec.goal.size > 0 || spec.achieved.size > 0 || spec.parts !== undefined;

/** The spaces that fit `placeOf`. */
export function spacesOf(spec: EnvSpec): { observation: Space; action: Space } {
  const subspaces: Record<string, Space> = {};
  const boxes: Readonly<Record<string, Box | undefined>> = {
    observation: spec.observation,
    achieved: spec.achieved,
    goal: spec.goal,
    ...spec.parts,
  };
  for (const column of columnsOf(spec)) {
    const { path } = placeOf(spec, column);
    const space = boxes[column.name];
    if (space && path.startsWith('observations')) subspaces[path.slice('observations/'.length)] = boxSpace(space);
  }
  const { action } = spec;
  return {
    observation: isDict(spec) ? { type: 'Dict', subspaces } : boxSpace(spec.observation),
    action:
      action.kind === 'box' ? boxSpace(action) : ({ type: 'Discrete', dtype: 'int64', start: 0, n: action.n } as Space),
  };
}

function boxSpace({ size, low, high, shape = [size], dtype = 'float32' }: Box): Space {
  return { type: 'Box', dtype, shape, low: nested(low, shape), high: nested(high, shape) };
}

/** A flat list as lists in lists. */
function nested(values: readonly number[], shape: readonly number[]): unknown {
  const [, ...rest] = shape;
  if (rest.length === 0) return [...values];
  const size = rest.reduce((product, n) => product * n, 1);
  return Array.from({ length: shape[0] }, (_, i) => nested(values.slice(i * size, (i + 1) * size), rest));
}
