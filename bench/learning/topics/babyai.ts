// BabyAI's levels from the bot's demonstrations, and by deep Q-learning with hindsight in words and without.
import { recordCommand } from '../data-sets.js';
import { common, type Experiment, oneThread } from '../experiment.js';
import { readResult } from '../results.js';
import { cell, commands, percent, row, table, whole } from '../tables.js';
import type { Topic } from '../topic.js';

/** The picture in the light of the sentence, one-hot. */
export const seenByFilm = {
  env: { options: { view: 'planes' } },
  agent: { options: { encoders: { image: { kind: 'film', size: 128 } } } },
};

const shown = (level: string, episodes: number): Experiment => ({
  ...common,
  name: `babyai-${level}-shown-${episodes}`,
  about: `babyai/${level} from ${episodes} demonstrations`,
  env: `babyai/${level}`,
  agent: 'bc',
  relabel: 'none',
  steps: 6000,
  evaluateEvery: 2000,
  freshEpisodes: 500,
  data: [`${level}-${episodes}`],
  settings: {
    ...oneThread,
    ...seenByFilm,
    agent: { options: { ...seenByFilm.agent.options, policyAverage: 0.002 } },
    evaluation: { episodes: 200 },
  },
});

/** Episodes of the bot, by level. */
export const shownEpisodes = {
  'go-to-red-ball-grey': [1000, 5000, 20_000],
  'go-to-local': [5000, 40_000],
  'pickup-loc': [5000, 20_000],
} as const;

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
  learned: { relabel: 'caption:4', language: { captioner: 'learned', labelled: 0.25 } },
  'learned-reward': { language: { reward: 'learned', labelled: 0.25 } },
  'all-learned': { relabel: 'caption:4', language: { captioner: 'learned', reward: 'learned', labelled: 0.25 } },
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
    steps: 40_000,
    evaluateEvery: 2500,
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

const ofShown = Object.entries(shownEpisodes).flatMap(([level, counts]) => counts.map((count) => shown(level, count)));
const ofActed = (Object.keys(rooms) as Level[]).flatMap((level) =>
  (Object.keys(hindsights) as (keyof typeof hindsights)[]).map((by) => acted(level, by)),
);
const experiments: readonly Experiment[] = [...ofShown, ...ofActed];
const done = (some: readonly Experiment[]) => some.filter(({ name }) => readResult(name));

export const babyai: Topic = {
  page: 'environments/babyai.md',
  experiments,
  sections: {
    shown: () =>
      table(
        ['level', 'episodes of the bot', 'success', 'processor seconds', 'seeds'],
        done(ofShown).map(({ name, env }) => {
          const { summary, trials } = readResult(name) as NonNullable<ReturnType<typeof readResult>>;
          return row(
            `\`${env}\``,
            whole(Number(name.split('-').at(-1))),
            cell(summary.freshLastSuccess, percent),
            cell(summary.cpuSeconds, whole),
            trials.length,
          );
        }),
      ),
    'shown-commands': () =>
      [
        ['```sh', ...done(ofShown).flatMap(({ data = [] }) => data.map(recordCommand)), '```'].join('\n'),
        commands(done(ofShown).map(({ name }) => name)),
      ].join('\n\n'),
  },
  charts: () => ({}),
};
