// The Fetch tasks with objects: hindsight against none on push, pick and place from demonstrations, slide.
import { readFileSync } from 'node:fs';
import { common, oneThread } from '../experiment.js';
import { reached, spread } from '../results.js';
import { chart, commands, row, solvedTable, table, tenth, whole } from '../tables.js';
import type { Topic } from '../topic.js';

const onFetch = {
  ...common,
  agent: 'sac',
  relabel: 'future:4',
  evaluateEvery: 20_000,
  limitSeconds: 3600,
  settings: oneThread,
};

interface Reaching {
  readonly side: string;
  readonly seed: number;
  readonly load: number;
  readonly points: readonly { readonly steps: number; readonly seconds: number; readonly success: number }[];
}

/** What bench/fetch-reach.ts recorded. */
function reachTable(): string {
  const file = new URL('../../results/fetch-reach.json', import.meta.url);
  const rows: Reaching[] = JSON.parse(readFileSync(file, 'utf8')).rows;
  const ofSide = (side: string) =>
    rows.filter((one) => one.side === side).map(({ points }) => points[reached({ curve: points })]);
  const secondsOf = (side: string) =>
    spread(ofSide(side).map((point) => point?.seconds ?? Number.NaN))?.mean ?? Number.NaN;
  const seeds = [...new Set(rows.map(({ seed }) => seed))];
  return table(
    ['', ...seeds.map((seed) => `seed ${seed}: steps, seconds`), 'mean seconds', 'of SB3'],
    Object.entries(labels).map(([side, label]) =>
      row(
        label,
        ...ofSide(side).map((point) => (point ? `${whole(point.steps)}, ${tenth(point.seconds)}` : 'not reached')),
        tenth(secondsOf(side)),
        (secondsOf(side) / secondsOf('sb3')).toFixed(2),
      ),
    ),
  );
}
const labels: Readonly<Record<string, string>> = {
  sb3: 'Stable-Baselines3',
  'sb3 settings': "here, SB3's settings",
  tuned: 'here, tuned',
};

export const fetchTopic: Topic = {
  page: 'environments/fetch.md',
  experiments: [
    {
      ...onFetch,
      name: 'fetch-push-tuned',
      about: 'fetch/push with the tuned settings',
      env: 'fetch/push',
      steps: 300_000,
    },
    {
      ...onFetch,
      name: 'fetch-push-none',
      about: 'fetch/push without hindsight, the other settings being equal',
      env: 'fetch/push',
      relabel: 'none',
      steps: 200_000,
    },
    {
      ...onFetch,
      name: 'fetch-pick-tuned',
      about: 'fetch/pick-and-place with the tuned settings: 500 demonstrations first',
      env: 'fetch/pick-and-place',
      steps: 400_000,
      evaluateEvery: 40_000,
    },
    {
      ...onFetch,
      name: 'fetch-pick-undemonstrated',
      about: 'fetch/pick-and-place without demonstrations',
      env: 'fetch/pick-and-place',
      steps: 400_000,
      evaluateEvery: 40_000,
      seeds: [1],
      settings: { ...oneThread, training: { demonstrations: 0 } },
    },
    {
      ...onFetch,
      name: 'fetch-slide',
      about: 'fetch/slide with the tuned settings',
      env: 'fetch/slide',
      steps: 2_000_000,
      evaluateEvery: 40_000,
      seeds: [1],
    },
  ],
  sections: {
    'fetch-reach': reachTable,
    'fetch-learned': () =>
      solvedTable([
        ['push', 'fetch-push-tuned'],
        ['push without hindsight', 'fetch-push-none'],
        ['pick and place', 'fetch-pick-tuned'],
        ['pick and place without demonstrations', 'fetch-pick-undemonstrated'],
        ['slide', 'fetch-slide'],
      ]),
    'fetch-commands': () =>
      commands(['fetch-push-tuned', 'fetch-push-none', 'fetch-pick-tuned', 'fetch-pick-undemonstrated', 'fetch-slide']),
  },
  charts: () => ({
    'fetch-push-hindsight.svg': chart('fetch/push, SAC: success with and without hindsight', [
      ['future:4', 'fetch-push-tuned'],
      ['no hindsight', 'fetch-push-none'],
    ]),
    'fetch-lift.svg': chart('fetch/pick-and-place and fetch/slide, SAC', [
      ['pick and place', 'fetch-pick-tuned'],
      ['slide', 'fetch-slide'],
    ]),
  }),
};
