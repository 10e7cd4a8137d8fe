// Flat arrays by key, as D4RL's and OGBench's files have them: which keys are which columns.

import { UsageError } from '../../errors.js';
import { type FlatColumn, unequal } from '../flat.js';
import { columnName } from '../foreign-spec.js';
import { type StoredArray, toFloats } from '../stored.js';

export type KeyedArrays = Readonly<Record<string, StoredArray>>;

/** Marks and copies of other rows: no columns of their own. */
const notColumns = ['terminals', 'timeouts', 'next_observations', 'masks'];
/** The episode's goal, the same in each of its rows. */
const GOALS = ['infos/goal', 'goals'];
const ofTransitions = ['actions', 'rewards'];

/** A camera's pictures: bytes [rows, height, width, channels]. */
const isImage = ({ bytes, shape }: StoredArray) => bytes && shape.length === 4;

/** The columns of flat arrays; what does not have a row for each action is left out, and named in `left`. */
export function keyedColumns(file: string, arrays: KeyedArrays): { columns: FlatColumn[]; left: string[] } {
  for (const key of ['observations', 'actions']) {
    if (!Object.hasOwn(arrays, key)) {
      throw new UsageError(`${file} lacks "${key}"; it has ${Object.keys(arrays).join(', ') || 'nothing'}.`);
    }
  }
  const [rows] = arrays.actions.shape;
  const columns: FlatColumn[] = [];
  const left: string[] = [];
  for (const [key, array] of Object.entries(arrays)) {
    if (notColumns.includes(key)) continue;
    const required = key === 'observations' || ofTransitions.includes(key);
    if (array.shape[0] !== rows && !required) {
      left.push(key);
      continue;
    }
    const name = GOALS.includes(key) ? 'goal' : columnName(key);
    columns.push({
      name,
      shape: array.shape.length > 1 ? array.shape.slice(1) : [1],
      dtype: isImage(array) ? 'uint8' : 'float32',
      per: name === 'goal' ? 'episode' : ofTransitions.includes(key) ? 'transition' : 'state',
      // Pictures as observations are a part beside an empty `observation`.
      ...(isImage(array) && { isPart: true, ...(key === 'observations' && { name: 'camera' }) }),
      array,
      ...(key === 'observations' && arrays.next_observations && { next: arrays.next_observations }),
    });
  }
  return { columns, left };
}

/** Marks of all rows. @throws UsageError where there are not as many as actions */
export async function readMarks(
  file: string,
  arrays: KeyedArrays,
  key: 'terminals' | 'timeouts',
): Promise<ArrayLike<number> | undefined> {
  if (!Object.hasOwn(arrays, key)) return undefined;
  const [rows] = arrays.actions.shape;
  const [count] = arrays[key].shape;
  if (count !== rows) throw unequal(file, rows, key, count);
  return toFloats(await arrays[key].read(0, rows));
}

export const leftOut = (left: readonly string[]) =>
  left.length === 0
    ? []
    : [
        {
          level: 'note' as const,
          message: `${left.map((key) => `"${key}"`).join(', ')} ${left.length > 1 ? 'have' : 'has'} no value for each step and ${left.length > 1 ? 'are' : 'is'} left out.`,
        },
      ];
