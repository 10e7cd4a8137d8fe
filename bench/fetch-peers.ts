// A Fetch task to 95% beside SBX with hindsight on native MuJoCo, with equal hyperparameters and with each side's best, seed by
// seed in turn: npx tsx --tsconfig bench/tsconfig.built.json bench/fetch-peers.ts --python PYTHON [--task reach] [--seeds 1,2,3]
// [--settings equal,best] [--physics native]
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { loadFetchAssets } from '../src/envs/fetch/assets.js';
import { type Point, reachedAt, trainHere, trainThere } from './fetch-race.js';
import { circumstances, recordRows, table } from './record.js';

const { values: options } = parseArgs({
  options: {
    python: { type: 'string', default: 'bench/peers/.venv/bin/python' },
    task: { type: 'string', default: 'reach' },
    seeds: { type: 'string', default: '1,2,3' },
    settings: { type: 'string', default: 'equal,best' },
    /** Of our best: SBX has MuJoCo's own library at any rate. */
    physics: { type: 'string', default: 'wasm' },
  },
});

interface Task {
  readonly id: string;
  readonly limit: number;
  readonly every: number;
  /** What SBX is fastest with, as far as it has our tuned settings (src/training/defaults): widths, steps, updates. */
  readonly best: Readonly<Record<string, unknown>>;
}

const object = { hidden: [128, 128], discount: 0.95, learningRate: 1e-3, envs: 16, cycle: 160, updates: 16 };
const tasks: Readonly<Record<string, Task>> = {
  reach: {
    id: 'FetchReach-v4',
    limit: 15_000,
    every: 1000,
    best: { hidden: [64, 64], warmup: 500, cycle: 50, updates: 50 },
  },
  push: { id: 'FetchPush-v4', limit: 400_000, every: 10_000, best: object },
  'pick-and-place': { id: 'FetchPickAndPlace-v4', limit: 400_000, every: 20_000, best: object },
};
const task = tasks[options.task];
if (!task) throw new Error(`--task ${options.task}: one of ${Object.keys(tasks).join(', ')}`);

/** One update a step, 256 x 256: what both sides have when nothing is tuned. */
const equal = {
  hidden: [256, 256],
  learningRate: 1e-3,
  discount: 0.95,
  tau: 0.005,
  batch: 256,
  warmup: 1000,
  envs: 1,
  cycle: 50,
  updates: 50,
};
const equalHere = {
  envs: equal.envs,
  training: {
    warmupSteps: equal.warmup,
    normalize: false,
    batchSize: equal.batch,
    updatesPerStep: equal.updates / equal.cycle,
    cycleSteps: equal.cycle,
    demonstrations: 0,
  },
  agent: {
    options: {
      hidden: equal.hidden,
      learningRate: equal.learningRate,
      discount: equal.discount,
      tau: equal.tau,
      initialTemperature: 1,
      criticLayerNorm: false,
      entropyBackup: true,
      targetEntropy: null,
      policyAverage: 0,
      actionPenalty: 0,
      boundTargets: false,
    },
  },
  replay: { unmetGoals: 0 },
  evaluation: { every: task.every },
};

const here = (seed: number, config: Readonly<Record<string, unknown>>): Promise<Point[]> =>
  trainHere(`fetch/${options.task}`, seed, task.limit, config);

function sbx(seed: number, settings: Readonly<Record<string, unknown>>): Point[] {
  const { id, limit, every } = task;
  const given = { ...equal, ...settings, task: id, seed, limit, every };
  return trainThere(options.python, 'sbx_fetch.py', JSON.stringify(given));
}

const best = { env: { options: { physics: options.physics } }, evaluation: { every: task.every } };
await loadFetchAssets(); // before minutes of Python, not after
const lines: (string | number)[][] = [
  ['seed', 'settings', 'side', 'steps to 95%', 'seconds', 'of SBX', 'processor seconds', 'of SBX'],
];
for (const seed of options.seeds.split(',').map(Number)) {
  for (const [settings, theirs, ours] of [
    ['equal', () => sbx(seed, {}), () => here(seed, equalHere)],
    ['best', () => sbx(seed, task.best), () => here(seed, best)],
  ] as const) {
    if (!options.settings.split(',').includes(settings)) continue;
    const load = Number(loadavg()[0].toFixed(1));
    const sides = [
      ['sbx', theirs()],
      ['anygoal', await ours()],
    ] as const;
    const first = reachedAt(sides[0][1]);
    for (const [side, points] of sides) {
      const at = reachedAt(points);
      const name = `${options.task}, ${settings}, ${side}, seed ${seed}`;
      recordRows('fetch-peers', [{ ...circumstances(), name, task: options.task, settings, side, seed, load, points }]);
      const times = (['seconds', 'cpuSeconds'] as const).flatMap((clock) => [
        at?.[clock].toFixed(1) ?? '',
        at && first ? (at[clock] / first[clock]).toFixed(2) : '',
      ]);
      lines.push([seed, settings, side, at?.steps ?? 'not', ...times]);
    }
    console.log(table(lines));
  }
}
