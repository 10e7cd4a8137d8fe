// Joining halves: episodes lead from A to the middle of a corridor or from the middle to C, none from A to C; what leads from A to C?
// npx tsx bench/stitching.ts draws what can be computed exactly, docs/images/stitching.svg; with --train
// [--seeds 1,2,3] [--only 'gcivl;crl'] [--steps 20000] agents learn from such episodes, and bench/results/stitching.json tells how they do.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type DataSet, encodeEpisodes, openDataSet } from '../src/datasets/index.js';
import { makeEnv } from '../src/envs/index.js';
import { createRandom } from '../src/random.js';
import { createMemoryStore, evaluateRun, loadValue, train } from '../src/training/index.js';
import { curvesSvg } from './plot/curves.js';
import { recordRows, table } from './record.js';

const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1,2,3' },
    only: { type: 'string' },
    steps: { type: 'string', default: '20000' },
    train: { type: 'boolean', default: false },
  },
});

const ENV = 'point/maze-umaze';
/** Cells from A to C along the corridor; the episodes of one kind keep to the first range, of the other to the second. */
const LENGTH = 6;
const ranges = [
  [0, 3.3],
  [2.7, LENGTH],
] as const;
const EPISODES = 400;
const STEPS = 100;
/** Cells that an action of 1 moves by. */
const STEP = 0.2;
const DISCOUNT = 0.99;

/** Place along the corridor, in cells from A. */
const along = ([x, y]: ArrayLike<number> & Iterable<number>): number => (y > 0.5 ? x + 1 : y < -0.5 ? 5 - x : 3 - y);
const placeAt = (u: number): [number, number] => (u < 2 ? [u - 1, 1] : u < 4 ? [1, 3 - u] : [5 - u, -1]);

/** Walks from one random place of its range to the next, with noise. */
async function halves(): Promise<DataSet> {
  const env = await makeEnv(ENV);
  const random = createRandom(1);
  const [observation, action, goal]: number[][] = [[], [], []];
  for (let i = 0; i < EPISODES; i++) {
    const [low, high] = ranges[i % 2];
    const draw = () => low + (high - low) * random.uniform();
    let now = env.reset({ seed: random.uint32() });
    while (along(now.observation) < low || along(now.observation) > high) now = env.reset();
    let target = draw();
    observation.push(...now.observation);
    for (let t = 0; t < STEPS; t++) {
      const u = along(now.observation);
      if (Math.abs(u - target) < 0.15) target = draw();
      const corners = [2, 4].filter((c) => (target > u ? c > u + 0.1 && c < target : c < u - 0.1 && c > target));
      const next = placeAt(corners.length === 0 ? target : target > u ? Math.min(...corners) : Math.max(...corners));
      const act = [0, 1].map((j) =>
        Math.max(-1, Math.min(1, (next[j] - now.observation[j]) / STEP + 0.3 * random.normal())),
      );
      action.push(...act);
      now = env.step(act);
      observation.push(...now.observation);
    }
    goal.push(...now.achieved);
  }
  const states = Float32Array.from(observation);
  const bytes = encodeEpisodes(
    { env: ENV, options: {}, spec: env.spec, origin: {} },
    {
      steps: new Int32Array(EPISODES).fill(STEPS),
      failed: new Uint8Array(EPISODES),
      columns: {
        observation: states,
        achieved: states,
        goal: Float32Array.from(goal),
        action: Float32Array.from(action),
      },
    },
  );
  return openDataSet('halves', bytes);
}

const anywhere = { actorGoals: { current: 0, future: 0.5, random: 0.5 } };
/** By name: the agent and its settings; coefficients are OGBench's of point mazes. */
const contenders: Readonly<Record<string, readonly [agent: string, options: Record<string, unknown>]>> = {
  gcbc: ['gcbc', {}],
  'gcbc, random goals': ['gcbc', anywhere],
  crl: ['crl', { alpha: 0.03 }],
  'crl, random goals': ['crl', { alpha: 0.03, ...anywhere }],
  gcivl: ['gcivl', {}],
  'gcivl, random goals': ['gcivl', anywhere],
  'gciql, random goals': ['gciql', { alpha: 0.003, ...anywhere }],
  'qrl, random goals': ['qrl', { alpha: 0.0003, ...anywhere }],
  'hiql, random goals': ['hiql', anywhere],
  'saw, random goals': ['saw', anywhere],
};

/** Places at which values are asked for, on the way from A to C. */
const places = Array.from({ length: 25 }, (_, i) => (i * LENGTH) / 24);
/** Spearman's rank correlation with the place: 1 where values rise all the way. */
function rankCorrelation(values: readonly number[]): number {
  const rank = values.map((v) => values.filter((other) => other < v).length);
  const n = values.length;
  const d = rank.reduce((sum, r, i) => sum + (r - i) ** 2, 0);
  return 1 - (6 * d) / (n * (n * n - 1));
}
interface Row {
  readonly name: string;
  readonly seeds: readonly number[];
  /** Of each seed: share of 100 ways from A to C. */
  readonly success: readonly number[];
  /** Of each seed, values at the places; absent where the agent has none. */
  readonly values?: readonly (readonly number[])[];
  /** Rank correlation with the way, of the half from A to the middle, over seeds. */
  readonly firstHalf?: readonly number[];
}

/** What the objectives come to on a chain of places that are walked at random, one step to either side: no network, no noise. */
const chain = { places: 13, first: [0, 7], second: [5, 12] } as const;

/** Chance, discounted, of coming to the last place later in the episode, in episodes that keep to [low, high]: what crl's critics tell. */
function reachedLater(low: number, high: number): number[] {
  let chance = new Array<number>(chain.places).fill(0);
  for (let sweep = 0; sweep < 5000; sweep++) {
    chance = chance.map((_, s) => {
      if (s < low || s > high) return 0;
      const next = [Math.max(s - 1, low), Math.min(s + 1, high)];
      return next.reduce((sum, t) => sum + (DISCOUNT / 2) * (t === chain.places - 1 ? 1 : chance[t]), 0);
    });
  }
  return chance;
}

/** The same share of both kinds of episodes where both go. */
const mixed = (of: readonly number[]) =>
  of.map((value, s) => (s >= chain.second[0] && s <= chain.first[1] ? value / 2 : value));

/** -(1 - gamma^d) / (1 - gamma): where the best recorded step is backed up, over d steps of whatever episodes. */
function backedUp(): number[] {
  let value = new Array<number>(chain.places).fill(0);
  for (let sweep = 0; sweep < 200; sweep++) {
    value = value.map((_, s) => {
      if (s === chain.places - 1) return 0;
      const next = [chain.first, chain.second].flatMap(([low, high]) =>
        s < low || s > high ? [] : [Math.max(s - 1, low), Math.min(s + 1, high)],
      );
      return -1 + DISCOUNT * Math.max(...next.map((t) => value[t]));
    });
  }
  return value;
}

/** From 0, the least that can be said, to 1, at the goal. */
const scaled = (values: readonly number[], least: number, most: number): number[] =>
  values.map((value) => (value - least) / (most - least));

function drawExact(): void {
  const steps = chain.places - 1;
  const values = backedUp();
  const later = mixed(reachedLater(...chain.second));
  const told = [...later.slice(0, -1), Math.max(...later)];
  // Steps with C as a goal that was achieved later, of those at this place: with random walks that are long, every one of a
  // second-kind episode. None where only the first kind goes.
  const pairs = values.map((_, s) => (s < chain.second[0] ? 0 : s <= chain.first[1] ? 0.5 : 1));
  const distance = values.map((_, s) => s - steps);
  const series = [
    ['backed up (gcivl, gciql, hiql, saw)', scaled(values, values[0], 0)],
    ['distance (qrl)', scaled(distance, -steps, 0)],
    ['reached later (crl)', scaled(told, 0, Math.max(...told))],
    ['steps to imitate (gcbc)', pairs],
  ] as const;
  for (const [label, of] of series) console.log(label.padEnd(38), of.map((v) => v.toFixed(3)).join(' '));
  writeFileSync(
    new URL('../docs/images/stitching.svg', import.meta.url),
    curvesSvg({
      title: 'What is known of the way to C (12) from halves that meet in the middle, exactly',
      xLabel: 'places from A (0); episodes go from 0 to 7 or from 5 to 12',
      series: series.map(([label, of]) => ({
        label,
        points: of.map((mean, x) => ({ x, mean, low: mean, high: mean })),
      })),
    }),
  );
}

drawExact();
if (!options.train) process.exit(0);
const data = await halves();
const seeds = options.seeds.split(',').map(Number);
for (const [name, [agent, settings]] of Object.entries(contenders)) {
  if (options.only && !options.only.split(';').includes(name)) continue;
  const success: number[] = [];
  const values: number[][] = [];
  for (const seed of seeds) {
    const store = createMemoryStore();
    const { runDir } = await train({
      env: ENV,
      agent,
      data,
      seed,
      store,
      steps: Number(options.steps),
      config: {
        env: { name: ENV, options: { placement: 'corners', successEndsEpisode: true } },
        agent: { options: { hidden: [64, 64], ...settings } },
        evaluation: { every: 0, episodes: 1 },
        runtime: { worker: false, threads: 1, overlap: false },
      },
    });
    const run = runDir.replace(/^memory\//, '');
    const evaluated = await evaluateRun({ run, store, checkpoint: 'last', episodes: 100 });
    success.push(evaluated.successRate);
    if (agent !== 'gcbc' && agent !== 'crl') {
      const value = await loadValue({ run, store }, { rows: places.length });
      const flat = (of: (u: number) => readonly number[]) => Float32Array.from(places.flatMap(of));
      const found = await value.evaluate({ observation: flat(placeAt), goal: flat(() => placeAt(LENGTH)) });
      values.push(Array.from(found, (v) => Number(v.toPrecision(5))));
      await value.dispose();
    }
  }
  const firstHalf = values.map((one) => rankCorrelation(one.slice(0, 13)));
  const row: Row = { name, seeds, success, ...(values.length > 0 && { values, firstHalf }) };
  console.error(name, success, firstHalf);
  recordRows('stitching', [row]);
}

const file = new URL('results/stitching.json', import.meta.url);
const rows: readonly Row[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).rows : [];
const mean = (of: readonly number[]) => of.reduce((sum, one) => sum + one, 0) / of.length;
const spread = (of: readonly number[], text: (value: number) => string) =>
  `${text(mean(of))} (${text(Math.min(...of))} to ${text(Math.max(...of))})`;
const percent = (value: number) => `${Math.round(100 * value)}%`;
console.log(
  table([
    ['', 'from A to C', 'order of values from A to the middle'],
    ...rows.map(({ name, success, firstHalf }) => [
      name,
      spread(success, percent),
      firstHalf ? spread(firstHalf, (v) => v.toFixed(2)) : '-',
    ]),
  ]),
);
