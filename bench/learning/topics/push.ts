// Pushing a block, and lifting it: hindsight against none, what each part of the tuned settings is worth, other agents.
import { common, type Experiment, oneThread } from '../experiment.js';
import { readResult, spread } from '../results.js';
import { cell, chart, commands, percent, resultOf, row, solvedTable, table, whole } from '../tables.js';
import type { Topic } from '../topic.js';
import type { Trial } from '../trial.js';

const withAgent = (options: Readonly<Record<string, unknown>>) => ({ ...oneThread, agent: { options } });

/** Of the comparisons: where the tuned settings are nearly there. */
const COMPARED_STEPS = 320_000;

/** REDQ's critics: made for many updates from few episodes. */
const tenCritics = { critics: 10, targetCritics: 2, actorValue: 'mean' };
/** An eighth of the episodes and as many updates. */
const fewEpisodes = { training: { updatesPerStep: 0.8, cycleSteps: 16 } };
const atFewSteps = { steps: COMPARED_STEPS / 8, evaluateEvery: 5000 };

type Change = readonly [name: string, about: string, changes: Partial<Experiment>];
/** One change each against the tuned settings; where there are few episodes, also two. */
const compared: readonly Change[] = [
  ['without-patience', 'discount 0.95', { settings: withAgent({ discount: 0.95 }) }],
  ['without-softness', 'the penalty on large actions is 0.1', { settings: withAgent({ actionPenalty: 0.1 }) }],
  ['without-layer-norm', 'no layer normalisation', { settings: withAgent({ criticLayerNorm: false }) }],
  ['without-unmet-goals', 'goals met already are allowed', { settings: { ...oneThread, replay: { unmetGoals: 0 } } }],
  ['without-average', 'the policy is not averaged', { settings: withAgent({ policyAverage: 0 }) }],
  ['without-width', 'layers of 64', { settings: withAgent({ hidden: [64, 64] }) }],
  ['without-bounds', 'entropy in the targets, so without bounds', { settings: withAgent({ entropyBackup: true }) }],
  ['random-actions', 'three random actions in ten', { settings: withAgent({ randomActionProbability: 0.3 }) }],
  ['one-critic', 'one critic', { settings: withAgent({ critics: 1 }) }],
  ['dropout', 'dropout of 1% in the critics', { settings: withAgent({ criticDropout: 0.01 }) }],
  [
    'redq',
    'ten critics, two of them drawn for each target, their mean for the actor',
    { settings: withAgent(tenCritics) },
  ],
  [
    'few-episodes',
    'an eighth of the episodes, as many updates',
    { ...atFewSteps, settings: { ...oneThread, ...fewEpisodes } },
  ],
  [
    'few-episodes-redq',
    'an eighth of the episodes, as many updates, ten critics as above',
    { ...atFewSteps, settings: { ...withAgent(tenCritics), ...fewEpisodes } },
  ],
  ['tqc', 'truncated quantile critics, with three random actions in ten', { agent: 'tqc', limitSeconds: 1200 }],
  ['td3', 'TD3, one critic, with three random actions in ten', { agent: 'td3' }],
  ['ddpg', 'DDPG, with its three random actions in ten', { agent: 'ddpg' }],
];

const lines: readonly (readonly [label: string, experiment: string])[] = [
  ['tuned', 'arm-push-tuned'],
  ['no hindsight', 'arm-push-none'],
];

/** What an experiment has after the compared steps, or after all of its own where those are fewer. */
function comparedRow(label: string, name: string): string {
  const { trials, steps } = resultOf(name);
  const end = Math.min(steps, COMPARED_STEPS);
  /** As the mean of three evaluations, so that luck counts less. */
  const success = ({ curve }: Trial, until: number) =>
    spread(
      curve
        .filter((point) => point.steps <= until)
        .map((point) => point.success)
        .slice(-3),
    )?.mean ?? Number.NaN;
  const seconds = trials.map(({ curve }) => curve.find((point) => point.steps >= end)?.cpuSeconds ?? Number.NaN);
  return row(
    `${label} (${trials.length})`,
    cell(spread(trials.map((trial) => success(trial, end / 2))), percent),
    cell(spread(trials.map((trial) => success(trial, end))), percent),
    whole(spread(seconds)?.mean ?? Number.NaN),
  );
}

const comparedTable = (): string =>
  table(
    ['change (seeds)', 'success after half', `after all ${whole(COMPARED_STEPS)} steps`, 'processor seconds'],
    [
      comparedRow('none: the tuned settings', 'arm-push-tuned'),
      ...compared
        .filter(([name]) => readResult(`arm-push-${name}`))
        .map(([name, about]) => comparedRow(about, `arm-push-${name}`)),
    ],
  );

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
    'push-parts': comparedTable,
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
