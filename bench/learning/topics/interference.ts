// What remedies do where tasks disturb each other: opposed tasks by layer, unequal tasks, and episodes passed between tasks.
import { common, type Experiment } from '../experiment.js';
import { networks, readCosines } from '../interference/results.js';
import { reached, readResult, type Spread, spread } from '../results.js';
import { cell, chart, commands, percent, resultOf, row, table, whole } from '../tables.js';
import type { Topic } from '../topic.js';

type Case = readonly [name: string, label: string, options?: object, tasks?: object];

const agent = { hidden: [64, 64, 64], learningRate: 0.001, discount: 0.95, tau: 0.05, initialTemperature: 0.1 };
const oneThread = { threads: 1, overlap: false, worker: false };

const gradients: readonly Case[] = [
  ['plain', 'plain'],
  ['pcgrad', 'PCGrad', { gradients: 'pcgrad' }],
  ['gradnorm', 'GradNorm', { gradients: 'gradnorm' }],
  ['inverse-norm', 'inverse norms', { gradients: 'inverse-norm' }],
  ['cagrad', 'CAGrad', { gradients: 'cagrad' }],
];

const separated: readonly Case[] = [
  ['heads', 'multi-head', { network: 'multi-head' }],
  ['modules', 'soft modules', { network: 'soft-modules', modules: 2, moduleLayers: 2, moduleWidth: 32 }],
];

const sampling: readonly Case[] = [
  ['performance', 'sampling by performance', {}, { sampling: 'performance' }],
  ['uncertainty', 'sampling by uncertainty', {}, { sampling: 'uncertainty' }],
];

const opposed = [...gradients, ...separated];
const unequal = [...gradients, ...sampling];
const passing: readonly Case[] = [
  ['alone', 'each task its own episodes'],
  ['passed', 'passed on to all seven others', {}, { hindsight: 7 }],
  ['balanced', 'passed on, half of the rows from successes', {}, { hindsight: 7, successShare: 0.5 }],
];

/** Fewer places, all of which are found in time. */
const passingOfFour: readonly Case[] = [
  ['alone', 'each task its own episodes'],
  ['passed', 'passed on to all three others', {}, { hindsight: 3 }],
];

const settingsOf = (options: object = {}, tasks: object = {}, more: object = {}) => ({
  agent: { options: { ...agent, ...options } },
  tasks,
  training: { batchSize: 128, updatesPerStep: 0.5 },
  runtime: oneThread,
  ...more,
});

const ofOpposed = ([name, label, options]: Case): Experiment => ({
  ...common,
  name: `opposed-${name}`,
  about: `left against right: ${label}`,
  env: 'point/left-right',
  agent: 'mtsac',
  relabel: 'none',
  steps: 4000,
  evaluateEvery: 500,
  settings: settingsOf(options, { identifiers: ['task'] }, { env: { options: { reward: 'dense' } } }),
});

const ofUnequal = ([name, label, options, tasks]: Case): Experiment => ({
  ...common,
  name: `unequal-${name}`,
  about: `an easy and a hard task: ${label}`,
  env: 'bench/learning/envs/point-unequal.js',
  agent: 'mtsac',
  relabel: 'future:4',
  steps: 8000,
  evaluateEvery: 1000,
  settings: settingsOf(options, tasks),
});

const ofPassing = ([name, label, , tasks]: Case): Experiment => ({
  ...common,
  name: `passing-${name}`,
  about: `eight places without hindsight on goals: ${label}`,
  env: 'point/navigate',
  agent: 'mtsac',
  relabel: 'none',
  steps: 12_000,
  evaluateEvery: 1000,
  settings: settingsOf({}, { identifiers: ['task'], ...tasks }, { env: { options: { distanceThreshold: 0.1 } } }),
});

const ofPassingOfFour = (of: Case): Experiment => {
  const [name, label, , tasks] = of;
  return {
    ...ofPassing(of),
    name: `passing-four-${name}`,
    about: `four places without hindsight on goals: ${label}`,
    settings: settingsOf(
      {},
      { identifiers: ['task'], ...tasks },
      { env: { options: { distanceThreshold: 0.1, places: 4 } } },
    ),
  };
};

const named = (prefix: string, cases: readonly Case[]) =>
  cases.map(([name, label]) => [label, `${prefix}-${name}`] as const).filter(([, name]) => readResult(name));

function firstAt(name: string, wanted: number): Spread | undefined {
  const { trials } = resultOf(name);
  return spread(trials.flatMap((trial) => trial.curve[reached(trial, wanted)]?.steps ?? []));
}

function opposedRow(label: string, name: string): string {
  const { trials, summary } = resultOf(name);
  return row(
    `${label} (${trials.length} seeds)`,
    cell(firstAt(name, 0.9), whole, trials.length),
    cell(summary.freshLastSuccess, percent),
    whole(summary.cpuSeconds.mean),
  );
}

/** Of one network, by layer: the mean cosine over seeds and moments, and at how many of them it was below 0. */
function cosineRow(label: string, name: string, network: (typeof networks)[number]): string {
  const moments = (readCosines()[name] ?? []).flatMap((seed) => seed.moments.map(({ layers }) => layers[network]));
  const cells = [0, 1, 2, 3].map((layer) => {
    const values = moments.map((layers) => layers[layer]).filter(Number.isFinite);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return `${mean.toFixed(2)}, ${percent(values.filter((value) => value < 0).length / values.length)}`;
  });
  return row(`${label}, ${network === 'actor' ? 'actor' : 'first critic'}`, ...cells);
}

function tasksRow(label: string, name: string): string {
  const { trials, summary } = resultOf(name);
  const last = (task: string) => spread(trials.map((trial) => trial.freshLast?.tasks?.[task] ?? Number.NaN));
  return row(
    `${label} (${trials.length} seeds)`,
    cell(last('easy'), percent),
    cell(last('hard'), percent),
    cell(firstAt(name, 0.9), whole, trials.length),
    whole(summary.cpuSeconds.mean),
  );
}

function passingRow(label: string, name: string): string {
  const { trials, summary } = resultOf(name);
  return row(
    `${label} (${trials.length} seeds)`,
    cell(firstAt(name, 0.5), whole, trials.length),
    cell(firstAt(name, 0.9), whole, trials.length),
    cell(summary.freshLastSuccess, percent),
    whole(summary.cpuSeconds.mean),
  );
}

export const interference: Topic = {
  page: 'multitask/remedies.md',
  experiments: [
    ...opposed.map(ofOpposed),
    ...unequal.map(ofUnequal),
    ...passing.map(ofPassing),
    ...passingOfFour.map(ofPassingOfFour),
  ],
  sections: {
    opposed: () =>
      table(
        ['', 'steps to 90%', '300 fresh episodes at the end', 'processor seconds'],
        named('opposed', opposed).map(([label, name]) => opposedRow(label, name)),
      ),
    cosines: () =>
      table(
        ['mean cosine, conflicts', 'layer 0', 'layer 1', 'layer 2', 'layer 3'],
        named('opposed', opposed)
          .filter(([, name]) => readCosines()[name])
          .flatMap(([label, name]) => networks.map((network) => cosineRow(label, name, network))),
      ),
    unequal: () =>
      table(
        ['', 'easy task, at the end', 'hard task, at the end', 'steps to a mean of 90%', 'processor seconds'],
        named('unequal', unequal).map(([label, name]) => tasksRow(label, name)),
      ),
    passing: () =>
      table(
        ['', 'steps to 50%', 'steps to 90%', '300 fresh episodes at the end', 'processor seconds'],
        named('passing', passing).map(([label, name]) => passingRow(label, name)),
      ),
    'passing-four': () =>
      table(
        ['', 'steps to 50%', 'steps to 90%', '300 fresh episodes at the end', 'processor seconds'],
        named('passing-four', passingOfFour).map(([label, name]) => passingRow(label, name)),
      ),
    'interference-commands': () =>
      commands(
        [
          ...named('opposed', opposed),
          ...named('unequal', unequal),
          ...named('passing', passing),
          ...named('passing-four', passingOfFour),
        ].map(([, name]) => name),
      ),
  },
  charts: () => ({
    'passing.svg': chart('Hindsight between eight places', named('passing', passing)),
  }),
};
