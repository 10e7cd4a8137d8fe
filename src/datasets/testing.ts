// What tests of data sets share: the samples that other programs' own tools wrote (test/datasets/samples.py), on the disk.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import type { EnvSpec } from '../envs/env.js';
import { box, image } from '../envs/space.js';
import { resolveSpec } from '../envs/spec.js';
import { type DataSet, encodeEpisodes, openDataSet } from './index.js';

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

const states = LENGTHS.map((steps) => steps + 1);

/** Everything that a data set of ours can have. */
const rich: EnvSpec = {
  ...resolveSpec({
    name: 'test/rich',
    observation: { state: box(2, -3, 3), camera: image([2, 3, 1]) },
    achieved: box(2),
    goal: box(1),
    tasks: ['one', 'other'],
    columns: { pose: { shape: [2], per: 'state' }, effort: { shape: [2], per: 'transition' } },
    action: box(2, -1, 1),
    maxEpisodeSteps: 5,
    rewardRange: [-1, 0],
    info: ['force'],
  }),
};

/** Episodes of it, whose numbers tell their places. */
export const richData = (): Promise<DataSet> =>
  openDataSet(
    'rich',
    encodeEpisodes(
      { env: 'test/rich', options: { size: 2 }, spec: rich, origin: { policy: 'scripted', seed: 3, successRate: 0.5 } },
      {
        steps: Int32Array.from(LENGTHS),
        failed: Uint8Array.of(0, 1, 0),
        columns: {
          state: coded(states, 2),
          camera: Uint8Array.from(coded(states, 6), (_, i) => i % 251),
          achieved: coded(states, 2, 2),
          goal: Float32Array.of(7, 8, 9),
          task: Float32Array.of(1, 0, 1),
          action: coded(LENGTHS, 2, 0.001),
          info: coded(LENGTHS, 1, 3),
          reward: coded(LENGTHS, 1, -1),
          pose: coded(states, 2, 5),
          effort: coded(LENGTHS, 2, 6),
        },
      },
    ),
  );
