// Values that should be the same throughout an episode, as its goal, and are not: only the first is taken.
import type { DataFinding } from './data-set.js';
import { type StoredValues, toFloats } from './stored.js';

/** Episodes that are looked at. */
const MOST = 100;

/** What to know of a column of which each row has a value; `read` gives the rows of an episode. */
export async function changeFindings(
  column: string,
  episodes: number,
  size: number,
  read: (episode: number) => Promise<StoredValues>,
): Promise<DataFinding[]> {
  const looked = Math.min(episodes, MOST);
  let changed = 0;
  for (let i = 0; i < looked; i++) {
    const values = toFloats(await read(i));
    if (values.some((value, j) => value !== values[j % size])) changed++;
  }
  if (changed === 0) return [];
  return [
    {
      level: 'warning',
      message: `"${column}" changes within ${changed} of the first ${looked} episodes; the first value of each is taken. Hindsight does not mind; rewards that were recorded belong to the others too.`,
    },
  ];
}
