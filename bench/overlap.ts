// Milliseconds per environment step of acting alone, updating alone, both overlapped and both in turn:
// npm run build && npx tsx bench/overlap.ts [--widths 64,128,256,512] [--env arm/reach] [--seconds 60]
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { createVectorEnv, loadEnv, parseEnvOptions } from '../src/envs/index.js';
import { nodeRuntime } from '../src/runtime/node.js';
import { createActor } from '../src/training/actor.js';
import { configure } from '../src/training/configure.js';
import { createAgent } from '../src/training/create-agent.js';
import type { CycleResult } from '../src/training/learner.js';
import { record, table } from './record.js';
import { median } from './update/measure.js';

const { values: options } = parseArgs({
  options: {
    widths: { type: 'string', default: '64,128,256,512' },
    env: { type: 'string', default: 'arm/reach' },
    seconds: { type: 'string', default: '60' },
  },
});
/** Overlapped time over that of the slower of the two alone, at widths up to 128. */
const BAR = { ratio: 1.25, upToWidth: 128 };
/** Cycles per block; the ways take turns block by block, so that other load falls on all of them. */
const cyclesOf = (width: number) => (width > 128 ? 4 : 12);
const WARMUP_STEPS = 1000;

// Threads need compiled files, so learners come from the build.
const platform: typeof import('../src/platform/node.js') = await import(
  new URL('../dist/platform/node.js', import.meta.url).href
);

const none = () => undefined;

async function measure(width: number, seconds: number) {
  const cycles = cyclesOf(width);
  const threadsInTurn = Math.min(2, availableParallelism());
  const settings = (threads: number) => ({
    agent: { options: { hidden: [width, width] } },
    runtime: { threads },
    replay: { capacity: 100_000 },
  });
  const config = await configure({ env: options.env, agent: 'sac', config: settings(1) });
  const definition = await loadEnv(config.env.name);
  const envOptions = parseEnvOptions(definition, config.env.options);
  const { cycleSteps, updatesPerStep } = config.training;
  const updates = Math.round(cycleSteps * updatesPerStep);

  /** An actor with a learner of its own, so that each learner sees one uninterrupted stream. */
  async function start(threads: number) {
    const env = createVectorEnv([await definition.create(envOptions)]);
    const { agent, spec } = createAgent(config, env.spec);
    const actor = await createActor({ env, agent, spec, runtime: nodeRuntime, seed: 1, randomSteps: 0 });
    const learner = await platform.startLearner({ config: { ...config, runtime: { ...config.runtime, threads } } });
    const collect = () => actor.collect(cycleSteps, WARMUP_STEPS, none);
    actor.setPolicy((await learner.cycle(new Float32Array(0), 0)).policy);
    for (let steps = 0; steps < WARMUP_STEPS; steps += cycleSteps) {
      await learner.cycle(await collect(), steps % 100 === 90 ? updates : 0);
    }
    return {
      actor,
      learner,
      collect,
      async dispose() {
        await Promise.all([actor.dispose(), learner.dispose()]);
        env.dispose();
      },
    };
  }
  type Pair = Awaited<ReturnType<typeof start>>;

  /** The cycles of the training loop (src/training/loop.ts), one after the other and side by side. */
  const inTurn = async ({ actor, learner, collect }: Pair) => {
    for (let i = 0; i < cycles; i++) {
      const { policy } = await learner.cycle(await collect(), updates);
      actor.setPolicy(policy);
    }
  };
  const overlapped = async ({ actor, learner, collect }: Pair) => {
    let pending: Promise<CycleResult> | undefined;
    for (let i = 0; i < cycles; i++) {
      const transitions = await collect();
      const result = await pending;
      pending = learner.cycle(transitions, updates);
      if (result) actor.setPolicy(result.policy);
    }
    await pending;
  };
  const one = await start(1);
  const alone = await start(1);
  const two = threadsInTurn > 1 ? await start(threadsInTurn) : undefined;
  const ways: Record<string, () => Promise<void>> = {
    acting: async () => {
      for (let i = 0; i < cycles; i++) await alone.collect();
    },
    updating: async () => {
      for (let i = 0; i < cycles; i++) await alone.learner.cycle(new Float32Array(0), updates);
    },
    overlapped: () => overlapped(one),
    inTurn: () => inTurn(one),
    ...(two && { inTurnMoreThreads: () => inTurn(two) }),
  };
  const times: Record<string, number[]> = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
  const begin = performance.now();
  for (let round = 0; round < 3 || performance.now() - begin < 1000 * seconds; round++) {
    const names = Object.keys(ways);
    if (round % 2 === 1) names.reverse();
    for (const name of names) {
      const start = performance.now();
      await ways[name]();
      times[name].push((performance.now() - start) / (cycles * cycleSteps));
    }
  }
  await Promise.all([one, alone, two].map((pair) => pair?.dispose()));
  const rounds = times.acting.length;
  const ms = Object.fromEntries(Object.entries(times).map(([name, values]) => [name, digits(median(values))]));
  // Paired within a round: both sides of a ratio saw the same moment of the machine.
  const ratios = times.overlapped.map((both, i) => both / Math.max(times.acting[i], times.updating[i]));
  return { hidden: [width, width], cyclesPerBlock: cycles, rounds, ms, ratio: digits(median(ratios)), threadsInTurn };
}

const digits = (value: number) => Number(value.toPrecision(3));

const [load] = loadavg();
const widths = options.widths.split(',').map(Number);
const rows: Awaited<ReturnType<typeof measure>>[] = [];
for (const width of widths) {
  rows.push(await measure(width, Number(options.seconds) / widths.length));
  console.log(JSON.stringify(rows.at(-1)));
}
console.log(
  `ms per environment step on ${options.env}, one SAC update of batch 256 per step; load before ${load.toFixed(1)}`,
);
const columns = ['acting', 'updating', 'overlapped', 'inTurn', 'inTurnMoreThreads'];
console.log(
  table([
    ['hidden', ...columns, 'overlapped / slower alone', 'rounds'],
    ...rows.map(({ hidden, ms, ratio, rounds }) => [
      hidden.join(),
      ...columns.map((name) => ms[name] ?? '-'),
      ratio,
      rounds,
    ]),
  ]),
);
// Widths that were not measured this time keep their rows.
const file = new URL('results/overlap.json', import.meta.url);
type Row = (typeof rows)[number] & { loadBefore: number; date: string };
const kept: Row[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).rows : [];
const about = { loadBefore: digits(load), date: new Date().toISOString().slice(0, 16) };
const all = [...kept.filter(({ hidden }) => !widths.includes(hidden[0])), ...rows.map((row) => ({ ...row, ...about }))];
all.sort((a, b) => a.hidden[0] - b.hidden[0]);
record('overlap', { env: options.env, bar: BAR, rows: all });
const missed = rows.filter(({ hidden, ratio }) => hidden[0] <= BAR.upToWidth && ratio > BAR.ratio);
console.log(
  missed.length === 0 ? 'within the bar' : `MISSED the bar at ${missed.map(({ hidden }) => hidden[0]).join(', ')}`,
);
process.exitCode = missed.length === 0 ? 0 : 1;
