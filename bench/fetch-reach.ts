// fetch/reach to 95% beside Stable-Baselines3, its settings and ours, seed by seed in turn: npx tsx --tsconfig bench/tsconfig.built.json bench/fetch-reach.ts --python PYTHON [--seeds 1,2,3]
import { spawnSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadFetchAssets } from '../src/envs/fetch/assets.js';
import { createMemoryStore } from '../src/runs/memory-store.js';
import { train } from '../src/training/index.js';
import { reached } from './learning/results.js';
import { circumstances as now, recordRows, table } from './record.js';

const { values: options } = parseArgs({
  options: { python: { type: 'string' }, seeds: { type: 'string', default: '1,2,3' } },
});

interface Point {
  readonly steps: number;
  /** Training on the wall so far, evaluation excluded. */
  readonly seconds: number;
  readonly success: number;
}

/** The hyperparameters of sb3_fetch_reach.py, those it leaves to Stable-Baselines3's defaults included. */
const theirs = {
  training: { warmupSteps: 1000, normalize: false },
  agent: {
    options: {
      hidden: [256, 256],
      learningRate: 1e-3,
      discount: 0.95,
      tau: 0.005,
      initialTemperature: 1,
      boundTargets: false,
    },
  },
  evaluation: { every: 1000 },
};
const ours = { evaluation: { every: 500 } };

async function here(seed: number, config: Readonly<Record<string, unknown>>): Promise<Point[]> {
  const points: Point[] = [];
  let seconds = 0;
  await train({
    env: 'fetch/reach',
    agent: 'sac',
    relabel: 'future:4',
    seed,
    steps: 15_000,
    untilSuccess: 0.95,
    config,
    store: createMemoryStore(),
    onProgress: (progress) => {
      seconds = progress.seconds;
    },
    onEvaluation: ({ steps, successRate }) => points.push({ steps, seconds, success: successRate }),
  });
  return points;
}

function stableBaselines(python: string, seed: number): Point[] {
  const script = fileURLToPath(new URL('peers/sb3_fetch_reach.py', import.meta.url));
  const { stdout, status, stderr } = spawnSync(python, [script, String(seed)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${script}: ${stderr}`);
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

/** The first of two evaluations in a row at 95% or above. */
const reachedAt = (points: readonly Point[]): Point | undefined => points[reached({ curve: points })];

await loadFetchAssets(); // before minutes of Stable-Baselines3, not after
const rows: { name: string; points: Point[] }[] = [];
const lines: (string | number)[][] = [['seed', 'side', 'steps to 95%', 'seconds', 'of SB3']];
for (const seed of options.seeds.split(',').map(Number)) {
  const load = loadavg()[0];
  const sides: [string, Point[]][] = [
    ...(options.python ? [['sb3', stableBaselines(options.python, seed)] as [string, Point[]]] : []),
    ['sb3 settings', await here(seed, theirs)],
    ['tuned', await here(seed, ours)],
  ];
  const first = options.python ? reachedAt(sides[0][1])?.seconds : undefined;
  for (const [side, points] of sides) {
    const at = reachedAt(points);
    rows.push({ ...now(), name: `${side}, seed ${seed}`, side, seed, load, points } as {
      name: string;
      points: Point[];
    });
    lines.push([
      seed,
      side,
      at?.steps ?? 'not',
      at?.seconds.toFixed(1) ?? '',
      at && first ? (at.seconds / first).toFixed(2) : '',
    ]);
    console.log(table([lines[0], lines[lines.length - 1]]));
  }
  recordRows('fetch-reach', rows);
}
console.log(table(lines));
