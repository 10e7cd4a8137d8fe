// A model to use says what the exported one says, step by step, and refuses what does not fit.
import { expect, it } from 'vitest';
import { openDataSet } from '../datasets/index.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { nodeRuntime } from '../runtime/node.js';
import { exportModel } from './export-model.js';
import { recordData } from './record.js';
import { train } from './train.js';
import { fitModel, loadModel } from './world-model.js';

const model = { members: 3, elites: 2, hidden: [16], epochs: 3 };
const runtime = { worker: false, overlap: false, threads: 1 };
const random = async (env: string) => {
  const { bytes } = await recordData({ env, policy: 'random', episodes: 2 });
  return openDataSet('random.safetensors', bytes);
};

it('a run’s model: rollouts are those of the exported model, fed with what it says', async () => {
  const store = createMemoryStore();
  const { runDir } = await train({
    env: 'pendulum',
    agent: 'planner',
    data: await random('pendulum'),
    steps: 1,
    store,
    config: {
      agent: { horizon: 1, samples: 2, rounds: 1, elites: 1 },
      evaluation: { episodes: 1 },
      model,
      runtime,
    },
  });
  const source = { run: runDir.split('/').at(-1) ?? '', store };
  const world = await loadModel(source);
  const actions = [2, -1, 0.5];
  const { states, reward } = await world.imagine({ from: { observation: [1, 0, 0] }, actions });
  expect([world.elites, states.observation.length, reward?.length]).toEqual([2, 2 * 4 * 3, 2 * 3]);

  const exported = await nodeRuntime.compile(await exportModel(source), { rows: 1 });
  for (let e = 0; e < 2; e++) {
    let observation = Float32Array.of(1, 0, 0);
    for (const [t, action] of actions.entries()) {
      const said = await exported.run({ observation, action: Float32Array.of(action) });
      observation = Float32Array.from(said['next.observation'].slice(3 * e, 3 * e + 3) as Float32Array);
      for (let j = 0; j < 3; j++) {
        expect(states.observation[(e * 4 + t + 1) * 3 + j]).toBeCloseTo(observation[j], 4);
      }
      expect(reward?.[e * 3 + t]).toBeCloseTo(Number(said.reward[e]), 4);
    }
  }
  const drawn = () => world.imagine({ from: { observation: [1, 0, 0] }, actions, seed: 3 });
  const [once, again] = [await drawn(), await drawn()];
  expect(once).toEqual(again);
  expect(once.states.observation).not.toEqual(states.observation);
  await expect(world.imagine({ from: { observation: [1, 0] }, actions })).rejects.toThrow(
    'from.observation has 2 numbers; pendulum has 3.',
  );
});

it('fitted to data with goals: the achieved goal goes along, rewards are the rules’', async () => {
  const world = await fitModel({ env: 'point/reach', data: await random('point/reach'), config: { model, runtime } });
  const { transitions = 0, heldOut = 0 } = world.fit ?? {};
  expect(transitions + heldOut).toBe(100);
  expect(heldOut).toBeGreaterThan(0);
  const from = { observation: [0.1, 0.2], achieved: [0.1, 0.2] };
  const { states, reward } = await world.imagine({ from, actions: [1, 0, 1, 0] });
  expect(Object.keys(states)).toEqual(['observation', 'achieved']);
  expect(reward).toBeUndefined();
  await expect(world.imagine({ from, actions: [1, 0, 1] })).rejects.toThrow('actions has 3 numbers');
  await expect(fitModel({ env: 'pendulum' } as never)).rejects.toThrow('fitModel needs data');
});
