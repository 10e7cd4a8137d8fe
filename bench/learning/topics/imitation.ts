// Behaviour cloning of many tasks: how many demonstrations, what its practices are worth, heads and backbones, and going on by RL.
import { recordCommand } from '../data-sets.js';
import { common, type Experiment, oneThread } from '../experiment.js';
import { readResult, spread } from '../results.js';
import { cell, chart, commands, percent, resultOf, row, table, whole } from '../tables.js';
import type { Topic } from '../topic.js';

const withAgent = (options: Readonly<Record<string, unknown>>) => ({ ...oneThread, agent: { options } });
/** Without chunks, but where they are what is compared. */
const cloning = { ...common, env: 'tabletop/mt10', agent: 'bc', relabel: 'none', settings: withAgent({ chunk: 1 }) };
const unequal = { ...cloning, steps: 4000, evaluateEvery: 4000, data: ['mt10-unequal'] };
const onThree = { ...cloning, env: 'tabletop/mt3', steps: 3000, evaluateEvery: 3000, data: ['mt3-100'] };

/** Beside the rows of its own, half of each batch from what a clumsy controller did. */
const goingOn = (task: string, about: string): Experiment => ({
  ...common,
  name: `imitation-beyond-${task}`,
  about,
  env: `tabletop/${task}`,
  agent: 'sac',
  relabel: 'future:4',
  steps: 16_000,
  evaluateEvery: 2000,
  data: [`clumsy-${task}`],
  settings: {
    ...oneThread,
    envs: 4,
    data: { share: 0.5 },
    training: { demonstrations: 0, warmupSteps: 500, updatesPerStep: 0.5, cycleSteps: 20 },
  },
});

type Change = readonly [name: string, about: string, changes: Partial<Experiment>];

const practices: readonly Change[] = [
  ['all', 'stratified batches, statistics of each task', {}],
  [
    'weights',
    'weights in pooled batches instead of stratified ones',
    { settings: withAgent({ chunk: 1, balance: 'weights' }) },
  ],
  ['pooled', 'neither: pooled batches without weights', { settings: withAgent({ chunk: 1, balance: 'none' }) }],
  [
    'statistics',
    'stratified, but one statistic for all tasks',
    { settings: { ...withAgent({ chunk: 1 }), training: { normalize: true } } },
  ],
  [
    'raw',
    'stratified, without normalisation',
    { settings: { ...withAgent({ chunk: 1 }), training: { normalize: false } } },
  ],
];

const heads: readonly Change[] = [
  ['gaussian', 'Gaussian, a fixed deviation', { settings: withAgent({ chunk: 1 }) }],
  ['state', 'Gaussian, deviations of each state', { settings: withAgent({ chunk: 1, std: 'state' }) }],
  ['mixture', 'mixture of five Gaussians', { settings: withAgent({ chunk: 1, head: 'mixture' }) }],
  ['bins', '41 bins for each number', { settings: withAgent({ chunk: 1, head: 'bins' }) }],
  ['chunks', 'Gaussian, chunks of 8, averaged (default)', { settings: oneThread }],
  ['open-loop', 'Gaussian, chunks of 8, open loop', { settings: withAgent({ execution: 'open-loop' }) }],
  ['transformer', 'chunks of 8, averaged, Transformer', { settings: withAgent({ backbone: 'transformer' }) }],
];

/** Mean success over 300 fresh episodes of the last policy, and the tasks below 90%, as means over seeds. */
function clonedRow(label: string, name: string): string {
  const { trials, summary } = resultOf(name);
  const tasks = Object.keys(trials[0].freshLast?.tasks ?? {});
  const weak = tasks
    .map((task) => ({ task, success: spread(trials.map((t) => t.freshLast?.tasks?.[task] ?? Number.NaN))?.mean ?? 0 }))
    .filter(({ success }) => success < 0.9)
    .sort((a, b) => a.success - b.success)
    .map(({ task, success }) => `${task} ${percent(success)}`);
  return row(
    `${label} (${trials.length} seed${trials.length > 1 ? 's' : ''})`,
    cell(summary.freshLastSuccess, percent),
    weak.join(', ') || 'none',
    whole(summary.cpuSeconds.mean),
  );
}

const clonedTable = (rows: readonly (readonly [label: string, name: string])[]): string =>
  table(
    ['', '300 fresh episodes', 'tasks below 90%', 'processor seconds'],
    rows.filter(([, name]) => readResult(name)).map(([label, name]) => clonedRow(label, name)),
  );

const named = (prefix: string, changes: readonly Change[]) =>
  changes.map(([name, about]) => [about, `imitation-${prefix}-${name}`] as const);

const beyond = [
  ['reach', 'imitation-beyond-reach'],
  ['close the drawer', 'imitation-beyond-close-drawer'],
] as const;

/** The demonstrators' own success, as `data record` printed it. */
const shownSuccess: Readonly<Record<string, number>> = {
  'imitation-beyond-reach': 0.635,
  'imitation-beyond-close-drawer': 0.66,
};

function beyondRow(label: string, name: string): string {
  const { trials, summary } = resultOf(name);
  const passed = trials.flatMap(({ curve }) => curve.find(({ success }) => success > shownSuccess[name])?.steps ?? []);
  return row(
    `${label} (${trials.length} seed${trials.length > 1 ? 's' : ''})`,
    percent(shownSuccess[name]),
    cell(spread(passed), whole, trials.length),
    cell(summary.freshLastSuccess, percent),
    whole(summary.cpuSeconds.mean),
  );
}

const data = (...names: string[]) => ['```sh', ...names.map(recordCommand), '```'].join('\n');
const present = (names: readonly string[]) => names.filter((name) => readResult(name));

export const imitation: Topic = {
  page: 'agents/bc.md',
  experiments: [
    {
      ...cloning,
      name: 'imitation-mt10-200',
      about: 'tabletop/mt10 cloned from 200 demonstrations a task',
      steps: 8000,
      evaluateEvery: 4000,
      data: ['mt10-200'],
    },
    {
      ...cloning,
      name: 'imitation-mt10-200-chunks',
      about: 'the same by chunks of 8 actions, the default',
      steps: 8000,
      evaluateEvery: 4000,
      data: ['mt10-200'],
      settings: oneThread,
    },
    {
      ...cloning,
      name: 'imitation-mt10-50',
      about: 'tabletop/mt10 cloned from 50 demonstrations a task',
      steps: 4000,
      evaluateEvery: 4000,
      data: ['mt10-50'],
    },
    ...practices.map(([name, about, changes]) => ({
      ...unequal,
      name: `imitation-unequal-${name}`,
      about: `tabletop/mt10 from unequal data sets: ${about}`,
      ...changes,
    })),
    ...heads.map(([name, about, changes]) => ({
      ...onThree,
      name: `imitation-mt3-${name}`,
      about: `tabletop/mt3: ${about}`,
      ...changes,
    })),
    goingOn('reach', 'SAC beside a clumsy controller, tabletop/reach'),
    goingOn('close-drawer', 'SAC beside a clumsy controller, tabletop/close-drawer'),
  ],
  sections: {
    'imitation-mt10': () =>
      clonedTable([
        ['200 demonstrations a task', 'imitation-mt10-200'],
        ['200 demonstrations a task, chunks of 8', 'imitation-mt10-200-chunks'],
        ['50 demonstrations a task', 'imitation-mt10-50'],
        ...named('unequal', practices),
      ]),
    'imitation-mt3': () => clonedTable(named('mt3', heads)),
    'imitation-beyond': () =>
      table(
        ['', 'demonstrator', 'steps to pass it', '300 fresh episodes at the end', 'processor seconds'],
        beyond.filter(([, name]) => readResult(name)).map(([label, name]) => beyondRow(label, name)),
      ),
    'imitation-commands': () =>
      [
        data('mt10-200', 'mt10-50', 'mt10-unequal', 'mt3-100', 'clumsy-reach', 'clumsy-close-drawer'),
        commands(present(['imitation-mt10-200', 'imitation-mt10-50', ...beyond.map(([, name]) => name)])),
      ].join('\n\n'),
  },
  charts: () => ({
    'imitation-beyond.svg': chart(
      'SAC beside a clumsy controller',
      beyond.filter(([, name]) => readResult(name)),
    ),
  }),
};
