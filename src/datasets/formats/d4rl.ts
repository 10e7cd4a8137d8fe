// D4RL's files (Fu et al. 2020): flat arrays over all steps in HDF5, cut into episodes by `terminals` and `timeouts`.
import { checksumOf } from '../../runs/byte-source.js';
import { type DataPlace, openWith } from '../data-place.js';
import type { DataFinding, DataSet } from '../data-set.js';
import { cutRows, flatDataSet } from '../flat.js';
import type { StoredArray } from '../stored.js';
import { type Hdf5File, openHdf5 } from './hdf5.js';
import { type KeyedArrays, keyedColumns, leftOut, readMarks } from './keyed.js';

/** Steps of an episode where a file marks no time limits: those of D4RL's first files (kitchen, v0). */
const LIMIT_WITHOUT_TIMEOUTS = 1000;

export const openD4rl = (place: DataPlace): Promise<DataSet> =>
  openWith(place, '', async (source) => {
    const file = await openHdf5(source);
    try {
      const arrays = arraysOf(file);
      const { columns, left } = keyedColumns(place.name, arrays);
      const { episodes, findings } = await episodesOf(place.name, arrays);
      return await flatDataSet({
        name: place.name,
        format: 'D4RL',
        env: '',
        columns,
        episodes,
        findings: [...findings, ...leftOut(left)],
        checksum: () => checksumOf(source),
        async close() {
          file.close();
          await source.close();
        },
      });
    } catch (error) {
      file.close();
      throw error;
    }
  });

/** Arrays at the top and under `infos`; `metadata` is about the policy. */
function arraysOf(file: Hdf5File): KeyedArrays {
  const arrays: Record<string, StoredArray> = {};
  for (const key of file.keys('')) {
    if (file.kind(key) === 'array') arrays[key] = file.array(key);
    else if (key === 'infos') {
      for (const info of file.keys(key)) {
        const path = `${key}/${info}`;
        if (file.kind(path) === 'array') arrays[path] = file.array(path);
      }
    }
  }
  return arrays;
}

/** How rows become episodes, and what about that should be known; also for archives with the same keys. */
export async function episodesOf(file: string, arrays: KeyedArrays) {
  const rows = arrays.actions.shape[0];
  const [terminals, timeouts] = [await readMarks(file, arrays, 'terminals'), await readMarks(file, arrays, 'timeouts')];
  const findings: DataFinding[] = [];
  const say = (level: DataFinding['level'], message: string) => findings.push({ level, message });
  const held = terminals !== undefined && timeouts !== undefined && neighbours(terminals);
  if (held) {
    say(
      'note',
      'rows marked as terminal follow one another, so that the marks say "at the goal" and end nothing; episodes end where `timeouts` says.',
    );
  }
  if (!timeouts) {
    say(
      'warning',
      `it has no "timeouts": episodes end at terminals and after ${LIMIT_WITHOUT_TIMEOUTS} steps at the latest, and two may have been joined.`,
    );
  }
  let begin = 0;
  const endOf = (row: number): 0 | 'terminal' | 'timeout' => {
    if (!held && terminals?.[row]) return 'terminal';
    if (timeouts ? timeouts[row] : row + 1 - begin >= LIMIT_WITHOUT_TIMEOUTS) return 'timeout';
    return 0;
  };
  const ends = (row: number) => {
    const end = endOf(row);
    if (end) begin = row + 1;
    return end;
  };
  const hasNext = arrays.next_observations !== undefined;
  const episodes = cutRows(rows, ends, hasNext);
  if (rows > 0 && timeouts && !timeouts[rows - 1] && !terminals?.[rows - 1]) {
    say('warning', 'its last episode is cut: nothing marks an end there. It is taken as one whose time was up.');
  }
  if (!hasNext) {
    say(
      'note',
      "the state after an episode's last action is not stored: that action is left out, except where the world ended.",
    );
  }
  return { episodes, findings };
}

/** Whether marked rows lie side by side. */
function neighbours(marks: ArrayLike<number>): boolean {
  for (let row = 1; row < marks.length; row++) if (marks[row] && marks[row - 1]) return true;
  return false;
}
