// What `exportEpisodes` gave: whole episodes as rows, checked before anything is made of them.
import { columnsText } from '../envs/columns.js';
import type { EnvSpec } from '../envs/env.js';
import { RunError } from '../errors.js';
import { type Container, unpack } from './container.js';
import { type RowLayout, rowLayout } from './layout.js';
import type { EpisodePieces } from './pieces.js';

export interface ExportedEpisodes {
  /** Number of the first episode, and rows that had been stored before it. */
  readonly serial: number;
  readonly inserted: number;
  readonly floats: Float32Array;
  /** The rows at which episodes end, ascending. */
  readonly ends: readonly number[];
}

/** @throws RunError for bytes that are damaged or of another environment */
export function readExported(spec: EnvSpec, layout: RowLayout, bytes: Uint8Array): ExportedEpisodes {
  const { numbers, floats } = checkTable(spec, columnsText(layout.columns), unpack('episodes', bytes));
  const [serial, inserted, episodes] = numbers;
  return { serial, inserted, floats, ends: episodeEnds(layout, floats, episodes) };
}

/** The same as pieces, which other replays and data sets take; how an episode ended is in its rows. */
export function unpackEpisodes(spec: EnvSpec, bytes: Uint8Array): EpisodePieces {
  const layout = rowLayout(spec);
  const { floats, ends } = readExported(spec, layout, bytes);
  const pieces = ends.map((end, i) => {
    const first = i === 0 ? 0 : ends[i - 1];
    const failed = floats[(end - 2) * layout.width + layout.failed] === 1;
    return { env: 0, first, steps: end - first - 1, end: failed ? 'terminated' : 'truncated' } as const;
  });
  return { rows: floats, pieces };
}

/** Rows of another container must be like these. */
export function checkTable(spec: EnvSpec, table: string, container: Container): Container {
  if (container.table === table) return container;
  throw new RunError(
    `saved replay: its columns are ${container.table || 'none'}, those of ${spec.name} are ${table}; it is of another environment.`,
  );
}

/** The rows at which episodes end, by what their rows say of themselves; nothing is stored where that does not fit. */
function episodeEnds({ width, elapsed, remaining }: RowLayout, floats: Float32Array, episodes: number): number[] {
  const count = floats.length / width;
  const ends: number[] = [];
  let begin = 0;
  for (let row = 0; row < count; row++) {
    const left = floats[row * width + remaining];
    const goesOn = row === begin ? left >= 1 : left === floats[(row - 1) * width + remaining] - 1;
    if (!goesOn || floats[row * width + elapsed] !== row - begin) {
      throw new RunError(`saved replay (episodes): row ${row} does not go on from the one before it; it is damaged.`);
    }
    if (left > 0) continue;
    begin = row + 1;
    ends.push(begin);
  }
  if (ends.length === episodes && begin === count) return ends;
  throw new RunError(
    `saved replay (episodes): it holds ${ends.length} episodes instead of ${episodes}; it is damaged.`,
  );
}
