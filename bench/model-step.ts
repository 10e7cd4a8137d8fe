// Times a model of the world: a batch of its fit (7 members of 4 x 200, 256 transitions each), imagined steps, whole steps
// of MBPO with 20 updates; beside mbrl-lib where there is a Python that has it (bench/peers/mbrl-requirements.txt).
// Run: npx tsx bench/model-step.ts [--mbrl PYTHON]; finished parts are kept in runs/model-step.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { agentSpec } from '../src/agents/agent-spec.js';
import { findAgent } from '../src/agents/index.js';
import { modelConfigSchema } from '../src/config/model-config.js';
import { box } from '../src/envs/index.js';
import { policyOf } from '../src/learners/learner-state.js';
import { createDynamicsModel } from '../src/models/dynamics-model.js';
import { createImagination } from '../src/models/imagination.js';
import { transitionsOf } from '../src/models/transitions.js';
import { createRandom } from '../src/random.js';
import { createReplay } from '../src/replay/index.js';
import { createMemoryStore } from '../src/runs/memory-store.js';
import { nodeRuntime } from '../src/runtime/node.js';
import { train } from '../src/training/index.js';
import { record, table, vectorInstructions } from './record.js';

const { values } = parseArgs({ options: { mbrl: { type: 'string' } } });

/** Steps of MBPO between fits, of both. */
const EVERY = 200;
const [observations, actions, transitions] = [11, 3, 5000]; // as many numbers as Hopper has
const env = {
  name: 'bench/random',
  observation: box(observations),
  achieved: box(0),
  goal: box(0),
  action: box(actions, -1, 1),
  maxEpisodeSteps: 100,
  rewardRange: [-10, 10] as const,
  successEndsEpisode: false,
  info: [],
};
const replay = createReplay(env, transitions);
const random = createRandom(1);
const normals = (size: number) => Float32Array.from({ length: size }, () => random.normal());
for (let n = 0; n < transitions; n += 100) {
  const columns = { observation: normals(101 * observations), action: normals(100 * actions), reward: normals(100) };
  replay.addEpisode({ columns, failed: false });
}
const data = transitionsOf([replay]);
const BATCHES = 20;
const config = modelConfigSchema.parse({
  kind: 'ensemble',
  epochs: 1,
  epochBatches: BATCHES,
  rollouts: 100_000,
  retain: 1,
});
const model = await createDynamicsModel({ env, config, runtime: nodeRuntime, seed: 1 });
const sac = findAgent('sac');
const agent = sac.create(agentSpec(env), sac.config.parse({}), { normalize: false });
const vectors = Object.fromEntries(agent.policyVectors.map((name) => [name, agent.state[name].init(random)]));
const policy = policyOf(
  agent,
  { names: agent.policyVectors, vector: (name) => vectors[name], setVector: () => undefined },
  new Float32Array(2 * observations),
);
const rules = {
  spec: env,
  computeReward: () => undefined,
  computeSuccess: () => undefined,
  computeFailed: (_: Float32Array, out: Uint8Array) => void out.fill(0),
};
const imagination = await createImagination({ model, agent, rules, config, runtime: nodeRuntime, seed: 1 });

/** Processor and wall milliseconds; the best of some rounds. */
async function time(rounds: number, work: () => Promise<unknown>): Promise<{ processor: number; wall: number }> {
  let best = { processor: Infinity, wall: Infinity };
  for (let i = 0; i < rounds; i++) {
    const [cpu, wall] = [process.cpuUsage(), performance.now()];
    await work();
    const { user, system } = process.cpuUsage(cpu);
    best = {
      processor: Math.min(best.processor, (user + system) / 1000),
      wall: Math.min(best.wall, performance.now() - wall),
    };
  }
  return best;
}
const folder = 'runs/model-step';
mkdirSync(folder, { recursive: true });
/** Finished parts are kept: the whole takes minutes. */
async function kept<T>(name: string, work: () => Promise<T>): Promise<T> {
  const file = `${folder}/${name}.json`;
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const found = await work();
  writeFileSync(file, JSON.stringify(found));
  return found;
}
const fit = await kept('fit', () => time(4, () => model.fit(data)));
const imagined = await kept('imagined', () => time(2, () => imagination.run(policy, data, 0)));
await imagination.dispose();
await model.dispose();

/** As mbrl-lib's example for its cart-pole has it, on one of as many numbers; random steps first. */
const mbpo = (steps: number) =>
  train({
    env: 'gymnasium/inverted-pendulum',
    agent: 'sac',
    steps,
    seed: 1,
    store: createMemoryStore(),
    config: {
      agent: { options: { hidden: [256, 256] } },
      training: { warmupSteps: 5000, updatesPerStep: 20, cycleSteps: 10, batchSize: 256 },
      model: { kind: 'ensemble', every: EVERY, rollouts: 80_000, retain: 4, realShare: 0 },
      evaluation: { every: 0, episodes: 1 },
      checkpoint: { every: 100_000 },
      runtime: { threads: 1, overlap: false, worker: false },
    },
  });
// Up to the first fit, and on from there.
const before = await kept('before', () => time(1, () => mbpo(4990)));
const timed = EVERY - 10; // the next fit is not among them
const whole = await kept('whole', () => time(1, () => mbpo(5000 + timed)));
const perStep = (whole.processor - before.processor) / timed;

interface Peer {
  readonly batch: number;
  readonly imagined: number;
  readonly torch: string;
  readonly mbpo: {
    readonly steps: number;
    readonly fits: number;
    readonly imagination: number;
    readonly updates: number;
  };
}
const script = fileURLToPath(new URL('peers/mbrl_speed.py', import.meta.url));
// One fit and half of the steps until the next: its updates all take as long.
const asked = { observation: observations, action: actions, steps: EVERY / 2 };
const { mbrl: python } = values;
const peer: Peer | undefined =
  python === undefined
    ? undefined
    : await kept('mbrl', async () => {
        const said = execFileSync(python, [script, JSON.stringify(asked)], { encoding: 'utf8' });
        return JSON.parse(said.trim().split('\n').at(-1) ?? '');
      });
const peerStep =
  peer && 1000 * ((peer.mbpo.fits + peer.mbpo.imagination) / EVERY + peer.mbpo.updates / peer.mbpo.steps);

const rows: [string, number, number | undefined][] = [
  ['a batch of the fit, 7 members of 4 x 200', fit.processor / BATCHES, peer && 1000 * peer.batch],
  ['100,000 imagined steps, policy of 256 x 256', imagined.processor, peer && 1000 * peer.imagined],
  ['a step of MBPO, 20 updates, fits and imagination included', perStep, peerStep],
];
console.log(
  table([
    ['processor ms', 'anygoal', 'mbrl-lib', 'times'],
    ...rows.map(([name, own, theirs]) => [
      name,
      own.toFixed(1),
      theirs?.toFixed(1) ?? '-',
      theirs === undefined ? '-' : (theirs / own).toFixed(1),
    ]),
  ]),
);
record('model-step', {
  command: 'npx tsx bench/model-step.ts --mbrl PYTHON',
  vectors: vectorInstructions(),
  rows: rows.map(([name, own, theirs]) => ({ name, anygoal: own, mbrl: theirs })),
  peer,
});
