// Pushing a block: hindsight against none, and what makes it learn.
import { common, type Experiment, oneThread } from '../experiment.js';
import { readResult } from '../results.js';
import { cell, chart, commands, percent, resultOf, row, table, whole } from '../tables.js';
import type { Topic } from '../topic.js';

/** What the first experiments were run with, whatever the defaults have become. */
const before = {
  ...oneThread,
  envs: 4,
  agent: { options: { hidden: [64, 64], criticLayerNorm: false, policyAverage: 0 } },
  training: { updatesPerStep: 1, cycleSteps: 10 },
  replay: { unmetGoals: 0 },
};
const beforeWith = (options: Readonly<Record<string, unknown>>) => ({
  ...before,
  agent: { options: { ...before.agent.options, ...options } },
});

const withAgent = (options: Readonly<Record<string, unknown>>) => ({ ...oneThread, agent: { options } });
/** One change each against the tuned settings. */
const ablations: readonly (readonly [name: string, about: string, changes: Partial<Experiment>])[] = [
  [
    'few-episodes',
    'an eighth of the episodes, as many updates',
    {
      steps: 100_000,
      evaluateEvery: 5000,
      settings: { ...oneThread, training: { updatesPerStep: 0.8, cycleSteps: 16 } },
    },
  ],
  ['no-layer-norm', 'no layer normalisation', { settings: withAgent({ criticLayerNorm: false }) }],
  ['met-goals', 'goals met already are allowed', { settings: { ...oneThread, replay: { unmetGoals: 0 } } }],
  ['not-averaged', 'the policy is not averaged', { settings: withAgent({ policyAverage: 0 }) }],
  ['narrow', 'layers of 64', { settings: withAgent({ hidden: [64, 64] }) }],
];

const lines: readonly (readonly [label: string, experiment: string])[] = [
  ['tuned', 'arm-push-tuned'],
  ...ablations.map(([name, about]) => [about, `arm-push-without-${name}`] as const),
  ['before: future:4', 'arm-push-future'],
  ['before: none', 'arm-push-none'],
  ['before: 2 critics', 'arm-push-two-critics'],
  ['before: falling rate', 'arm-push-annealed'],
];
/** Those that have been run. */
const pushes = lines.filter(([, name]) => readResult(name));

function pushTable(): string {
  return table(
    [
      '',
      'steps',
      'processor seconds',
      'steps to 95%',
      'last evaluation',
      'best, 300 fresh goals',
      'last, 300 fresh goals',
    ],
    pushes.map(([label, name]) => {
      const { summary, trials } = resultOf(name);
      return row(
        `${label} (${trials.length} seeds)`,
        cell(summary.envSteps, whole),
        cell(summary.cpuSeconds, whole),
        cell(summary.stepsTo95, whole, trials.length),
        cell(summary.success, percent),
        cell(summary.freshSuccess, percent),
        summary.freshLastSuccess ? cell(summary.freshLastSuccess, percent) : '',
      );
    }),
  );
}

/** Hindsight on arm/push by SAC. */
const onPush = { ...common, env: 'arm/push', agent: 'sac', relabel: 'future:4', evaluateEvery: 5000 };
const tuned = { ...onPush, name: 'arm-push-tuned', steps: 800_000, evaluateEvery: 40_000, settings: oneThread };

export const push: Topic = {
  page: 'results.md',
  experiments: [
    { ...tuned, about: 'arm/push with the tuned settings' },
    {
      ...tuned,
      name: 'arm-push-long',
      about: 'arm/push, twice the steps, a learning rate that falls to 0 over them',
      steps: 1_600_000,
      limitSeconds: 3600,
      settings: withAgent({ learningRateDecay: 160_000 }),
    },
    ...ablations.map(([name, about, changes]) => ({
      ...tuned,
      name: `arm-push-without-${name}`,
      about: `arm/push, ${about}`,
      seeds: [1],
      ...changes,
    })),
    { ...onPush, name: 'arm-push-future', about: 'arm/push with hindsight', steps: 400_000, settings: before },
    {
      ...onPush,
      name: 'arm-push-none',
      about: 'arm/push without hindsight',
      relabel: 'none',
      steps: 150_000,
      settings: before,
    },
    {
      ...onPush,
      name: 'arm-push-two-critics',
      about: 'arm/push with hindsight and the minimum of two critics, the other settings being equal',
      steps: 75_000,
      settings: beforeWith({ critics: 2 }),
    },
    {
      ...onPush,
      name: 'arm-push-annealed',
      about: 'arm/push with hindsight and a learning rate that falls to 0 over the run',
      steps: 300_000,
      evaluateEvery: 10_000,
      settings: beforeWith({ learningRateDecay: 300_000 }),
    },
  ],
  sections: {
    push: pushTable,
    'push-commands': () => commands(pushes.map(([, name]) => name)),
  },
  charts: () => ({ 'arm-push-hindsight.svg': chart('arm/push, SAC: success with and without hindsight', pushes) }),
};
