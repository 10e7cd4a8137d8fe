// What environments in worker threads give: steps per second of stepping alone and of whole training, by threads:
// npm run build && npx tsx --tsconfig bench/tsconfig.built.json bench/workers.ts [--envs arm/push,...] [--rounds 5]
import { existsSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { record, table } from './record.js';
import { stepFor } from './stepping.js';
import { median } from './update/measure.js';

const { values: options } = parseArgs({
  options: {
    envs: { type: 'string', default: 'point/maze-medium,arm/push,fetch/push' },
    count: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '1' },
  },
});
const count = Number(options.count);
const WORKERS = [0, 1, 2];

// Threads need compiled files, so everything comes from the build.
const built = (path: string) => import(new URL(`../dist/${path}`, import.meta.url).href);
const { startEnvThreads }: typeof import('../src/threads/env-threads-node.js') =
  await built('threads/env-threads-node.js');
const { createVectorEnv, makeEnv }: typeof import('../src/envs/index.js') = await built('envs/index.js');
const { createMemoryStore, train }: typeof import('../src/training/index.js') = await built('training/index.js');
const { createRandom }: typeof import('../src/random.js') = await built('random.js');
type EnvGroup = import('../src/envs/index.js').EnvGroup;

async function group(name: string, workers: number): Promise<EnvGroup> {
  const made = [];
  for (let i = 0; i < (workers === 0 ? count : 1); i++) made.push(await makeEnv(name));
  if (workers === 0) return createVectorEnv(made);
  const [{ spec }] = made;
  made[0].dispose?.();
  return startEnvThreads({ env: { name, options: {} }, goals: {}, spec, envs: count, workers });
}

/** Environment steps per second with random actions, for about so many seconds. */
async function stepping(env: EnvGroup, seconds: number): Promise<number> {
  const done = await stepFor(env, seconds, createRandom(1));
  return done.steps / done.seconds;
}

/** Environment steps per second of training as it runs by default, warm-up and evaluation excluded. */
async function training(name: string, workers: number, steps: number): Promise<number> {
  const result = await train({
    env: name,
    agent: 'sac',
    steps,
    envs: count,
    workers,
    seed: 1,
    store: createMemoryStore(),
    config: {
      agent: { options: { hidden: [64, 64] } },
      training: { warmupSteps: 500, updatesPerStep: 0.25, cycleSteps: 80 },
      replay: { capacity: 20_000 },
      evaluation: { every: 0, episodes: 1 },
      checkpoint: { every: 0 },
    },
  });
  return result.envSteps / result.wallSeconds;
}

const digits = (value: number) => Number(value.toPrecision(3));
const rounds = Number(options.rounds);

/** Medians, and ratios to no threads paired within rounds, which saw the same moment of the machine. */
async function compare(measure: (workers: number) => Promise<number>) {
  const rates: number[][] = WORKERS.map(() => []);
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? WORKERS : WORKERS.toReversed();
    for (const workers of order) rates[workers].push(await measure(workers));
  }
  return WORKERS.map((workers) => ({
    workers,
    stepsPerSecond: digits(median(rates[workers])),
    ratio: digits(median(rates[workers].map((rate, round) => rate / rates[0][round]))),
  }));
}

const [load] = loadavg();
const rows = [];
for (const name of options.envs.split(',')) {
  const groups: EnvGroup[] = [];
  for (const workers of WORKERS) groups.push(await group(name, workers));
  for (const env of groups) {
    await env.reset(1);
    await stepping(env, 0.3); // warms up the compiler
  }
  const alone = await compare((workers) => stepping(groups[workers], Number(options.seconds)));
  for (const env of groups) await env.dispose();
  // Long enough for two seconds or so, whatever a step costs.
  const steps = Math.round(Math.min(8000, Math.max(1200, 2 * alone[0].stepsPerSecond)) / count) * count;
  const whole = await compare((workers) => training(name, workers, steps));
  rows.push({ env: name, envs: count, rounds, stepping: alone, training: { steps, rates: whole } });
  console.log(`${name}, ${count} environments; load before ${load.toFixed(1)}`);
  console.log(
    table([
      ['threads', 'stepping alone, steps/s', 'ratio', 'training, steps/s', 'ratio'],
      ...WORKERS.map((w) => [w, alone[w].stepsPerSecond, alone[w].ratio, whole[w].stepsPerSecond, whole[w].ratio]),
    ]),
  );
}
// Environments that were not measured this time keep their rows.
const file = new URL('results/workers.json', import.meta.url);
type Row = (typeof rows)[number] & { loadBefore: number; date: string };
const kept: Row[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).rows : [];
const about = { loadBefore: digits(load), date: new Date().toISOString().slice(0, 16) };
const measured = new Set(rows.map(({ env }) => env));
record('workers', {
  rows: [...kept.filter(({ env }) => !measured.has(env)), ...rows.map((row) => ({ ...row, ...about }))],
});
