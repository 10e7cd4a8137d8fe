// Pushing a block, and lifting it: hindsight against none, what each part of the tuned settings is worth, other agents.
import { common, type Experiment, oneThread } from '../experiment.js';
import { readResult } from '../results.js';
import { cell, chart, commands, percent, resultOf, row, table, whole } from '../tables.js';
import type { Topic } from '../topic.js';

const withAgent = (options: Readonly<Record<string, unknown>>) => ({ ...oneThread, agent: { options } });

/** Of the comparisons: where the tuned settings are nearly there. */
const COMPARED_STEPS = 320_000;

type Change = readonly [name: string, about: string, changes: Partial<Experiment>];
/** One change each against the tuned settings. */
const ablations: readonly Change[] = [
  ['patience', 'discount 0.95', { settings: withAgent({ discount: 0.95 }) }],
  ['softness', 'the penalty on large actions is 0.1', { settings: withAgent({ actionPenalty: 0.1 }) }],
  ['layer-norm', 'no layer normalisation', { settings: withAgent({ criticLayerNorm: false }), seeds: [1, 2, 3] }],
  ['unmet-goals', 'goals met already are allowed', { settings: { ...oneThread, replay: { unmetGoals: 0 } } }],
  ['average', 'the policy is not averaged', { settings: withAgent({ policyAverage: 0 }) }],
  ['width', 'layers of 64', { settings: withAgent({ hidden: [64, 64] }) }],
  ['random-actions', 'no random actions', { settings: withAgent({ randomActionProbability: 0 }) }],
  ['one-critic', 'the minimum of two critics', { settings: withAgent({ critics: 2 }) }],
  ['bounds', 'entropy in the targets, so without bounds', { settings: withAgent({ entropyBackup: true }) }],
  [
    'many-episodes',
    'an eighth of the episodes, as many updates',
    {
      steps: COMPARED_STEPS / 8,
      evaluateEvery: 5000,
      settings: { ...oneThread, training: { updatesPerStep: 0.8, cycleSteps: 16 } },
    },
  ],
];
/** Other critics and agents. */
const others: readonly Change[] = [
  ['dropout', 'dropout of 1% in the critic', { settings: withAgent({ criticDropout: 0.01 }) }],
  [
    'redq',
    'ten critics, two of them drawn for each target, their mean for the actor',
    { settings: withAgent({ critics: 10, targetCritics: 2, actorValue: 'mean' }) },
  ],
  ['tqc', 'truncated quantile critics', { agent: 'tqc' }],
  ['td3', 'TD3', { agent: 'td3' }],
  ['ddpg', 'DDPG', { agent: 'ddpg' }],
];
const compared: readonly Change[] = [
  ...ablations.map(([name, about, changes]): Change => [`without-${name}`, about, changes]),
  ...others,
];

const lines: readonly (readonly [label: string, experiment: string])[] = [
  ['tuned', 'arm-push-tuned'],
  ['no hindsight', 'arm-push-none'],
];

const solvedHead = [
  'steps',
  'processor seconds',
  'steps to 95%',
  'processor seconds to 95%',
  'last evaluation',
  'last policy, 300 fresh goals',
];
/** A row of a table of solved tasks. */
export function solvedRow(label: string, name: string): string {
  const { summary, trials } = resultOf(name);
  return row(
    `${label} (${trials.length} seed${trials.length > 1 ? 's' : ''})`,
    cell(summary.envSteps, whole),
    cell(summary.cpuSeconds, whole),
    cell(summary.stepsTo95, whole, trials.length),
    cell(summary.cpuSecondsTo95, whole),
    cell(summary.success, percent),
    cell(summary.freshLastSuccess, percent),
  );
}
export const solvedTable = (rows: readonly (readonly [label: string, experiment: string])[]): string =>
  table(
    ['', ...solvedHead],
    rows.map(([label, name]) => solvedRow(label, name)),
  );

/** Success in the evaluations up to the given one of these, as the mean of the last three, so that luck counts less. */
function ablationRow(label: string, name: string, share: number): string {
  const { trials, steps } = resultOf(name);
  const at = (part: number) => {
    const last = part * steps;
    const rates = trials.map(({ curve }) => {
      const until = curve.filter((point) => point.steps <= last * 1.001).slice(-3);
      return until.reduce((sum, { success }) => sum + success, 0) / until.length;
    });
    return cell(
      {
        mean: rates.reduce((a, b) => a + b, 0) / rates.length,
        min: Math.min(...rates),
        max: Math.max(...rates),
        seeds: rates.length,
      },
      percent,
    );
  };
  const seconds = trials.map(({ curve }) => curve.find((point) => point.steps >= share * steps)?.cpuSeconds ?? 0);
  return row(
    `${label} (${trials.length})`,
    at(share / 2),
    at(share),
    whole(seconds.reduce((a, b) => a + b, 0) / seconds.length),
  );
}

function ablationTable(): string {
  const rows = compared.filter(([name]) => readResult(`arm-push-${name}`));
  return table(
    ['change (seeds)', 'success after half', `after all ${whole(COMPARED_STEPS)} steps`, 'processor seconds'],
    [
      ablationRow('none: the tuned settings', 'arm-push-tuned', COMPARED_STEPS / 800_000),
      ...rows.map(([name, about]) => ablationRow(about, `arm-push-${name}`, 1)),
    ],
  );
}

/** Hindsight on arm/push by SAC. */
const onPush = {
  ...common,
  env: 'arm/push',
  agent: 'sac',
  relabel: 'future:4',
  evaluateEvery: 40_000,
  settings: oneThread,
};

export const push: Topic = {
  page: 'results.md',
  experiments: [
    { ...onPush, name: 'arm-push-tuned', about: 'arm/push with the tuned settings', steps: 800_000 },
    {
      ...onPush,
      name: 'arm-push-none',
      about: 'arm/push without hindsight, the other settings being equal',
      relabel: 'none',
      steps: 200_000,
    },
    ...compared.map(([name, about, changes]) => ({
      ...onPush,
      name: `arm-push-${name}`,
      about: `arm/push, ${about}`,
      steps: COMPARED_STEPS,
      seeds: [1],
      ...changes,
    })),
    {
      ...onPush,
      name: 'arm-pick-tuned',
      about: 'arm/pick-and-place with the tuned settings: 500 demonstrations first',
      env: 'arm/pick-and-place',
      steps: 400_000,
    },
    {
      ...onPush,
      name: 'arm-slide-tuned',
      about: 'arm/slide with the tuned settings',
      env: 'arm/slide',
      steps: 400_000,
      seeds: [1],
    },
    {
      ...onPush,
      name: 'arm-slide-demonstrated',
      about: 'arm/slide, 500 demonstrations first',
      env: 'arm/slide',
      steps: 400_000,
      seeds: [1],
      settings: { ...oneThread, training: { demonstrations: 500 } },
    },
  ],
  sections: {
    push: () => solvedTable(lines),
    'push-parts': ablationTable,
    'push-commands': () => commands(lines.map(([, name]) => name)),
    lift: () =>
      solvedTable([
        ['arm/pick-and-place', 'arm-pick-tuned'],
        ['arm/slide', 'arm-slide-tuned'],
        ['arm/slide, 500 demonstrations', 'arm-slide-demonstrated'],
      ]),
    'lift-commands': () => commands(['arm-pick-tuned', 'arm-slide-tuned', 'arm-slide-demonstrated']),
  },
  charts: () => ({
    'arm-push-hindsight.svg': chart('arm/push, SAC: success with and without hindsight', lines),
    'arm-lift.svg': chart('arm/pick-and-place and arm/slide, SAC', [
      ['pick and place', 'arm-pick-tuned'],
      ['slide', 'arm-slide-tuned'],
      ['slide, shown', 'arm-slide-demonstrated'],
    ]),
  }),
};
