// Five tasks one after the other: what is lost with nothing, and what EWC, heads and replay of old tasks keep.
import { common, type Experiment } from '../experiment.js';
import { readResult, spread } from '../results.js';
import { cell, commands, percent, resultOf, row, table, whole } from '../tables.js';
import type { Topic } from '../topic.js';

const places = [0, 1, 2, 3, 4].map((k) => `place-${k}`);
const options = {
  hidden: [64, 64],
  learningRate: 0.003,
  discount: 0.9,
  tau: 0.05,
  initialTemperature: 0.1,
};

interface Change {
  readonly agent?: object;
  readonly tasks?: object;
  readonly training?: object;
}

type Case = readonly [name: string, label: string, changes: Change];

const heads = { network: 'multi-head' };
const cases: readonly Case[] = [
  ['nothing', 'nothing', {}],
  ['heads', 'multi-head', { agent: heads }],
  ['ewc', 'EWC', { agent: { ewc: 10_000 } }],
  ['ewc-weak', 'EWC, lambda 1', { agent: { ewc: 1 } }],
  ['ewc-heads', 'EWC, multi-head', { agent: { ...heads, ewc: 10_000 } }],
  ['rehearsal', 'replay of old tasks, half of each batch', { tasks: { rehearsal: 0.5 } }],
  [
    'one-normaliser',
    'EWC, multi-head, one normaliser for all tasks',
    { agent: { ...heads, ewc: 10_000 }, training: { normalize: true } },
  ],
];

const experiment = ([name, label, changes]: Case): Experiment => ({
  ...common,
  name: `forgetting-${name}`,
  about: `five tasks in sequence: ${label}`,
  env: 'point/navigate',
  agent: 'mtsac',
  relabel: 'none',
  steps: 10_000,
  evaluateEvery: 2000,
  settings: {
    env: { options: { places: 5, reward: 'dense' } },
    agent: { options: { ...options, ...changes.agent } },
    tasks: { sequence: places, identifiers: ['task'], ...changes.tasks },
    training: { batchSize: 64, updatesPerStep: 0.5, ...changes.training },
    runtime: { threads: 1, overlap: false, worker: false },
  },
});

const nameOf = ([name]: Case) => `forgetting-${name}`;
const measured = () => cases.filter((one) => readResult(nameOf(one)));

function forgettingRow(one: Case): string {
  const { trials, summary } = resultOf(nameOf(one));
  const reports = trials.flatMap(({ sequence }) => sequence ?? []);
  const learned = reports.map(
    ({ success, phases }) =>
      phases.reduce((sum, task, phase) => sum + success[phase][places.indexOf(task)], 0) / phases.length,
  );
  return row(
    `${one[1]} (${trials.length} seeds)`,
    cell(spread(reports.map(({ averagePerformance }) => averagePerformance)), percent),
    cell(spread(reports.map(({ forgetting = Number.NaN }) => forgetting)), percent),
    cell(spread(learned), percent),
    whole(summary.cpuSeconds.mean),
  );
}

export const forgetting: Topic = {
  page: 'multitask/forgetting.md',
  experiments: cases.map(experiment),
  sections: {
    forgetting: () =>
      table(
        ['', 'average performance', 'forgetting', 'success of each task after its own phase', 'processor seconds'],
        measured().map(forgettingRow),
      ),
    'forgetting-commands': () => commands(measured().map(nameOf)),
  },
  charts: () => ({}),
};
