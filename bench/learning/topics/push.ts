// Pushing a block: hindsight against none, and what makes it learn.
import { common, oneThread } from '../experiment.js';
import { cell, chart, commands, percent, resultOf, row, table, whole } from '../tables.js';
import type { Topic } from '../topic.js';

const pushes: readonly (readonly [label: string, experiment: string])[] = [
  ['future:4', 'arm-push-future'],
  ['none', 'arm-push-none'],
  ['future:4, 2 critics', 'arm-push-two-critics'],
  ['falling rate', 'arm-push-annealed'],
];

function pushTable(): string {
  return table(
    ['', 'steps', 'seconds', 'processor seconds', 'success at the end', 'best checkpoint, 300 fresh goals'],
    pushes.map(([label, name]) => {
      const { envSteps, seconds, cpuSeconds, success, freshSuccess } = resultOf(name).summary;
      return row(
        `${label} (${freshSuccess.seeds} seeds)`,
        cell(envSteps, whole),
        cell(seconds, whole),
        cell(cpuSeconds, whole),
        cell(success, percent),
        cell(freshSuccess, percent),
      );
    }),
  );
}

export const push: Topic = {
  page: 'results.md',
  experiments: [
    ...['future', 'none'].map((strategy) => ({
      ...common,
      name: `arm-push-${strategy}`,
      about: strategy === 'none' ? 'arm/push without hindsight' : 'arm/push with hindsight',
      env: 'arm/push',
      agent: 'sac',
      relabel: strategy === 'none' ? 'none' : `${strategy}:4`,
      steps: strategy === 'none' ? 150_000 : 400_000,
      evaluateEvery: 5000,
      settings: oneThread,
    })),
    {
      ...common,
      name: 'arm-push-two-critics',
      about: 'arm/push with hindsight and the minimum of two critics, the other settings being equal',
      env: 'arm/push',
      agent: 'sac',
      relabel: 'future:4',
      steps: 75_000,
      evaluateEvery: 5000,
      settings: { ...oneThread, agent: { options: { critics: 2 } } },
    },
    {
      ...common,
      name: 'arm-push-annealed',
      about: 'arm/push with hindsight and a learning rate that falls to 0 over the run',
      env: 'arm/push',
      agent: 'sac',
      relabel: 'future:4',
      steps: 300_000,
      evaluateEvery: 10_000,
      settings: { ...oneThread, agent: { options: { learningRateDecay: 300_000 } } },
    },
  ],
  sections: {
    push: pushTable,
    'push-commands': () => commands(pushes.map(([, name]) => name)),
  },
  charts: () => ({ 'arm-push-hindsight.svg': chart('arm/push, SAC: success with and without hindsight', pushes) }),
};
