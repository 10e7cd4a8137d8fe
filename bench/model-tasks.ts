// One set of unlabelled steps for three tasks: a model fitted once plans for each of them, and a policy learns each in it; beside SAC from the beginning.
// Run: npx tsx bench/model-tasks.ts [--seeds 1,2,3] [--data 3,5,10] [--ways planner,policy,alone]; finished parts are kept in runs/model-tasks.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createDiskStore } from '../src/runs/disk-store.js';
import { readCheckpoint } from '../src/runs/run-reader.js';
import { evaluateRun, recordData, train } from '../src/training/index.js';
import { record, table } from './record.js';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1,2,3' },
    data: { type: 'string', default: '5' },
    ways: { type: 'string', default: 'planner,policy,alone' },
  },
});
const seeds = values.seeds.split(',').map(Number);
const ways = values.ways.split(',');
/** Episodes of 200 random steps. */
const amounts = values.data.split(',').map(Number);
const env = 'bench/learning/envs/pendulum-tasks.js';
const tasks = ['upright', 'aslant', 'turning'] as const;
const folder = 'runs/model-tasks';
mkdirSync(folder, { recursive: true });
const common = {
  env,
  relabel: 'none',
  store: createDiskStore(folder),
};
const base = { runtime: { threads: 1, overlap: false, worker: false }, evaluation: { every: 0, episodes: 1 } };
const small = { hidden: [64, 64], learningRate: 1e-3, discount: 0.98, tau: 0.01 };

interface Part {
  readonly task: string;
  readonly way: string;
  readonly seed: number;
  /** Real steps that were made for this task alone, and those that all tasks share. */
  readonly own: number;
  readonly shared: number;
  readonly reward: number;
  /** Share of the episodes that end in success. */
  readonly success: number;
  readonly cpuSeconds: number;
  /** Of the model's elites, by which those of the tasks are told to be equal. */
  readonly model?: string;
  /** Of the agent without a model: returns by steps. */
  readonly curve?: readonly { readonly steps: number; readonly reward: number }[];
}

async function once(name: string, work: () => Promise<Part>): Promise<Part> {
  const file = `${folder}/${name}.json`;
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const part = await work();
  writeFileSync(file, JSON.stringify(part));
  console.error(JSON.stringify({ ...part, curve: undefined }));
  return part;
}

const cpuSeconds = (begin: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1e6;
};

async function fromData(task: string, way: 'planner' | 'policy', episodes: number, seed: number): Promise<Part> {
  const file = `${folder}/random-${episodes}-${seed}.safetensors`;
  if (!existsSync(file)) {
    const { bytes } = await recordData({ env, policy: 'random', episodes, seed });
    writeFileSync(file, bytes);
  }
  const begin = process.cpuUsage();
  const { runDir, envSteps } = await train({
    ...common,
    seed,
    agent: way === 'planner' ? 'planner' : 'sac',
    data: [file],
    // Without acting steps are updates; the planner makes none.
    steps: way === 'planner' ? 10 : 6000,
    config: {
      ...base,
      env: { options: { task } },
      ...(way === 'policy' && { agent: { options: small } }),
      model: {
        kind: 'ensemble',
        hidden: [64, 64],
        ...(way === 'policy' && { every: 2000, horizon: 5, rollouts: 4000 }),
      },
    },
  });
  const { successRate, meanReward } = await evaluateRun({
    run: runDir,
    checkpoint: 'last',
    episodes: way === 'planner' ? 3 : 50,
  });
  const { state } = await readCheckpoint(createDiskStore(runDir), '', envSteps);
  const model = createHash('sha256').update(state['learner.model.elites']).digest('hex').slice(0, 16);
  return {
    task,
    way,
    seed,
    own: 0,
    shared: 200 * episodes,
    reward: meanReward,
    success: successRate,
    cpuSeconds: cpuSeconds(begin),
    model,
  };
}

async function alone(task: string, seed: number): Promise<Part> {
  const begin = process.cpuUsage();
  const curve: { steps: number; reward: number }[] = [];
  const { runDir, envSteps } = await train({
    ...common,
    seed,
    agent: 'sac',
    steps: 8000,
    config: {
      ...base,
      env: { options: { task } },
      agent: { options: small },
      training: { warmupSteps: 500 },
      evaluation: { every: 500, episodes: 10 },
    },
    onEvaluation: ({ steps, meanReward: reward }) => curve.push({ steps, reward }),
  });
  const { successRate, meanReward } = await evaluateRun({ run: runDir, checkpoint: 'last', episodes: 50 });
  return {
    task,
    way: 'alone',
    seed,
    own: envSteps,
    shared: 0,
    reward: meanReward,
    success: successRate,
    cpuSeconds: cpuSeconds(begin),
    curve,
  };
}

const parts: Part[] = [];
for (const seed of seeds) {
  for (const task of tasks) {
    for (const episodes of amounts) {
      for (const way of (['planner', 'policy'] as const).filter((one) => ways.includes(one))) {
        parts.push(await once(`${task}-${way}-${episodes}-${seed}`, () => fromData(task, way, episodes, seed)));
      }
    }
    if (ways.includes('alone')) parts.push(await once(`${task}-alone-${seed}`, () => alone(task, seed)));
  }
}
console.log(
  table([
    ['task', 'way', 'seed', 'shared steps', 'own steps', 'return', 'success'],
    ...parts.map(({ task, way, seed, shared, own, reward, success }) => [
      task,
      way,
      seed,
      shared,
      own,
      reward.toFixed(0),
      success.toFixed(2),
    ]),
  ]),
);
record('model-tasks', {
  command: `npx tsx bench/model-tasks.ts --seeds ${values.seeds} --data ${values.data} --ways ${values.ways}`,
  parts,
});
