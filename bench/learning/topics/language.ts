// Asked in words and learned by acting: with hindsight in words and without, captions and rewards told or learned.
import { common, type Experiment, oneThread } from '../experiment.js';
import { readResult } from '../results.js';
import { cell, commands, percent, row, table, whole } from '../tables.js';
import type { Topic } from '../topic.js';
import { seenByFilm } from './babyai.js';

/** Small rooms with few things: what is learned by acting alone within minutes. */
const rooms = {
  'go-to-red-ball-grey': { roomSize: 6, objects: 3 },
  'go-to-local': { roomSize: 5, objects: 2 },
  'pickup-loc': { roomSize: 5, objects: 2 },
} as const;
type Level = keyof typeof rooms;

/** How episodes are relabelled, and who says what they fulfilled. */
const hindsights = {
  none: {},
  verifier: { relabel: 'caption:4' },
  learned: { relabel: 'caption:4', language: { captioner: 'learned', labelled: 0.5 } },
  'learned-reward': { language: { rewardModel: true, labelled: 0.5 } },
  'all-learned': { relabel: 'caption:4', language: { captioner: 'learned', rewardModel: true, labelled: 0.5 } },
} as const;

const acted = (level: Level, by: keyof typeof hindsights): Experiment => {
  const { relabel = 'none', ...settings } = hindsights[by] as { relabel?: string };
  return {
    ...common,
    name: `babyai-${level}-acted-${by}`,
    about: `babyai/${level} by acting, captions: ${by}`,
    env: `babyai/${level}`,
    agent: 'dqn',
    relabel,
    steps: 100_000,
    evaluateEvery: 5000,
    untilSuccess: 0.95,
    settings: {
      ...oneThread,
      ...settings,
      env: { options: { ...seenByFilm.env.options, ...rooms[level], ...(by !== 'none' && { captions: true }) } },
      agent: {
        options: {
          encoders: { image: { kind: 'film', size: 64, channels: 16 } },
          hidden: [128],
          learningRate: 1e-3,
          discount: 0.9,
          tau: 0.02,
          nStep: 3,
          epsilonSteps: 10_000,
        },
      },
      training: { batchSize: 128, updatesPerStep: 0.25 },
      replay: { capacity: 100_000 },
      evaluation: { episodes: 200 },
    },
  };
};

const tabletop = (by: 'none' | 'verifier'): Experiment => ({
  ...common,
  name: `words-acted-${by}`,
  about: `tabletop/words by acting after 500 demonstrations, captions: ${by}`,
  env: 'tabletop/words',
  agent: 'sac',
  relabel: by === 'none' ? 'none' : 'caption:4',
  steps: 120_000,
  evaluateEvery: 40_000,
  settings: { ...oneThread, evaluation: { episodes: 200 } },
});

const byHindsight = Object.keys(hindsights) as (keyof typeof hindsights)[];
const experiments: readonly Experiment[] = [
  ...(Object.keys(rooms) as Level[]).flatMap((level) => byHindsight.map((by) => acted(level, by))),
  tabletop('none'),
  tabletop('verifier'),
];
const done = () => experiments.filter(({ name }) => readResult(name));

const labels: Readonly<Record<string, string>> = {
  none: 'none',
  verifier: "the environment's",
  learned: 'learned of half of the episodes',
  'learned-reward': 'none; rewards learned of half of the episodes',
  'all-learned': 'captions and rewards learned of half of the episodes',
};

export const language: Topic = {
  page: 'language-hindsight.md',
  experiments,
  sections: {
    acted: () =>
      table(
        ['environment', 'captions', 'steps to 95%', 'steps', 'success', 'processor seconds', 'seeds'],
        done().map(({ name, env }) => {
          const { summary, trials, seeds } = readResult(name) as NonNullable<ReturnType<typeof readResult>>;
          const [, by] = /-acted-(.*)$/.exec(name) ?? [];
          return row(
            `\`${env}\``,
            labels[by ?? ''],
            cell(summary.stepsTo95, whole, Math.min(seeds.length, trials.length)),
            cell(summary.envSteps, whole),
            cell(summary.freshLastSuccess, percent),
            cell(summary.cpuSeconds, whole),
            trials.length,
          );
        }),
      ),
    'acted-commands': () => commands(done().map(({ name }) => name)),
  },
  charts: () => ({}),
};
