// OGBench's archives (Park et al. 2025): flat arrays in .npz, `terminals` at each episode's last row, no goals, no rewards.
import { UsageError } from '../../errors.js';
import { checksumOf } from '../../runs/byte-source.js';
import { type DataPlace, openWith } from '../data-place.js';
import type { DataSet } from '../data-set.js';
import { cutRows, flatDataSet } from '../flat.js';
import { episodesOf } from './d4rl.js';
import { type KeyedArrays, keyedColumns, leftOut, readMarks } from './keyed.js';
import { npzArrays } from './npz.js';

export const openOgbench = (place: DataPlace): Promise<DataSet> =>
  openWith(place, '', async (source) => {
    const arrays = await npzArrays(source);
    const { columns, left } = keyedColumns(place.name, arrays);
    // Archives with D4RL's marks are cut as D4RL's files are.
    const { episodes, findings } = arrays.timeouts
      ? await episodesOf(place.name, arrays)
      : await trajectories(place.name, arrays);
    return flatDataSet({
      name: place.name,
      format: 'OGBench',
      env: '',
      columns,
      episodes,
      findings: [...findings, ...leftOut(left)],
      checksum: () => checksumOf(source),
      close: () => source.close(),
    });
  });

/** `terminals` says where a trajectory's rows end. Its last row's action leads to a state that is not stored. */
async function trajectories(file: string, arrays: KeyedArrays) {
  const terminals = await readMarks(file, arrays, 'terminals');
  if (!terminals) throw new UsageError(`${file} lacks "terminals", which says where episodes end.`);
  const rows = arrays.actions.shape[0];
  const episodes = cutRows(rows, (row) => (terminals[row] ? 'timeout' : 0), arrays.next_observations !== undefined);
  const cut = rows > 0 && !terminals[rows - 1];
  return {
    episodes,
    findings: cut
      ? [{ level: 'warning' as const, message: 'its last episode is cut: `terminals` does not mark its last row.' }]
      : [],
  };
}
