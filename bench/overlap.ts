// Milliseconds per environment step of acting alone, updating alone, and the ways of doing both:
// npm run build && npx tsx bench/overlap.ts [--widths 64,128,256,512] [--env arm/reach] [--seconds 60]
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { createActor } from '../src/acting/actor.js';
import { createVectorEnv, loadEnv, parseEnvOptions } from '../src/envs/index.js';
import { createAgent } from '../src/learners/create-agent.js';
import type { LearnResult } from '../src/learners/learner.js';
import { noPieces } from '../src/replay/index.js';
import { nodeRuntime } from '../src/runtime/node.js';
import { configure } from '../src/training/configure.js';
import { record, table } from './record.js';
import { quantile } from './update/measure.js';

const { values: options } = parseArgs({
  options: {
    widths: { type: 'string', default: '64,128,256,512' },
    env: { type: 'string', default: 'arm/reach' },
    seconds: { type: 'string', default: '60' },
  },
});
/** Overlapped time over that of the slower of the two alone, at widths up to 128. */
const BAR = { ratio: 1.25, upToWidth: 128 };
/** Iterations per block; the ways take turns block by block, so that other load falls on all of them. */
const iterationsOf = (width: number) => (width > 256 ? 1 : width > 128 ? 2 : 4);

/**
 * What is timed: each alone, then both: overlapped on one thread each, in turn with one thread or two for the update, and
 * overlapped with two.
 */
type Way = 'acting' | 'updating' | 'overlapped' | 'inTurn' | 'inTurnTwoThreads' | 'overlappedTwoThreads';

/** Milliseconds of a block of iterations. */
interface Time {
  readonly wall: number;
  readonly free: number;
}
const WARMUP_STEPS = 1000;

// Threads need compiled files, so learners come from the build.
const transports: typeof import('../src/threads/node.js') = await import(
  new URL('../dist/threads/node.js', import.meta.url).href
);

const none = () => undefined;

/** Milliseconds that each thread of this process has run, and has waited for a processor while it could run (Linux). */
function threadTimes(): Map<string, { ran: number; waited: number }> {
  const folder = '/proc/self/task';
  const found = new Map<string, { ran: number; waited: number }>();
  for (const id of existsSync(folder) ? readdirSync(folder) : []) {
    const [ran, waited] = readFileSync(`${folder}/${id}/schedstat`, 'utf8').split(' ').map(Number);
    found.set(id, { ran: ran / 1e6, waited: waited / 1e6 });
  }
  return found;
}
const waitOf = (thread: string): number => threadTimes().get(thread)?.waited ?? 0;
const main = String(process.pid);

async function measure(width: number, seconds: number) {
  const iterations = iterationsOf(width);
  const settings = { agent: { options: { hidden: [width, width] } }, replay: { capacity: 100_000 } };
  const base = await configure({ env: options.env, agent: 'sac', config: settings });
  const definition = await loadEnv(base.env.name);
  const envOptions = parseEnvOptions(definition, base.env.options);
  const { cycleSteps, updatesPerStep } = base.training;
  const updates = Math.round(cycleSteps * updatesPerStep);

  /** An actor with a learner of its own, so that each learner sees one uninterrupted stream. */
  async function start(threads: number) {
    const env = createVectorEnv([await definition.create(envOptions)]);
    const config = { ...base, runtime: { ...base.runtime, threads } };
    const agent = createAgent(config, env.spec);
    const actor = await createActor({ env, agent, spec: agent.spec, runtime: nodeRuntime, seed: 1, randomSteps: 0 });
    const before = threadTimes();
    const learner = await transports.startLearner({ config });
    const collect = () => actor.collect(cycleSteps, WARMUP_STEPS, none);
    actor.setPolicy((await learner.learn(noPieces(), 0)).policy);
    for (let steps = 0; steps < WARMUP_STEPS; steps += cycleSteps) {
      await learner.learn(await collect(), steps % 100 === 90 ? updates : 0);
    }
    // The learner's thread is the one that has worked most of those that are new.
    const grown = [...threadTimes()].filter(([id]) => !before.has(id)).sort((a, b) => b[1].ran - a[1].ran);
    return {
      actor,
      learner,
      thread: grown[0]?.[0] ?? '',
      collect,
      async dispose() {
        await Promise.all([actor.dispose(), learner.dispose()]);
        env.dispose();
      },
    };
  }
  type Pair = Awaited<ReturnType<typeof start>>;

  /** `free`: without the time in which the thread that all wait for could run, but other programs had the processor. */
  const timed = async (iteration: () => Promise<unknown>, critical: string): Promise<Time> => {
    const before = waitOf(critical);
    const begin = performance.now();
    for (let i = 0; i < iterations; i++) await iteration();
    const wall = performance.now() - begin;
    return { wall, free: wall - (waitOf(critical) - before) };
  };
  /** The iterations of the training loop (src/training/loop.ts), one after the other and side by side. */
  const inTurn = ({ actor, learner, collect, thread }: Pair) =>
    timed(async () => {
      const { policy } = await learner.learn(await collect(), updates);
      actor.setPolicy(policy);
    }, thread);
  const overlapped = async ({ actor, learner, collect, thread }: Pair) => {
    let pending: Promise<LearnResult> = learner.learn(await collect(), updates); // already on its way when timing begins
    const time = await timed(async () => {
      const next = learner.learn(await collect(), updates);
      const { policy } = await pending;
      pending = next;
      actor.setPolicy(policy);
    }, thread);
    await pending;
    return time;
  };
  const one = await start(1);
  const alone = await start(1);
  const two = await start(2);
  const twoBeside = await start(2);
  const ways: Record<Way, () => Promise<Time>> = {
    acting: () => timed(alone.collect, main),
    updating: () => timed(() => alone.learner.learn(noPieces(), updates), alone.thread),
    overlapped: () => overlapped(one),
    inTurn: () => inTurn(one),
    inTurnTwoThreads: () => inTurn(two),
    overlappedTwoThreads: () => overlapped(twoBeside),
  };
  const names = Object.keys(ways) as Way[];
  const times = Object.fromEntries(names.map((name): [Way, Time[]] => [name, []])) as Record<Way, Time[]>;
  const begin = performance.now();
  for (let round = 0; round < 5 || performance.now() - begin < 1000 * seconds; round++) {
    for (const name of round % 2 === 1 ? [...names].reverse() : names) times[name].push(await ways[name]());
  }
  await Promise.all([one, alone, two, twoBeside].map((pair) => pair.dispose()));
  const rounds = times.acting.length;
  /** Milliseconds per environment step: the median of the blocks, or what the fastest tenth comes down to. */
  const perStep = (kind: keyof Time, q: number) =>
    Object.fromEntries(
      names.map((name) => {
        const blocks = times[name].map((block) => block[kind]);
        return [name, digits(quantile(blocks, q) / (iterations * cycleSteps))];
      }),
    ) as Record<Way, number>;
  const { acting, updating, overlapped: both } = perStep('free', 0.5);
  const free = { acting, updating, overlapped: both };
  const ratio = digits(both / Math.max(acting, updating));
  return {
    hidden: [width, width],
    iterationsPerBlock: iterations,
    rounds,
    free,
    ratio,
    wall: perStep('wall', 0.5),
    best: perStep('wall', 0.1),
  };
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
console.log(
  'free of waiting for a processor: acting, updating, both overlapped; on the wall, fastest tenth: the ways of doing both',
);
console.log(
  table([
    ['hidden', 'acting', 'updating', 'overlapped', 'ratio', 'overlapped', 'in turn', '2 threads', 'overlapped too'],
    ...rows.map(({ hidden, free, ratio, best }) => [
      hidden.join(),
      free.acting,
      free.updating,
      free.overlapped,
      ratio,
      best.overlapped,
      best.inTurn,
      best.inTurnTwoThreads,
      best.overlappedTwoThreads,
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
