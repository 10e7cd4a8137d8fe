// BabyAI's levels from the bot's demonstrations: how many it takes.
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

const experiments: readonly Experiment[] = Object.entries(shownEpisodes).flatMap(([level, counts]) =>
  counts.map((count) => shown(level, count)),
);
const done = () => experiments.filter(({ name }) => readResult(name));

export const babyai: Topic = {
  page: 'environments/babyai.md',
  experiments,
  sections: {
    shown: () =>
      done().length === 0
        ? ''
        : table(
            ['level', 'episodes of the bot', 'success', 'processor seconds', 'seeds'],
            done().map(({ name, env }) => {
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
      done().length === 0
        ? ''
        : [
            ['```sh', ...done().flatMap(({ data = [] }) => data.map(recordCommand)), '```'].join('\n'),
            commands(done().map(({ name }) => name)),
          ].join('\n\n'),
  },
  charts: () => ({}),
};
