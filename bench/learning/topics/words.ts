// Asked in words: what policies make of sentences they were trained on, of pairs and of words that they never saw.
import { recordCommand, tableFile, unseenPairs, unseenThings, unseenWords } from '../data-sets.js';
import { common, type Experiment, oneThread } from '../experiment.js';
import { readResult } from '../results.js';
import { cell, commands, percent, row, table, whole } from '../tables.js';
import type { Topic } from '../topic.js';

const tabletop = (name: string, about: string, data: string, settings: Record<string, unknown> = {}): Experiment => ({
  ...common,
  name: `words-${name}`,
  about: `tabletop/words ${about}`,
  env: 'tabletop/words',
  agent: 'bc',
  relabel: 'none',
  steps: 8000,
  evaluateEvery: 4000,
  freshEpisodes: 300,
  data: [data],
  settings: { ...oneThread, evaluation: { episodes: 200 }, ...settings },
});
const without = (words: readonly string[]) => ({ goals: { heldOut: { words } } });
const withEncoder = (encoder: string) => ({
  env: { options: { encoder: tableFile('tabletop/words', encoder) } },
  ...without(unseenPairs),
});
const heldOut = { freshGoals: 'held-out' } as const;

/** What each place answers to what is asked, in place of features that it scales and shifts. */
const picked = { blocks: 0, picks: 16 };

const local = (
  name: string,
  about: string,
  settings: Record<string, unknown>,
  { data = name, film = {} }: { data?: string; film?: Record<string, unknown> } = {},
): Experiment => ({
  ...common,
  name: `words-${name}`,
  about: `babyai/go-to-local ${about}`,
  env: 'babyai/go-to-local',
  agent: 'bc',
  relabel: 'none',
  steps: 6000,
  evaluateEvery: 2000,
  freshEpisodes: 500,
  data: [data],
  settings: {
    ...oneThread,
    env: { options: { view: 'planes' } },
    agent: { options: { policyAverage: 0.002, encoders: { image: { kind: 'film', size: 128, ...film } } } },
    evaluation: { episodes: 200 },
    ...settings,
  },
});

const experiments: readonly Experiment[] = [
  { ...tabletop('unseen', 'without six pairs', 'words-unseen', without(unseenPairs)), ...heldOut },
  tabletop('all', 'all sentences', 'words'),
  {
    ...tabletop('one-hot', 'without six pairs, sentences by number', 'words-unseen-one-hot', withEncoder('one-hot')),
    ...heldOut,
  },
  {
    ...tabletop(
      'minilm',
      'without six pairs, MiniLM',
      'words-unseen-minilm',
      withEncoder('runs/models/all-MiniLM-L6-v2'),
    ),
    ...heldOut,
  },
  {
    ...tabletop('varied', 'in other words, without eight', 'words-varied', {
      env: { options: { phrasing: 'varied' } },
      ...without(unseenWords),
    }),
    ...heldOut,
  },
  local('go-to-local', 'all sentences', {}),
  { ...local('go-to-local-unseen', 'without six pairs', without(unseenThings)), ...heldOut },
  local('go-to-local-picked', 'all sentences, picks', {}, { data: 'go-to-local', film: picked }),
  {
    ...local('go-to-local-picked-unseen', 'without six pairs, picks', without(unseenThings), {
      data: 'go-to-local-unseen',
      film: picked,
    }),
    ...heldOut,
  },
];

const labels: Readonly<Record<string, readonly [asked: string, fresh: string]>> = {
  'words-all': ['`tabletop/words`', 'all sentences'],
  'words-unseen': ['the same without six pairs of colour and shape', 'those pairs'],
  'words-one-hot': ['the same, each sentence a number', 'those pairs'],
  'words-minilm': ['the same, MiniLM', 'those pairs'],
  'words-varied': ['in other words, but for eight', 'with those words'],
  'words-go-to-local': ['`babyai/go-to-local`', 'all sentences'],
  'words-go-to-local-unseen': ['the same without six pairs of colour and kind', 'those pairs'],
  'words-go-to-local-picked': ['`babyai/go-to-local`, `picks`', 'all sentences'],
  'words-go-to-local-picked-unseen': ['`babyai/go-to-local` without those six, `picks`', 'those pairs'],
};
const done = () => Object.keys(labels).filter((name) => readResult(name));

export const words: Topic = {
  page: 'text.md',
  experiments,
  sections: {
    words: () =>
      table(
        ['trained on', 'success there', 'tried on', 'success', 'processor seconds', 'seeds'],
        done().map((name) => {
          const result = readResult(name) as NonNullable<ReturnType<typeof readResult>>;
          const { success, freshLastSuccess, cpuSeconds } = result.summary;
          const [asked, fresh] = labels[name];
          return row(
            asked,
            cell(success, percent),
            fresh,
            cell(freshLastSuccess, percent),
            cell(cpuSeconds, whole),
            result.trials.length,
          );
        }),
      ),
    'words-commands': () => {
      const sets = experiments.filter(({ name }) => done().includes(name)).flatMap(({ data = [] }) => data);
      return [['```sh', ...new Set(sets.map(recordCommand)), '```'].join('\n'), commands(done())].join('\n\n');
    },
  },
  charts: () => ({}),
};
