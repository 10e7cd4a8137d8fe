// Behaviour cloning of many tasks: how many demonstrations, what its practices are worth, heads and backbones, and going on by RL.
import { recordCommand } from '../data-sets.js';
import { common, type Experiment, oneThread } from '../experiment.js';
import { readResult, spread } from '../results.js';
import { cell, chart, commands, percent, resultOf, row, table, whole } from '../tables.js';
import type { Topic } from '../topic.js';

const withAgent = (options: Readonly<Record<string, unknown>>) => ({ ...oneThread, agent: { options } });
const cloning = { ...common, env: 'tabletop/mt10', agent: 'bc', relabel: 'none', settings: oneThread };
const on200 = { ...cloning, steps: 8000, evaluateEvery: 8000, data: ['mt10-200'] };
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

/** What brought success from 200 demonstrations a task, each taken away; and another backbone. */
const changed: readonly Change[] = [
  ['places', 'goals as places alone, not in relation to what is', { settings: withAgent({ relative: false }) }],
  ['velocities', 'velocities seen', { settings: withAgent({ unseen: [] }) }],
  ['steady', 'demonstrations without shaking', { data: ['mt10-200-steady'] }],
  ['chunks', 'chunks of 8 actions, averaged', { settings: withAgent({ chunk: 8 }) }],
  ['state', 'a deviation of each state', { settings: withAgent({ std: 'state' }) }],
  ['transformer', 'a Transformer instead of the MLP', { settings: withAgent({ backbone: 'transformer' }) }],
];

const practices: readonly Change[] = [
  ['all', 'stratified batches, statistics of each task', {}],
  ['weights', 'weights in pooled batches instead of stratified ones', { settings: withAgent({ balance: 'weights' }) }],
  ['pooled', 'neither: pooled batches without weights', { settings: withAgent({ balance: 'none' }) }],
  [
    'statistics',
    'stratified, but one statistic for all tasks',
    { settings: { ...oneThread, training: { normalize: true } } },
  ],
  ['raw', 'stratified, without normalisation', { settings: { ...oneThread, training: { normalize: false } } }],
];

const heads: readonly Change[] = [
  ['gaussian', 'Gaussian, a fixed deviation', {}],
  ['state', 'Gaussian, deviations of each state', { settings: withAgent({ std: 'state' }) }],
  ['mixture', 'mixture of five Gaussians', { settings: withAgent({ head: 'mixture' }) }],
  ['bins', '41 bins for each number', { settings: withAgent({ head: 'bins' }) }],
  ['chunks', 'Gaussian, chunks of 8, averaged', { settings: withAgent({ chunk: 8 }) }],
  ['open-loop', 'Gaussian, chunks of 8, open loop', { settings: withAgent({ chunk: 8, execution: 'open-loop' }) }],
  ['long', 'Gaussian, a fixed deviation, eight times the updates', { steps: 24_000, evaluateEvery: 24_000 }],
  ['transformer', 'Gaussian, a fixed deviation, Transformer', { settings: withAgent({ backbone: 'transformer' }) }],
];

/** Meta-World's own measure is success at any step; 200 steps an episode, as some papers have. */
const onMetaworld: Experiment = {
  ...cloning,
  name: 'imitation-metaworld',
  about: 'metaworld/mt10 cloned from 100 scripted episodes a task',
  env: 'metaworld/mt10',
  steps: 8000,
  evaluateEvery: 8000,
  data: ['metaworld-100'],
  settings: { ...withAgent({ chunk: 1 }), env: { options: { maxEpisodeSteps: 200 } } },
};

/** Mean success over 300 fresh episodes of the last policy, and the tasks below 90%, as means over seeds. */
function clonedRow(label: string, name: string, measure: 'tasks' | 'anyTasks'): string {
  const { trials, summary } = resultOf(name);
  const fresh = trials.map(({ freshLast }) => freshLast?.[measure] ?? {});
  const weak = Object.keys(fresh[0])
    .map((task) => ({ task, success: spread(fresh.map((of) => of[task]))?.mean ?? 0 }))
    .filter(({ success }) => success < 0.9)
    .sort((a, b) => a.success - b.success)
    .map(({ task, success }) => `${task} ${percent(success)}`);
  const success =
    measure === 'tasks' ? summary.freshLastSuccess : spread(trials.map((t) => t.freshLast?.anySuccess ?? 0));
  return row(
    `${label} (${trials.length} seed${trials.length > 1 ? 's' : ''})`,
    cell(success, percent),
    weak.join(', ') || 'none',
    whole(summary.cpuSeconds.mean),
  );
}

const clonedTable = (
  rows: readonly (readonly [label: string, name: string])[],
  measure: 'tasks' | 'anyTasks' = 'tasks',
): string =>
  table(
    ['', '300 fresh episodes', 'tasks below 90%', 'processor seconds'],
    rows.filter(([, name]) => readResult(name)).map(([label, name]) => clonedRow(label, name, measure)),
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
    { ...on200, name: 'imitation-mt10-200', about: 'tabletop/mt10 cloned from 200 demonstrations a task' },
    ...changed.map(([name, about, changes]) => ({
      ...on200,
      name: `imitation-changed-${name}`,
      about: `the same, but ${about}`,
      ...changes,
    })),
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
    onMetaworld,
    goingOn('reach', 'SAC beside a clumsy controller, tabletop/reach'),
    goingOn('close-drawer', 'SAC beside a clumsy controller, tabletop/close-drawer'),
  ],
  sections: {
    'imitation-mt10': () =>
      clonedTable([
        ['200 demonstrations a task', 'imitation-mt10-200'],
        ['50 demonstrations a task', 'imitation-mt10-50'],
        ...named('changed', changed),
      ]),
    'imitation-unequal': () => clonedTable(named('unequal', practices)),
    'imitation-metaworld': () => clonedTable([['100 episodes a task', 'imitation-metaworld']], 'anyTasks'),
    'imitation-mt3': () => clonedTable(named('mt3', heads)),
    'imitation-beyond': () =>
      table(
        ['', 'demonstrator', 'steps to pass it', '300 fresh episodes at the end', 'processor seconds'],
        beyond.filter(([, name]) => readResult(name)).map(([label, name]) => beyondRow(label, name)),
      ),
    'imitation-commands': () =>
      [
        data(
          'mt10-200',
          'mt10-200-steady',
          'mt10-50',
          'mt10-unequal',
          'mt3-100',
          'clumsy-reach',
          'clumsy-close-drawer',
          'metaworld-100',
        ),
        commands(
          present([
            'imitation-mt10-200',
            'imitation-mt10-50',
            'imitation-metaworld',
            ...beyond.map(([, name]) => name),
          ]),
        ),
      ].join('\n\n'),
  },
  charts: () => ({
    'imitation-beyond.svg': chart(
      'SAC beside a clumsy controller',
      beyond.filter(([, name]) => readResult(name)),
    ),
  }),
};
