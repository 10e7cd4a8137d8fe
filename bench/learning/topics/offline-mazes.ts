// OGBench's point mazes from recorded episodes alone: every offline agent on six data sets, beside OGBench's published figures.
import { listAgents } from '../../../src/agents/index.js';
import { recordCommand } from '../data-sets.js';
import { common, type Experiment, oneThread } from '../experiment.js';
import { readResult } from '../results.js';
import { cell, commands, percent, row, table, whole } from '../tables.js';
import type { Topic } from '../topic.js';

/** Agents by name, with their settings where those are not the defaults, as OGBench has them. */
const agents: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  bc: { chunk: 1, hidden: [128, 128, 128], learningRate: 3e-4 },
  gcivl: {},
  gciql: {},
  qrl: {},
  crl: {},
  hiql: {},
  saw: {},
};

const data = ['medium', 'large', 'giant'].flatMap((maze) =>
  ['navigate', 'stitch'].map((kind) => ({ maze, kind, name: `pointmaze-${maze}-${kind}` })),
);

/**
 * Success in percent over 8 seeds after a million updates of three layers of 512 in batches of 1024, by OGBench's protocol: as
 * Zhou, Dong and Kao (2026, table 1) list them, who give OGBench's own (Park et al. 2025) for all but SAW. bc is GCBC.
 */
const published: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  bc: { 'pointmaze-medium-navigate': 9 },
  gcivl: { 'pointmaze-medium-navigate': 63, 'pointmaze-large-navigate': 45, 'pointmaze-giant-navigate': 0 },
  gciql: { 'pointmaze-medium-navigate': 53, 'pointmaze-large-navigate': 34, 'pointmaze-giant-navigate': 0 },
  qrl: { 'pointmaze-medium-navigate': 82, 'pointmaze-large-navigate': 86, 'pointmaze-giant-navigate': 68 },
  crl: { 'pointmaze-medium-navigate': 29, 'pointmaze-large-navigate': 39, 'pointmaze-giant-navigate': 27 },
  hiql: { 'pointmaze-medium-navigate': 79, 'pointmaze-large-navigate': 58, 'pointmaze-giant-navigate': 46 },
  saw: { 'pointmaze-medium-navigate': 97, 'pointmaze-large-navigate': 85, 'pointmaze-giant-navigate': 68 },
};

const isHere = (agent: string) => listAgents().some(({ name }) => name === agent);
/** Those whose values are discounted and whose goals are drawn by shares. */
const drawsGoals = (agent: string) => agent !== 'bc';

function experiment(agent: string, { maze, kind, name }: (typeof data)[number]): Experiment {
  const options = {
    ...agents[agent],
    ...(drawsGoals(agent) && maze === 'giant' && { discount: 0.995 }),
    ...(drawsGoals(agent) && kind === 'stitch' && { actorGoals: { current: 0, future: 0.5, random: 0.5 } }),
  };
  return {
    ...common,
    name: `offline-${name}-${agent}`,
    about: `ogbench/pointmaze-${maze} from ${kind} data by ${agent}`,
    env: `ogbench/pointmaze-${maze}`,
    agent,
    relabel: drawsGoals(agent) ? 'none' : 'future:4',
    steps: 100_000,
    evaluateEvery: 20_000,
    limitSeconds: 900,
    data: [name],
    settings: { ...oneThread, training: { batchSize: 256 }, agent: { options } },
  };
}

const names = Object.keys(agents).filter(isHere);
const nameOf = (agent: string, set: string) => `offline-${set}-${agent}`;

function agentRow(agent: string): string {
  const cells = data.map(({ name }) => {
    const result = readResult(nameOf(agent, name));
    const theirs = published[agent]?.[name];
    const here = result ? cell(result.summary.freshLastSuccess, percent) : '-';
    return theirs === undefined ? here : `${here}; ${theirs}%`;
  });
  const cost = data.flatMap(({ name }) => readResult(nameOf(agent, name))?.summary.cpuSeconds.mean ?? []);
  return row(agent, ...cells, cost.length > 0 ? whole(cost.reduce((sum, one) => sum + one, 0) / cost.length) : '-');
}

const done = () =>
  names.flatMap((agent) => data.map(({ name }) => nameOf(agent, name))).filter((name) => readResult(name));

export const offlineMazes: Topic = {
  page: 'environments/ogbench.md',
  experiments: names.flatMap((agent) => data.map((set) => experiment(agent, set))),
  sections: {
    'offline-mazes': () => {
      if (done().length === 0) return '';
      return table(
        ['', ...data.map(({ maze, kind }) => `${maze}, ${kind}`), 'processor seconds'],
        names.filter((agent) => data.some(({ name }) => readResult(nameOf(agent, name)))).map(agentRow),
      );
    },
    'offline-mazes-commands': () => {
      if (done().length === 0) return '';
      const used = data.filter(({ name }) => done().some((one) => one.startsWith(`offline-${name}-`)));
      const recordings = ['```sh', ...used.map(({ name }) => recordCommand(name)), '```'].join('\n');
      return [recordings, commands(done())].join('\n\n');
    },
  },
  charts: () => ({}),
};
