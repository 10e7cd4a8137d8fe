// fetch/reach to 95% beside Stable-Baselines3, its settings and ours, seed by seed in turn: npx tsx --tsconfig bench/tsconfig.built.json bench/fetch-reach.ts --python PYTHON [--seeds 1,2,3]
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { loadFetchAssets } from '../src/envs/fetch/assets.js';
import { type Point, reachedAt, trainHere, trainThere } from './fetch-race.js';
import { circumstances as now, recordRows, table } from './record.js';

const { values: options } = parseArgs({
  options: { python: { type: 'string' }, seeds: { type: 'string', default: '1,2,3' } },
});

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

await loadFetchAssets(); // before minutes of Stable-Baselines3, not after
const rows: { name: string; points: Point[] }[] = [];
const lines: (string | number)[][] = [['seed', 'side', 'steps to 95%', 'seconds', 'of SB3']];
for (const seed of options.seeds.split(',').map(Number)) {
  const load = loadavg()[0];
  const sides: [string, Point[]][] = [
    ...(options.python
      ? [['sb3', trainThere(options.python, 'sb3_fetch_reach.py', String(seed))] as [string, Point[]]]
      : []),
    ['sb3 settings', await trainHere('fetch/reach', seed, 15_000, theirs)],
    ['tuned', await trainHere('fetch/reach', seed, 15_000, ours)],
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
