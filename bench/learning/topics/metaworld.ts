// Meta-World's MT10 by one policy with BRC's networks in sizes for a processor, beside specialists on three of its tasks.
import { common, type Experiment } from '../experiment.js';
import { readResult, spread } from '../results.js';
import { cell, commands, percent, resultOf, row, table, whole } from '../tables.js';
import type { Topic } from '../topic.js';

/** BRC's, but for the critics' width (4096), the batch (1024) and how many blocks a critic has (2). */
const brc = {
  network: 'bronet',
  criticWidth: 256,
  criticBlocks: 1,
  actorWidth: 128,
  actorBlocks: 1,
  critics: 'categorical',
  scaleRewards: true,
  taskTemperatures: false,
  initialTemperature: 0.1,
  targetEntropy: -2,
  weightDecay: 1e-4,
};

/** Two threads learn, and beside them one steps. */
const learning = {
  env: { options: { maxEpisodeSteps: 200 } },
  training: { warmupSteps: 5000, batchSize: 256, updatesPerStep: 0.5, cycleSteps: 100 },
  runtime: { threads: 2, overlap: true },
};

const generalist: Experiment = {
  ...common,
  name: 'metaworld-mt10',
  about: 'metaworld/mt10 by one policy, 100,000 steps a task',
  env: 'metaworld/mt10',
  agent: 'mtsac',
  relabel: 'none',
  steps: 1_000_000,
  evaluateEvery: 100_000,
  // Two hours on two cores.
  limitSeconds: 14_400,
  alone: true,
  settings: { ...learning, envs: 4, agent: { options: { ...brc, taskEmbedding: 32 } } },
};

const alone = ['drawer-close', 'window-open', 'door-open'] as const;
const nameOf = (task: string) => `metaworld-alone-${task}`;
const specialists: readonly Experiment[] = alone.map((task) => ({
  ...generalist,
  name: nameOf(task),
  about: `metaworld/${task} alone, as many steps of it`,
  env: `metaworld/${task}`,
  steps: 100_000,
  evaluateEvery: 10_000,
  limitSeconds: 1440,
  settings: { ...learning, training: { ...learning.training, warmupSteps: 2000 }, agent: { options: brc } },
}));

const ran = () => [generalist, ...specialists].map(({ name }) => name).filter((name) => readResult(name));

function curveRow(name: string): string {
  const { trials, env } = resultOf(name);
  const last = spread(trials.flatMap(({ freshLast }) => freshLast?.anySuccess ?? []));
  const steps = spread(trials.flatMap(({ envSteps }) => envSteps ?? []));
  return row(
    env,
    `${trials.length}`,
    cell(steps, whole),
    cell(last, percent),
    cell(spread(trials.flatMap((t) => t.cpuSeconds ?? [])), whole),
  );
}

export const metaworld: Topic = {
  page: 'multitask/brc.md',
  experiments: [generalist, ...specialists],
  sections: {
    metaworld: () =>
      ran().length === 0
        ? 'None of these has been run to its end yet.'
        : table(
            ['', 'seeds', 'steps', '300 fresh episodes, success at any step', 'processor seconds'],
            ran().map(curveRow),
          ),
    'metaworld-commands': () => (ran().length === 0 ? '' : commands(ran())),
  },
  charts: () => ({}),
};
