// What the bridge to Gymnasium costs: steps per second in Python alone, in one process from this thread and from a thread of
// its own, and in two processes; and processor time of a step, of all processes together, which other load changes less.
// Rounds go in turn; the best of each counts, as the least disturbed by what else the machine does:
// npm run build && npx tsx --tsconfig bench/tsconfig.built.json bench/gymnasium/speed.ts --python PATH [--rounds 9] [--seconds 0.5]
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { record, table } from '../record.js';
import { stepFor } from '../stepping.js';

const { values: options } = parseArgs({
  options: {
    python: { type: 'string', default: process.env.ANYGOAL_PYTHON ?? 'python3' },
    envs: { type: 'string', default: 'Pendulum-v1 x1,Pendulum-v1 x8,anygoal_test_envs:Busy-v0 x8,FetchReach-v4 x8' },
    rounds: { type: 'string', default: '9' },
    seconds: { type: 'string', default: '0.5' },
  },
});
const seconds = Number(options.seconds);
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
process.env.ANYGOAL_PYTHON = options.python;
process.env.PYTHONPATH = here('../../test/python');

// Threads need compiled files, so everything comes from the build.
const built = (path: string) => import(new URL(`../../dist/${path}`, import.meta.url).href);
const { startEnvThreads }: typeof import('../../src/threads/env-threads-node.js') =
  await built('threads/env-threads-node.js');
const { createVectorEnv, makeEnv }: typeof import('../../src/envs/index.js') = await built('envs/index.js');
const { createRandom }: typeof import('../../src/random.js') = await built('random.js');
type EnvGroup = import('../../src/envs/index.js').EnvGroup;

async function group(name: string, count: number, workers: number): Promise<EnvGroup> {
  const made = await Promise.all(Array.from({ length: workers === 0 ? count : 1 }, () => makeEnv(name)));
  if (workers === 0) return createVectorEnv(made);
  const [{ spec }] = made;
  made[0].dispose?.();
  const env = { name, options: { timeout: 60, tolerance: null, rewardRange: null, successEndsEpisode: null } };
  return startEnvThreads({ env, goals: {}, spec, envs: count, workers });
}

/** Processor microseconds of this process and of those that it has started. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  let ticks = 0;
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const words = readFileSync(`/proc/${entry}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      if (Number(words[1]) === process.pid) ticks += Number(words[11]) + Number(words[12]);
    } catch {
      // It has ended meanwhile.
    }
  }
  return user + system + 10_000 * ticks;
}

/** Environment steps per second with random actions, and processor microseconds of one. */
async function stepping(env: EnvGroup): Promise<[speed: number, processor: number]> {
  const spent = processorTime();
  const done = await stepFor(env, seconds, createRandom(1));
  return [done.steps / done.seconds, (processorTime() - spent) / done.steps];
}

function alone(id: string, count: number): [speed: number, processor: number] {
  const words = [here('python_speed.py'), id, `${count}`, `${seconds}`];
  const [speed, processor] = execFileSync(options.python, words, { encoding: 'utf8' }).trim().split(' ').map(Number);
  return [speed, processor];
}

const digits = (value: number) => Number(value.toPrecision(3));
const rows = [];
for (const entry of options.envs.split(',')) {
  const [id, times] = entry.trim().split(' x');
  const count = Number(times);
  const ways = [0, 1, 2].filter((workers) => workers <= count);
  const groups = [];
  for (const workers of ways) groups.push(await group(`gym:${id}`, count, workers));
  for (const env of groups) await env.reset(1);
  const measured: [number, number][][] = [[], ...ways.map(() => [])];
  for (let round = 0; round < Number(options.rounds); round++) {
    measured[0].push(alone(id, count));
    for (const [i, env] of groups.entries()) measured[i + 1].push(await stepping(env));
  }
  for (const env of groups) await env.dispose();
  const best = (i: number, which: 0 | 1) => {
    if (!measured[i]) return null;
    const values = measured[i].map((round) => round[which]);
    return digits(which === 0 ? Math.max(...values) : Math.min(...values));
  };
  const share = (i: number) => (measured[i] ? digits((best(i, 0) ?? 0) / (best(0, 0) ?? 1)) : null);
  rows.push({
    env: id,
    count,
    python: best(0, 0),
    thisThread: best(1, 0),
    share: share(1),
    oneProcess: best(2, 0),
    'share of one': share(2),
    twoProcesses: best(3, 0),
    'share of two': share(3),
    'us python': best(0, 1),
    'us this thread': best(1, 1),
    'us one': best(2, 1),
    'us two': best(3, 1),
  });
  console.error(JSON.stringify(rows.at(-1)));
}
console.log(table([Object.keys(rows[0]), ...rows.map((row) => Object.values(row).map((value) => value ?? '-'))]));
record('gymnasium-speed', { rows, rounds: Number(options.rounds), seconds, load: digits(loadavg()[0]) });
