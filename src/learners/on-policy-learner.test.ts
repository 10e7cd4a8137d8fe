// Learning from rollouts: bootstrapping at time limits, repeatable, what is refused, and learning with both kinds of actions.
import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../acting/evaluate.js';
import { float32Of } from '../bytes.js';
import type { EnvDefinition, EnvSpec } from '../envs/env.js';
import { box, discrete } from '../envs/space.js';
import { type EpisodePiece, rowLayout } from '../replay/index.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { readCheckpoint } from '../runs/run-reader.js';
import { nodeRuntime } from '../runtime/node.js';
import { configure } from '../training/configure.js';
import { evaluateRun, exportPolicy, loadPolicy } from '../training/policy.js';
import { resume, train } from '../training/train.js';
import type { TrainOptions } from '../training/types.js';
import { createLearner } from './create-learner.js';

describe('what V learns', () => {
  const spec: EnvSpec = {
    name: 'still',
    observation: box(1),
    achieved: box(1),
    goal: box(1),
    action: discrete(2),
    maxEpisodeSteps: 1,
    rewardRange: [0, 1],
    successEndsEpisode: false,
    info: [],
  };
  const still: EnvDefinition<unknown> = {
    name: 'still',
    description: 'nothing but a reward',
    rules: () => ({
      spec,
      computeReward: (_achieved, _desired, _info, out) => out.fill(1),
      computeSuccess: (_achieved, _desired, _info, out) => out.fill(1),
    }),
    create: () => {
      throw new Error('only its rules are needed');
    },
  };

  /** V of a state that gives these rewards for its two actions, in episodes of one step that end like this. */
  async function valueAfter(end: EpisodePiece['end'], options: Record<string, unknown> = {}, rewards = [1, 1]) {
    const config = await configure({
      env: still,
      agent: 'ppo',
      config: {
        envs: 2,
        agent: { hidden: [], discount: 0.5, learningRate: 0.02, ...options },
        training: { batchSize: 16 },
      },
    });
    const learner = await createLearner({ config, definition: still }, nodeRuntime);
    const layout = rowLayout(spec);
    let updates = 0;
    for (let iteration = 0; iteration < 60; iteration++) {
      const rows = new Float32Array(64 * layout.width);
      const pieces = Array.from({ length: 32 }, (_, i): EpisodePiece => {
        const row = rows.subarray(2 * i * layout.width);
        row[layout.column('action').offset] = i % 2;
        row[layout.column('reward').offset] = rewards[i % 2];
        return { env: i % 2, first: 2 * i, steps: 1, end };
      });
      updates += (await learner.learn({ rows, pieces }, 0)).updates;
    }
    const { parts } = await learner.save();
    await learner.dispose();
    // All inputs are 0, and without hidden layers what is left of the network is its bias.
    return { value: float32Of(parts['vector.critic']).at(-1) as number, updates };
  }

  it('is 1 where the world ends, and 1 / (1 - gamma) where only time runs out', async () => {
    expect((await valueAfter('terminated')).value).toBeCloseTo(1, 1);
    expect((await valueAfter('truncated')).value).toBeCloseTo(2, 1);
    expect((await valueAfter(undefined)).value).toBeCloseTo(2, 1);
  });

  it('learns as often as epochs and batches say, and stops early once the policy has moved too far', async () => {
    expect((await valueAfter('truncated', { epochs: 5 })).updates).toBe(60 * 10);
    const { updates } = await valueAfter('truncated', { epochs: 5, targetKl: 1e-9 }, [0, 1]);
    expect(updates).toBeLessThan(60 * 10);
    expect(updates).toBeGreaterThanOrEqual(60);
  });
});

const small = {
  agent: { options: { hidden: [16, 16] } },
  training: { cycleSteps: 128, batchSize: 32 },
  evaluation: { every: 0, episodes: 3 },
  runtime: { worker: false },
};

async function trained(options: Partial<TrainOptions>) {
  const store = createMemoryStore();
  const evaluations: Evaluation[] = [];
  const result = await train({
    env: 'point/reach',
    agent: 'ppo',
    seed: 1,
    steps: 512,
    config: small,
    ...options,
    store,
    onEvaluation: (evaluation) => evaluations.push(evaluation),
  });
  const run = result.runDir.slice(store.location.length + 1);
  const { state } = await readCheckpoint(store, run, result.envSteps);
  const bytes = Object.fromEntries(Object.entries(state).filter(([name]) => name !== 'loop'));
  return { store, run, result, evaluations, bytes };
}

describe('ppo', () => {
  it('reaches nine of ten fresh goals on point/reach with dense rewards', async () => {
    const options = { learningRate: 2e-3, discount: 0.9, initialLogStd: -0.5 };
    const { store, run, evaluations } = await trained({
      steps: 60_000,
      untilSuccess: 0.95,
      config: {
        env: { options: { reward: 'dense' } },
        agent: { options },
        training: { cycleSteps: 1024, batchSize: 128 },
        evaluation: { every: 4096 },
        runtime: { worker: false },
      },
    });
    expect(evaluations[0].successRate).toBeLessThan(0.5); // it did not know from the start
    // 200 fresh goals: a policy of true success 0.97 fails this once in 10^6.
    expect((await evaluateRun({ run, store, episodes: 200 })).successRate).toBeGreaterThan(0.9);
  }, 20_000);

  it('reaches nine of ten goals of a grid with walls and sparse rewards', async () => {
    const { store, run, evaluations } = await trained({
      env: 'grid',
      steps: 80_000,
      untilSuccess: 0.97,
      config: {
        env: { options: { map: '..../.##./..../....' } },
        agent: { options: { learningRate: 1e-3, discount: 0.95, entropyWeight: 0.01 } },
        evaluation: { every: 4096, episodes: 100 },
        runtime: { worker: false },
      },
    });
    expect(evaluations[0].successRate).toBeLessThan(0.6);
    expect((await evaluateRun({ run, store, episodes: 200 })).successRate).toBeGreaterThan(0.9);
  }, 20_000);

  it('is the same bytes for the same seed, others for another, and goes on as if it had not stopped', async () => {
    const whole = await trained({ steps: 768 });
    expect((await trained({ steps: 768 })).bytes).toEqual(whole.bytes);
    expect((await trained({ steps: 768, seed: 2 })).bytes['learner.vector.actor']).not.toEqual(
      whole.bytes['learner.vector.actor'],
    );
    const first = await trained({ steps: 384 });
    await resume({ run: first.run, store: first.store, steps: 768 });
    const { state } = await readCheckpoint(first.store, first.run, 768);
    expect(Object.fromEntries(Object.entries(state).filter(([name]) => name !== 'loop'))).toEqual(whole.bytes);
  });

  it('loaded and exported policies act alike, within the bounds', async () => {
    const { store, run } = await trained({});
    const policy = await loadPolicy({ run, store });
    const input = { observation: [0.1, 0.7], goal: [-0.4, 0.2] };
    const action = await policy.act(input);
    const model = await nodeRuntime.compile(await exportPolicy({ run, store }));
    const out = await model.run({
      observation: Float32Array.from(input.observation),
      goal: Float32Array.from(input.goal),
    });
    [...action].forEach((value, i) => {
      expect((out.action as Float32Array)[i]).toBeCloseTo(value, 5);
      expect(Math.abs(value)).toBeLessThanOrEqual(1);
    });
    await policy.dispose();
    await model.dispose();
  });

  it('comes with settings of its own, and refuses what its policy has not done', async () => {
    const config = await configure({ env: 'arm/reach', agent: 'ppo' });
    expect(config).toMatchObject({
      relabel: 'none',
      envs: 8,
      runtime: { overlap: false },
      training: { warmupSteps: 0 },
    });
    const refused = (options: Partial<TrainOptions>) => expect(trained(options)).rejects;
    await refused({ relabel: 'future:4' }).toThrow(
      /relabel "future:4" .*on-policy, and a relabelled transition was not/,
    );
    await refused({ config: { training: { warmupSteps: 10 } } }).toThrow(/warmupSteps 10 .*on-policy.*set it to 0/);
    await refused({ config: { training: { demonstrations: 10 } } }).toThrow(/demonstrations 10 .*on-policy/);
    await refused({ config: { runtime: { overlap: true } } }).toThrow(/runtime\.overlap .*on-policy.*set it to false/);
  });
});
