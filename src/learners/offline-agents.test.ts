// Offline agents on a line: from random walks alone, which way a goal lies, how far off it is, and what no walk has done.
import { describe, expect, it } from 'vitest';
import { agentSpec, findAgent } from '../agents/index.js';
import type { EnvSpec, GoalRules } from '../envs/env.js';
import { box } from '../envs/space.js';
import { createRandom } from '../random.js';
import { createBatch, createReplay, createSampler, parseRelabel } from '../replay/index.js';
import { nodeRuntime } from '../runtime/node.js';
import type { Program } from '../tensor/index.js';
import { createUpdater, type Updater } from '../updates/updater.js';
import { batchOf } from './updater-inputs.js';

const steps = 20;
const spec: EnvSpec = {
  name: 'test/line',
  observation: box(1),
  achieved: box(1),
  goal: box(1),
  action: box(1, -1, 1),
  maxEpisodeSteps: steps,
  rewardRange: [-1, 0],
  successEndsEpisode: false,
  info: [],
};
const near = (achieved: ArrayLike<number>, desired: ArrayLike<number>, out: Float32Array | Uint8Array, far: number) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.abs(achieved[i] - desired[i]) < 0.1 ? far + 1 : far;
};
const rules: GoalRules = {
  computeReward: (achieved, desired, _, out) => near(achieved, desired, out, -1),
  computeSuccess: (achieved, desired, _, out) => near(achieved, desired, out, 0),
  goalFrom: (achieved, out) => out.set(achieved),
};

/** Walks on [-1, 1] by uniform actions of a fifth of their size. */
function walks(episodes: number) {
  const replay = createReplay(spec, episodes * (steps + 1));
  const random = createRandom(4);
  for (let e = 0; e < episodes; e++) {
    const x = [2 * random.uniform() - 1];
    const action: number[] = [];
    for (let t = 0; t < steps; t++) {
      action.push(2 * random.uniform() - 1);
      x.push(Math.max(-1, Math.min(1, x[t] + 0.2 * action[t])));
    }
    const columns = {
      observation: x,
      achieved: x,
      goal: [2 * random.uniform() - 1],
      action,
      reward: new Float32Array(steps),
    };
    replay.addEpisode({ columns, failed: false });
  }
  return replay;
}

async function learned(name: string, options: Record<string, unknown>, updates: number, rows = 128) {
  const { config, create } = findAgent(name);
  const agent = create(agentSpec(spec), config.parse({ hidden: [32, 32], learningRate: 3e-3, ...options }), {
    normalize: false,
  });
  const { names, request } = batchOf(agent, rows);
  const batch = createBatch(spec, rows, names, request);
  const sampler = createSampler(walks(200), rules, parseRelabel('future:4'));
  const random = createRandom(2);
  const updater = await createUpdater({
    agent,
    rows,
    runtime: nodeRuntime,
    threads: 1,
    random: createRandom(1),
    batch: batch.columns,
    nextBatch: () => sampler.sample(random, batch),
  });
  await updater.update(updates);
  return { agent, updater };
}

/** What a program of one output says about these states and goals. */
async function ask(program: Program, updater: Updater, output: string, pairs: readonly (readonly [number, number])[]) {
  const executable = await nodeRuntime.compile(program);
  const of = (i: number) => Float32Array.from(pairs, (pair) => pair[i]);
  const inputs = executable.inputs.map(({ name }) => {
    if (name === 'observation') return [name, of(0)];
    return [name, name === 'goal' ? of(1) : updater.vector(name)];
  });
  const found = await executable.run(Object.fromEntries(inputs));
  await executable.dispose();
  return Array.from(found[output], Number);
}

const pairs = [-0.6, -0.2, 0.3, 0.7].flatMap((g) => [-0.8, -0.4, 0, 0.5].map((s) => [s, g] as const));

describe.each([
  ['gcbc', {}, 600],
  ['gcivl', {}, 600],
  ['gciql', { alpha: 0.3 }, 1000],
  ['crl', { latent: 16, alpha: 0.1 }, 600],
  ['saw', {}, 600],
  ['hiql', { subgoalSteps: 5 }, 600],
  ['qrl', { latent: 16, alpha: 0.1 }, 600],
  ['qrl', { latent: 16, alpha: 0.1, goals: 'own', quasimetric: 'mrn' }, 600],
  ['wgcsl', { discount: 0.9 }, 600],
  ['gofar', { discount: 0.9 }, 1000],
  ['td3-bc', { discount: 0.9 }, 600],
])('%s with %j', (name, options, updates) => {
  it('goes towards goals, and knows which is nearer', async () => {
    const { agent, updater } = await learned(name, options, updates);
    const actions = await ask(agent.act(pairs.length, { deterministic: true }), updater, 'action', pairs);
    const wrong = pairs.filter(([s, g], i) => Math.sign(actions[i]) !== Math.sign(g - s));
    expect(wrong).toEqual([]);
    if (agent.value) {
      const worth = await ask(
        agent.value.program(4),
        updater,
        'value',
        [-0.9, -0.4, 0.1, 0.6].map((s) => [s, 0.7]),
      );
      expect([...worth].sort((a, b) => a - b)).toEqual(worth);
    }
    await updater.dispose();
  });
});

it('wgcsl keeps its threshold at the percentile of advantages', async () => {
  const { updater } = await learned('wgcsl', { discount: 0.9, percentile: 0.7 }, 1600);
  updater.takeMetrics();
  await updater.update(100);
  // 12,800 advantages, of which 30% are to lie above; the threshold moves by 0.003 a time.
  expect(Math.abs(updater.takeMetrics().best_share - 0.3)).toBeLessThan(0.1);
  await updater.dispose();
});
