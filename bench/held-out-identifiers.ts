// Held-out goals of the tabletop, by what tells the policy its task: cloned from demonstrations outside of a region of goals.
// Run: npx tsx bench/held-out-identifiers.ts [--seeds 1,2,3]
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { groups, wantsColumn } from '../src/envs/tabletop/columns.js';
import { createDiskStore } from '../src/runs/disk-store.js';
import { evaluateRun, recordData, train } from '../src/training/index.js';
import { record } from './record.js';

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '1,2,3' } } });
const seeds = values.seeds.split(',').map(Number);
const STEPS = 3000;
const EPISODES = 100;
const STATES = 8;
const folder = 'runs/held-out-identifiers';

/** Goals of reach in a band across the table, about a third of them. */
const band = 0.08;
const columns = 18;
const side = (y: number, wanted: number) => {
  const bounds: (number | null)[] = new Array(columns).fill(null);
  bounds[groups.gripper.at + 1] = y;
  bounds[wantsColumn('gripper')] = wanted;
  return bounds;
};
const heldOut = { low: side(-band, 0.5), high: side(band, 1) };

const identifiers: Readonly<Record<string, readonly string[]>> = {
  'one-hot': ['task'],
  goal: ['goal'],
  demonstration: ['demonstration'],
  'demonstration and goal': ['demonstration', 'goal'],
};
const options = (names: readonly string[]) => (names.includes('demonstration') ? { demonstration: STATES } : {});

async function demonstrations(names: readonly string[]): Promise<string> {
  const file = `${folder}/mt3${names.includes('demonstration') ? '-shown' : ''}.safetensors`;
  if (existsSync(file)) return file;
  const { bytes } = await recordData({
    env: 'tabletop/mt3',
    envOptions: options(names),
    policy: 'scripted',
    episodes: 300,
    holdSteps: 10,
    shake: 0.05,
    seed: 1,
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, bytes);
  return file;
}

interface Result {
  readonly trained: number;
  readonly heldOut: number;
}

async function run(name: string, seed: number): Promise<Result> {
  const file = `${folder}/${name.replaceAll(' ', '-')}-${seed}.json`;
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const names = identifiers[name];
  const { runDir } = await train({
    env: 'tabletop/mt3',
    agent: 'bc',
    relabel: 'none',
    steps: STEPS,
    seed,
    data: [await demonstrations(names)],
    store: createDiskStore(folder),
    config: {
      env: { options: options(names) },
      tasks: { identifiers: names },
      goals: { heldOut },
      evaluation: { every: STEPS, episodes: 3 },
      runtime: { threads: 1, overlap: false, worker: false },
    },
  });
  const success = async (goals: 'trained' | 'held-out') =>
    (await evaluateRun({ run: runDir, checkpoint: 'last', task: 'reach', goals, episodes: EPISODES })).successRate;
  const result = { trained: await success('trained'), heldOut: await success('held-out') };
  writeFileSync(file, JSON.stringify(result));
  console.error(name, seed, result);
  return result;
}

const results: Record<string, Result[]> = Object.fromEntries(Object.keys(identifiers).map((name) => [name, []]));
for (const seed of seeds) for (const name of Object.keys(identifiers)) results[name].push(await run(name, seed));

const spread = (shares: readonly number[]) => {
  const percent = (share: number) => `${Math.round(100 * share)}%`;
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const [low, high] = [Math.min(...shares), Math.max(...shares)];
  return low === high ? percent(mean) : `${percent(mean)} (${percent(low)} to ${percent(high)})`;
};
console.log('| identifier | trained goals | held-out goals |\n| --- | --- | --- |');
for (const [name, all] of Object.entries(results)) {
  console.log(`| ${name} | ${spread(all.map((r) => r.trained))} | ${spread(all.map((r) => r.heldOut))} |`);
}
record('held-out-identifiers', { env: 'tabletop/mt3', steps: STEPS, episodes: EPISODES, heldOut, seeds, results });
