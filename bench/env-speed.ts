// Measures steps per second of each environment on one core: random actions, whole steps with observation and reward,
// resets included. The time is the processor's, so that other work on the machine disturbs little. Run with:
//   npx tsx bench/env-speed.ts [environment ...]
//   npx tsx bench/env-speed.ts --python ../peers-venv/bin/python   (the Fetch tasks beside Gymnasium-Robotics, in turn)
//   npx tsx bench/env-speed.ts --python ../metaworld-venv/bin/python --family metaworld   (beside Meta-World)
//   npx tsx bench/env-speed.ts --python ../gymnasium-venv/bin/python --family gymnasium   (beside Gymnasium)
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { assetsOf } from '../src/envs/assets/all.js';
import { taskSetups } from '../src/envs/gymnasium/tasks.js';
import { gymnasiumTasks, listEnvs, loadEnv, makeEnv, metaworldTasks } from '../src/envs/index.js';
import { unknownName } from '../src/errors.js';
import { createRandom } from '../src/random.js';
import { record, table, vectorInstructions } from './record.js';

const rounds = 7;
const secondsPerRound = 0.8;
/** Steps of a round beside Python, of each task. */
const pairedSteps = 600;
const pairedRounds = 9;

/** An environment that takes random steps and says how many seconds of the processor they took. */
interface Stepper {
  /** How many tasks it has in turn. */
  readonly tasks?: number;
  time(steps: number): number | Promise<number>;
  dispose(): void;
}

async function openEnv(name: string): Promise<Stepper> {
  const env = await makeEnv(name);
  const random = createRandom(1);
  const { action: space } = env.spec;
  const action = new Float32Array(space.kind === 'box' ? space.size : 1);
  const tasks = env.spec.tasks?.length ?? 1;
  let episodes = 0;
  const reset = () => env.reset(env.spec.tasks && { task: episodes++ % tasks });
  env.reset({ seed: 1 });
  return {
    tasks,
    time(steps) {
      const before = process.cpuUsage();
      for (let i = 0; i < steps; i++) {
        if (space.kind === 'box') random.fillUniform(action, -1, 1);
        else action[0] = random.below(space.n);
        const { terminated, truncated } = env.step(action);
        if (terminated || truncated) reset();
      }
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1e6;
    },
    dispose: () => env.dispose?.(),
  };
}

const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];

async function measure(name: string) {
  const env = await openEnv(name);
  let count = 50;
  let seconds = await env.time(count);
  // As many steps as fill a round; on the way the compiler warms up.
  while (seconds < secondsPerRound / 2) {
    count = Math.ceil((1.2 * count * secondsPerRound) / Math.max(seconds, secondsPerRound / 20));
    seconds = await env.time(count);
  }
  count = Math.ceil((count * secondsPerRound) / seconds);
  const speeds: number[] = [];
  for (let i = 0; i < rounds; i++) speeds.push(Math.round(count / (await env.time(count))));
  env.dispose();
  return { env: name, stepsPerSecond: middle(speeds), slowest: Math.min(...speeds), fastest: Math.max(...speeds) };
}

async function measureAll(chosen: readonly string[]): Promise<void> {
  const names = chosen.length > 0 ? chosen : listEnvs().map(({ name }) => name);
  const results: Awaited<ReturnType<typeof measure>>[] = [];
  for (const name of names) {
    await loadEnv(name); // an unknown name fails before anything is measured
    const models = await assetsOf(name)
      ?.load()
      .catch(() => 'missing');
    if (chosen.length === 0 && models === 'missing') {
      console.log(`${name.padEnd(22)} left out: its models are not here`);
      continue;
    }
    const result = await measure(name);
    results.push(result);
    const { stepsPerSecond, slowest, fastest } = result;
    console.log(`${name.padEnd(22)} ${String(stepsPerSecond).padStart(9)} steps/s   (${slowest} to ${fastest})`);
  }
  if (chosen.length > 0) return; // the record is of all
  const measured = {
    machine: `${cpus()[0]?.model.trim()}, ${cpus().length} cores`,
    node: process.version,
    date: new Date().toISOString().slice(0, 10),
    rounds,
    unit: 'environment steps per second of processor time',
    results,
  };
  mkdirSync('bench/results', { recursive: true });
  writeFileSync('bench/results/env-speed.json', `${JSON.stringify(measured, null, 2)}\n`);
  console.log('written to bench/results/env-speed.json');
}

interface Peer {
  /** In bench/peers. */
  readonly script: string;
  /** What Python calls each task. */
  readonly ids: Readonly<Record<string, string>>;
}

const peers: Readonly<Record<string, Peer>> = {
  fetch: {
    script: 'fetch_speed.py',
    ids: {
      reach: 'FetchReach-v4',
      push: 'FetchPush-v4',
      slide: 'FetchSlide-v4',
      'pick-and-place': 'FetchPickAndPlace-v4',
    },
  },
  metaworld: {
    script: 'metaworld_speed.py',
    ids: { mt10: 'MT10', ...Object.fromEntries(metaworldTasks.map((task) => [task, `${task}-v3`])) },
  },
  gymnasium: {
    script: 'gymnasium_speed.py',
    ids: Object.fromEntries(gymnasiumTasks.map((task) => [task, taskSetups[task].id])),
  },
};

async function openPython(
  python: string,
  script: string,
  id: string,
): Promise<Stepper & { versions: Record<string, string> }> {
  const path = new URL(`./peers/${script}`, import.meta.url).pathname;
  const child: ChildProcess = spawn(python, [path, id], { stdio: ['pipe', 'pipe', 'ignore'] });
  const failed = new Promise<never>((_, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`${python} ended with code ${code}; see bench/peers/README.md`)));
  });
  failed.catch(() => undefined);
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const answer = async () => JSON.parse((await Promise.race([lines.next(), failed])).value);
  return {
    versions: await answer(),
    time(steps) {
      child.stdin?.write(`${steps}\n`);
      return answer();
    },
    dispose: () => child.stdin?.end(),
  };
}

async function besidePython(python: string, family: string): Promise<void> {
  const peer = peers[family];
  if (!peer) throw unknownName('family', family, Object.keys(peers));
  let versions = {};
  const results: { env: string; here: number; python: number; ratio: number; ratios: number[] }[] = [];
  for (const [task, id] of Object.entries(peer.ids)) {
    const here = await openEnv(`${family}/${task}`);
    const there = await openPython(python, peer.script, id);
    versions = there.versions;
    const steps = pairedSteps * (here.tasks ?? 1);
    await here.time(steps);
    await there.time(steps);
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let i = 0; i < pairedRounds; i++) {
      ours.push(steps / (await here.time(steps)));
      theirs.push(steps / (await there.time(steps)));
    }
    here.dispose();
    there.dispose();
    const ratios = ours.map((speed, i) => speed / theirs[i]).sort((a, b) => a - b);
    results.push({
      env: `${family}/${task}`,
      here: Math.round(middle(ours)),
      python: Math.round(middle(theirs)),
      ratio: middle(ratios),
      ratios: [ratios[0], ratios[ratios.length - 1]],
    });
  }
  const shown = results.map(({ env, here, python, ratio, ratios }) => {
    return [env, here, python, ratio.toFixed(2), ratios.map((r) => r.toFixed(2)).join(' to ')];
  });
  console.log(table([['task', 'steps/s here', 'Python', 'ratio', 'smallest to largest'], ...shown]));
  record(`env-speed-${family}`, {
    vectorInstructions: vectorInstructions(),
    unit: 'environment steps per second of processor time, median of rounds taken in turn',
    rounds: pairedRounds,
    stepsPerRound: pairedSteps,
    python: versions,
    results,
  });
}

const { values, positionals } = parseArgs({
  options: { python: { type: 'string' }, family: { type: 'string', default: 'fetch' } },
  allowPositionals: true,
});
if (values.python === undefined) await measureAll(positionals);
else await besidePython(values.python, values.family);
