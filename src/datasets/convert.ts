// Writes a data set of any format that is read in one of those that are written, part by part.
import * as platform from '#platform';
import { UsageError } from '../errors.js';
import type { DataSet } from './data-set.js';
import { writeEpisodes } from './formats/write-episodes.js';
import { writeMinari } from './formats/write-minari.js';

/** A file of ours, by its ending, or a folder that Minari reads. */
export type WrittenFormat = 'anygoal' | 'minari';

/** @throws UsageError where the name says neither */
export function formatOfOutput(out: string): WrittenFormat {
  if (out.endsWith('.safetensors')) return 'anygoal';
  if (!/\.[A-Za-z]\w*$/.test(out)) return 'minari';
  throw new UsageError(
    `--out ${out}: the name must end in .safetensors (a file of anygoal) or be a folder such as reach-v0 (Minari).`,
  );
}

/** Writes `out` at once or not at all. `env`: the environment's name, where it is another than the data say. */
export async function convertData(data: DataSet, out: string, env = data.env): Promise<void> {
  if (formatOfOutput(out) === 'minari') return writeMinari(data, out, env);
  const sink = await platform.createFile(out);
  try {
    await writeEpisodes(data, sink, env);
    await sink.finish();
  } finally {
    await sink.abandon();
  }
}
