// The grid: values of a table, of DQN and of PPO against dynamic programming, for all goals at once; hindsight on slippery ground.
import { common, type Experiment, oneThread } from '../experiment.js';
import { type GridSeed, readGrid, type ValueError } from '../grid-values/results.js';
import { spread } from '../results.js';
import { cell, chart, commands, percent, resultOf, row, table, tenth, whole } from '../tables.js';
import type { Topic } from '../topic.js';

const agents: readonly (readonly [agent: string, relabel: string, steps: number])[] = [
  ['tabular', 'random:4', 24_000],
  ['dqn', 'future:4', 24_000],
  ['ppo', 'none', 600_000],
];

const strategies = ['random', 'future', 'episode', 'final'];

/** Five cells around a wall, on which chance makes three moves of ten; the step size falls with the visits. */
const slippery = {
  env: { options: { map: '.../.#.', slip: 0.3, maxEpisodeSteps: 8 } },
  agent: { options: { learningRate: 1, visitPower: 0.7, epsilon: 1, discount: 0.6, states: 16, goals: 16 } },
  training: { updatesPerStep: 0.25 },
};

const experiments: readonly Experiment[] = [
  ...agents.map(([agent, relabel, steps]) => ({
    ...common,
    name: `grid-${agent}`,
    about: `grid with four rooms, ${agent} with its tuned settings`,
    env: 'grid',
    agent,
    relabel,
    steps,
    evaluateEvery: steps / 20,
    settings: oneThread,
  })),
  ...strategies.map((strategy) => ({
    ...common,
    name: `grid-slippery-${strategy}`,
    about: `a slippery grid of five cells, tabular with ${strategy}`,
    env: 'grid',
    agent: 'tabular',
    relabel: `${strategy}:4`,
    steps: 20_000,
    evaluateEvery: 20_000,
    settings: { ...oneThread, ...slippery },
  })),
];

const over = (seeds: readonly GridSeed[], of: (seed: GridSeed) => number | undefined) =>
  cell(spread(seeds.flatMap((seed) => of(seed) ?? [])), (value) => value.toFixed(Math.abs(value) < 0.1 ? 3 : 2));
const errors = (seeds: readonly GridSeed[], of: (seed: GridSeed) => ValueError | undefined) =>
  seeds.some(of) ? [over(seeds, (s) => of(s)?.mean), over(seeds, (s) => of(s)?.largest)] : ['', ''];

function valueTable(): string {
  const head = [
    'agent',
    'seeds',
    'steps',
    'seconds',
    'Q: mean error',
    'largest',
    'V: mean error',
    'largest',
    'success, all 4,556 pairs',
  ];
  return table(
    head,
    agents.map(([agent]) => {
      const name = `grid-${agent}`;
      const [seeds, { summary }] = [readGrid(name), resultOf(name)];
      return row(
        agent === 'tabular' ? 'tabular' : agent.toUpperCase(),
        seeds.length,
        cell(summary.envSteps, whole),
        cell(summary.seconds, tenth),
        ...errors(seeds, ({ q }) => q),
        ...errors(seeds, ({ v }) => v),
        cell(spread(seeds.flatMap(({ success }) => success ?? [])), percent),
      );
    }),
  );
}

function ownValueTable(): string {
  const seeds = readGrid('grid-ppo');
  return table(
    ['V(s, g) of PPO against', 'mean error', 'largest', 'mean of learned minus exact'],
    [
      row(
        'V of its own policy, exact',
        ...errors(seeds, ({ ownV }) => ownV),
        over(seeds, ({ ownV }) => ownV?.bias),
      ),
      row(
        'V* of the best policy',
        ...errors(seeds, ({ v }) => v),
        over(seeds, ({ v }) => v.bias),
      ),
    ],
  );
}

const slipperyTable = () =>
  table(
    ['relabel', 'Q: mean of learned minus exact', 'mean error', 'largest', 'V: mean of learned minus exact'],
    strategies.map((strategy) => {
      const seeds = readGrid(`grid-slippery-${strategy}`);
      return row(
        `\`${strategy}:4\``,
        over(seeds, ({ q }) => q?.bias),
        ...errors(seeds, ({ q }) => q),
        over(seeds, ({ v }) => v.bias),
      );
    }),
  );

export const gridTopic: Topic = {
  page: 'environments/grid.md',
  experiments,
  sections: {
    'grid-values': valueTable,
    'grid-own-values': ownValueTable,
    'grid-slippery': slipperyTable,
    'grid-commands': () => commands([...agents.map(([agent]) => `grid-${agent}`), 'grid-slippery-random']),
  },
  charts: () => ({
    'grid-dqn.svg': chart('grid, four rooms: success of DQN and the table', [
      ['DQN', 'grid-dqn'],
      ['tabular', 'grid-tabular'],
    ]),
  }),
};
