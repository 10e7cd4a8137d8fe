// Pushing a block: hindsight against none, and what makes it learn.
import { common, oneThread } from '../experiment.js';
import { readResult } from '../results.js';
import { cell, chart, commands, percent, resultOf, row, table, whole } from '../tables.js';
import type { Topic } from '../topic.js';

/** What the first experiments were run with, whatever the defaults have become. */
const before = {
  ...oneThread,
  agent: { options: { hidden: [64, 64], policyAverage: 0 } },
  replay: { unmetGoals: 0 },
};
const beforeWith = (options: Readonly<Record<string, unknown>>) => ({
  ...before,
  agent: { options: { ...before.agent.options, ...options } },
});

/** Wider networks, the policy averaged for evaluation, hindsight that insists on goals not met already. */
const wide = {
  ...oneThread,
  agent: { options: { hidden: [128, 128, 128], policyAverage: 5e-4 } },
  replay: { unmetGoals: 0.7 },
};
/** The same with other options of the agent. */
const wideWith = (options: Readonly<Record<string, unknown>>) => ({
  ...wide,
  agent: { options: { ...wide.agent.options, ...options } },
});

/** One change each against those. */
const ablations: readonly (readonly [name: string, about: string, settings: Readonly<Record<string, unknown>>])[] = [
  ['met-goals', 'wide, without insisting on unmet goals', { ...wide, replay: { unmetGoals: 0 } }],
  ['not-averaged', 'wide, without averaging the policy', wideWith({ policyAverage: 0 })],
  ['narrow', 'wide, but two hidden layers of 64', wideWith({ hidden: [64, 64] })],
  ['layer-norm', 'wide, with layer normalisation in the critic', wideWith({ criticLayerNorm: true })],
  [
    'two-of-five',
    'wide, minimum of two of five critics, actor on their mean',
    wideWith({ critics: 5, targetCritics: 2, actorValue: 'mean' }),
  ],
];

const lines: readonly (readonly [label: string, experiment: string])[] = [
  ['wide', 'arm-push-wide'],
  ...ablations.map(([name, about]) => [about, `arm-push-wide-${name}`] as const),
  ['future:4', 'arm-push-future'],
  ['none', 'arm-push-none'],
  ['2 critics', 'arm-push-two-critics'],
  ['falling rate', 'arm-push-annealed'],
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

export const push: Topic = {
  page: 'results.md',
  experiments: [
    {
      ...onPush,
      name: 'arm-push-wide',
      about: 'arm/push with wider networks, averaged policy and unmet goals',
      steps: 250_000,
      limitSeconds: 1200,
      settings: wide,
    },
    ...ablations.map(([name, about, settings]) => ({
      ...onPush,
      name: `arm-push-wide-${name}`,
      about: `arm/push ${about}`,
      steps: 250_000,
      limitSeconds: 1200,
      settings,
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
    {
      ...onPush,
      name: 'arm-pick-and-place-demonstrations',
      about: 'arm/pick-and-place with 1000 episodes of the scripted controller in the replay',
      env: 'arm/pick-and-place',
      steps: 150_000,
      limitSeconds: 1200,
      settings: { ...wide, training: { demonstrations: 1000 } },
    },
  ],
  sections: {
    push: pushTable,
    'push-commands': () => commands(pushes.map(([, name]) => name)),
  },
  charts: () => ({ 'arm-push-hindsight.svg': chart('arm/push, SAC: success with and without hindsight', pushes) }),
};
