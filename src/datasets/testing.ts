// What tests of data sets share: the samples that other programs' own tools wrote (test/datasets/samples.py), on the disk.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';

/** A new folder with the samples; `path` gives one's place. */
export function unpackSamples() {
  const root = mkdtempSync(join(tmpdir(), 'anygoal-data-'));
  const zip = readFileSync(new URL('../../test/datasets/samples.zip', import.meta.url));
  for (const [name, bytes] of Object.entries(unzipSync(new Uint8Array(zip)))) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), bytes);
  }
  return {
    root,
    path: (name: string) => join(root, name),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Transitions of the samples' first three episodes. */
export const LENGTHS = [3, 1, 5];

/** The samples' numbers, [rows, size] for each episode: they tell their episode, step and place. */
export const coded = (rows: readonly number[], size: number, scale = 1, first = 0): Float32Array =>
  Float32Array.from(
    rows.flatMap((count, e) =>
      Array.from({ length: count * size }, (_, i) => {
        const step = first + Math.floor(i / size);
        return scale * (100 * e + step + 0.01 * (i % size));
      }),
    ),
  );
