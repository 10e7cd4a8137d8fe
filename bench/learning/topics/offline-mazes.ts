// OGBench's point mazes from recorded episodes alone: every offline agent on six data sets, beside OGBench's published figures.
import { existsSync, readFileSync } from 'node:fs';
import { recordCommand } from '../data-sets.js';
import { common, type Experiment, oneThread } from '../experiment.js';
import { readResult, spread } from '../results.js';
import { cell, commands, percent, row, table, whole } from '../tables.js';
import type { Topic } from '../topic.js';

const threeLayers = { hidden: [128, 128, 128], discount: 0.99 };
/** Agents by name, with their settings where those are not the defaults: all have the size of OGBench's here. */
const agents: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  gcbc: {},
  gcivl: {},
  gciql: {},
  qrl: {},
  crl: {},
  hiql: {},
  saw: {},
  wgcsl: threeLayers,
  gofar: threeLayers,
  'td3-bc': threeLayers,
};

const data = ['medium', 'large', 'giant'].flatMap((maze) =>
  ['navigate', 'stitch'].map((kind) => ({ maze, kind, name: `pointmaze-${maze}-${kind}` })),
);

/**
 * Success in percent over 8 seeds after a million updates of three layers of 512 in batches of 1024, by OGBench's protocol: as
 * Zhou, Dong and Kao (2026, table 1) list them, who give OGBench's own (Park et al. 2025) for all but SAW.
 */
const published: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  gcbc: { 'pointmaze-medium-navigate': 9 },
  gcivl: { 'pointmaze-medium-navigate': 63, 'pointmaze-large-navigate': 45, 'pointmaze-giant-navigate': 0 },
  gciql: { 'pointmaze-medium-navigate': 53, 'pointmaze-large-navigate': 34, 'pointmaze-giant-navigate': 0 },
  qrl: { 'pointmaze-medium-navigate': 82, 'pointmaze-large-navigate': 86, 'pointmaze-giant-navigate': 68 },
  crl: { 'pointmaze-medium-navigate': 29, 'pointmaze-large-navigate': 39, 'pointmaze-giant-navigate': 27 },
  hiql: { 'pointmaze-medium-navigate': 79, 'pointmaze-large-navigate': 58, 'pointmaze-giant-navigate': 46 },
  saw: { 'pointmaze-medium-navigate': 97, 'pointmaze-large-navigate': 85, 'pointmaze-giant-navigate': 68 },
};

/** Those whose goals for the policy are drawn by shares. */
const drawsGoals = (agent: string) => !(agent in byItsOwnRules);
const byItsOwnRules = { wgcsl: 'none', gofar: 'none', 'td3-bc': 'future:4' } as const;

function experiment(agent: string, { maze, kind, name }: (typeof data)[number]): Experiment {
  const options = {
    ...agents[agent],
    ...(agent !== 'gcbc' && maze === 'giant' && { discount: 0.995 }),
    ...(drawsGoals(agent) && kind === 'stitch' && { actorGoals: { current: 0, future: 0.5, random: 0.5 } }),
  };
  return {
    ...common,
    name: `offline-${name}-${agent}`,
    about: `ogbench/pointmaze-${maze} from ${kind} data by ${agent}`,
    env: `ogbench/pointmaze-${maze}`,
    agent,
    relabel: byItsOwnRules[agent as keyof typeof byItsOwnRules] ?? 'none',
    steps: 40_000,
    evaluateEvery: 10_000,
    // 50 of each of the five tasks, as OGBench has it.
    freshEpisodes: 250,
    limitSeconds: 900,
    data: [name],
    settings: { ...oneThread, training: { batchSize: 256 }, agent: { options } },
  };
}

const names = Object.keys(agents);
const nameOf = (agent: string, set: string) => `offline-${set}-${agent}`;

/** What bench/peers/ogbench_offline.py printed last for each seed. */
function theirs(agent: string, set: string): { success: number; cpuSeconds: number }[] {
  return common.seeds.flatMap((seed) => {
    const file = new URL(`../../results/ogbench/${set}-${agent}-${seed}.jsonl`, import.meta.url);
    if (!existsSync(file)) return [];
    return JSON.parse(readFileSync(file, 'utf8').trim().split('\n').at(-1) as string);
  });
}

/** Of one data set: success here, with OGBench's code in the same setting, as published; processor seconds of both. */
function setTable(set: string): string {
  const rows = names.flatMap((agent) => {
    const result = readResult(nameOf(agent, set));
    if (!result) return [];
    const { freshLastSuccess, cpuSeconds } = result.summary;
    const other = theirs(agent, set);
    const of = (figure: (one: (typeof other)[number]) => number) => spread(other.map(figure));
    const listed = published[agent]?.[set];
    return row(
      `[${agent}](../agents/${agent}.md)`,
      cell(freshLastSuccess, percent),
      other.length > 0
        ? cell(
            of(({ success }) => success),
            percent,
          )
        : '-',
      listed === undefined ? '-' : `${listed}%`,
      cell(cpuSeconds, whole),
      other.length > 0
        ? cell(
            of((one) => one.cpuSeconds),
            whole,
          )
        : '-',
      result.trials.length,
    );
  });
  const head = ['', 'here', "OGBench's code", 'published', 'processor s here', "OGBench's", 'seeds'];
  return table(head, rows);
}

const done = () =>
  names.flatMap((agent) => data.map(({ name }) => nameOf(agent, name))).filter((name) => readResult(name));

export const offlineMazes: Topic = {
  page: 'environments/ogbench.md',
  experiments: names.flatMap((agent) => data.map((set) => experiment(agent, set))),
  sections: {
    'offline-mazes': () => {
      const sets = data.filter(({ name }) => names.some((agent) => readResult(nameOf(agent, name))));
      return sets.map(({ maze, kind, name }) => `**${maze}, ${kind}**\n\n${setTable(name)}`).join('\n\n');
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
