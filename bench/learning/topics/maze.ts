// Mazes: what the tuned settings reach, what was tried, and the dense reward at the wall.
import type { MazeName } from '../../../src/envs/point/index.js';
import { denseReturn } from '../../maze-dense.js';
import { type Picture, pathsSvg, readRecorded, wayBin } from '../../maze-pictures.js';
import { common, type Experiment, oneThread } from '../experiment.js';
import { readResult } from '../results.js';
import { cell, chart, commands, percent, resultOf, row, table, tenth, whole } from '../tables.js';
import type { Topic } from '../topic.js';

const base = { ...common, agent: 'sac', relabel: 'future:4', evaluateEvery: 2000, settings: oneThread };

const withAgent = (options: Record<string, unknown>): Partial<Experiment> => ({
  settings: { ...oneThread, agent: { options } },
});

const agents = ['sac', 'td3', 'ddpg'];
const umaze: Experiment[] = agents.map((agent) => ({
  ...base,
  name: `maze-umaze-${agent}`,
  about: `${agent} with hindsight in the U`,
  env: 'point/maze-umaze',
  agent,
  steps: 100_000,
  evaluateEvery: 5000,
}));

/**
 * One start, and the goal behind the wall. The same agent and settings in every cell; the last two are near-sighted
 * (discount 0.9 instead of 0.98), for whom waiting at the wall is the best that the dense reward offers.
 */
const wallCells = [
  ['sparse', 'future:4', 0.98],
  ['sparse', 'none', 0.98],
  ['dense', 'future:4', 0.98],
  ['dense', 'none', 0.98],
  ['sparse', 'future:4', 0.9],
  ['dense', 'none', 0.9],
] as const;
const label = ([reward, relabel, discount]: (typeof wallCells)[number]) =>
  `${reward}, ${relabel}${discount === 0.9 ? ', discount 0.9' : ''}`;
const wall: Experiment[] = wallCells.map((wallCell) => {
  const [reward, relabel, discount] = wallCell;
  return {
    ...base,
    name: `maze-wall-${reward}-${relabel === 'none' ? 'none' : 'future'}${discount === 0.9 ? '-near' : ''}`,
    about: `the goal behind the wall: ${label(wallCell)}`,
    env: 'point/maze-umaze',
    relabel,
    steps: 100_000,
    evaluateEvery: 5000,
    settings: {
      ...oneThread,
      env: { options: { reward, placement: 'corners' } },
      // From one corner there is much to explore: without random actions two of three seeds never saw the far side.
      agent: { options: { randomActionProbability: 0.3, ...(discount === 0.9 && { discount }) } },
    },
  };
});

const waves = { observation: 'fourier', goal: 'fourier' };
const plainNumbers = { observation: 'plain', goal: 'plain' };

const larger: Experiment[] = [
  {
    ...base,
    name: 'maze-medium-sac',
    about: 'sac with hindsight in the medium maze',
    env: 'point/maze-medium',
    steps: 400_000,
    evaluateEvery: 20_000,
  },
  {
    ...base,
    name: 'maze-large-sac',
    about: 'sac with hindsight in the large maze',
    env: 'point/maze-large',
    steps: 600_000,
    evaluateEvery: 30_000,
  },
  {
    ...base,
    ...withAgent({ encoders: plainNumbers }),
    name: 'maze-large-numbers',
    about: 'the same without Fourier features',
    env: 'point/maze-large',
    steps: 600_000,
    evaluateEvery: 30_000,
  },
];

/** What differs from the tuned settings in the medium maze; one seed each. */
const tried: readonly (readonly [label: string, name: string, changes: Partial<Experiment>])[] = [
  ['no layer normalisation', 'maze-medium-plain', withAgent({ criticLayerNorm: false })],
  [
    'Fourier features of position and goal, as in the large maze',
    'maze-medium-fourier',
    withAgent({ encoders: waves }),
  ],
  [
    'a fifth of the episodes, as many updates: 80,000 steps, 0.5 updates per step',
    'maze-medium-few',
    {
      steps: 80_000,
      evaluateEvery: 4000,
      settings: { ...oneThread, training: { updatesPerStep: 0.5, cycleSteps: 32 } },
    },
  ],
  ['random:4: goals from anywhere in the replay', 'maze-medium-random', { relabel: 'random:4' }],
  ['no hindsight', 'maze-medium-none', { relabel: 'none' }],
  ['discount 0.99', 'maze-medium-discount', withAgent({ discount: 0.99 })],
];
const trials: Experiment[] = tried.map(([about, name, changes]) => ({
  ...base,
  name,
  about: `the medium maze with other settings: ${about}`,
  env: 'point/maze-medium',
  steps: 400_000,
  evaluateEvery: 20_000,
  seeds: [1],
  ...changes,
}));

export const mazesShown: readonly (readonly [maze: MazeName, experiment: string])[] = [
  ['umaze', 'maze-umaze-sac'],
  ['medium', 'maze-medium-sac'],
  ['large', 'maze-large-sac'],
];

/** Pictures of docs/images by file name; `npx tsx bench/maze-paths.ts` plays their policies. */
export const pictures: Readonly<Record<string, Picture>> = {
  'maze-wall-paths.svg': {
    title: 'The goal behind the wall: where the policies go',
    maze: 'umaze',
    columns: 2,
    panels: wall.map(({ name }, i) => ({
      title: label(wallCells[i]),
      experiment: name,
    })),
    seeds: common.seeds,
    episodes: 1,
  },
};

/** Those that have run: the others can be run later, and then appear on the page. */
const done = <Row extends readonly [string, string]>(rows: readonly Row[]): readonly Row[] =>
  rows.filter(([, name]) => readResult(name));

function mazeTable(): string {
  const rows = done([
    ...mazesShown.map(([maze, name]) => [`${maze}, SAC`, name] as const),
    ['large, SAC, plain numbers', 'maze-large-numbers'] as const,
    ...umaze.slice(1).map(({ agent, name }) => [`umaze, ${agent.toUpperCase()}`, name] as const),
  ]);
  return table(
    ['', 'seeds', 'steps', 'processor seconds', 'steps to 95%', 'success at the end', '300 fresh goals'],
    rows.map(([title, name]) => {
      const { summary, trials } = resultOf(name);
      const { envSteps, cpuSeconds, stepsTo95, success, freshSuccess } = summary;
      return row(
        title,
        trials.length,
        cell(envSteps, whole),
        cell(cpuSeconds, whole),
        cell(stepsTo95, whole, trials.length),
        cell(success, percent),
        cell(freshSuccess, percent),
      );
    }),
  );
}

function triedTable(): string {
  const rows = done([
    ['the tuned settings, the same seed', 'maze-medium-sac'],
    ...tried.map(([label, name]) => [label, name] as const),
  ]);
  return table(
    ['medium, seed 1', 'steps', 'processor seconds', 'success at the end', 'best checkpoint, 300 fresh goals'],
    rows.map(([label, name]) => {
      const { envSteps, cpuSeconds, curve, fresh } = resultOf(name).trials[0];
      return row(
        label,
        whole(envSteps ?? 0),
        whole(cpuSeconds ?? 0),
        percent(curve.at(-1)?.success ?? 0),
        percent(fresh?.success ?? 0),
      );
    }),
  );
}

function wallTable(): string {
  return table(
    ['reward, relabelling', 'seeds at the goal at the end', 'steps until they stay there', 'processor seconds'],
    wall.map(({ name }, i) => {
      const { trials, summary } = resultOf(name);
      const there = trials.filter(({ curve }) => curve.at(-1)?.success === 1).length;
      return row(
        label(wallCells[i]),
        `${there} of ${trials.length}`,
        cell(summary.stepsTo95, whole, trials.length),
        cell(summary.cpuSeconds, whole),
      );
    }),
  );
}

const discounts = [0.9, 0.95, 0.98, 0.99];
const denseTable = () =>
  table(
    ['discount', 'straight to the wall, and wait', 'the shortest way round it'],
    discounts.map((discount) =>
      row(discount, ...[true, false].map((straight) => tenth(denseReturn('umaze', straight, discount)))),
    ),
  );

function waysTable(): string {
  const { ways } = readRecorded();
  const rows = done(mazesShown);
  const bins = Math.max(...rows.map(([, name]) => ways[name].length));
  return table(
    ['cells to the goal', ...rows.map(([title]) => title)],
    Array.from({ length: bins }, (_, i) =>
      row(
        `${i * wayBin} to ${(i + 1) * wayBin - 1}`,
        ...rows.map(([, name]) => {
          const { successes, episodes } = ways[name][i] ?? { successes: 0, episodes: 0 };
          return episodes > 0 ? `${percent(successes / episodes)} of ${episodes}` : '';
        }),
      ),
    ),
  );
}

export const experiments = [...umaze, ...larger, ...trials, ...wall];

export const maze: Topic = {
  page: 'environments/point-maze.md',
  experiments,
  sections: {
    mazes: mazeTable,
    'mazes-commands': () =>
      commands(
        done([...mazesShown, ...umaze.slice(1).map(({ agent, name }) => [agent, name] as const)]).map(
          ([, name]) => name,
        ),
      ),
    'mazes-tried': triedTable,
    'mazes-ways': waysTable,
    'dense-returns': denseTable,
    wall: wallTable,
    'wall-commands': () => commands(wall.map(({ name }) => name)),
  },
  charts: () => ({
    'maze-sizes.svg': chart('point/maze-*, SAC with future:4: success', done(mazesShown)),
    'maze-wall.svg': chart(
      'The goal behind the wall: seeds whose policy gets there',
      wall.map(({ name }, i) => [label(wallCells[i]), name]),
    ),
    ...Object.fromEntries(Object.entries(pictures).map(([file, picture]) => [file, pathsSvg(picture)])),
  }),
};
