// An exported model says what the run's own says: next states, rewards, deviations and ends, for any number of rows.

import { expect, it } from 'vitest';
import { withoutPrefix } from '../bytes.js';
import { loadEnv, parseEnvOptions } from '../envs/index.js';
import { createDynamicsModel } from '../models/dynamics-model.js';
import { createBatchStep } from '../models/model-step.js';
import { createRandom } from '../random.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { findCheckpoint, readCheckpoint, readConfig } from '../runs/run-reader.js';
import { nodeRuntime } from '../runtime/node.js';
import { exportModel } from './export-model.js';
import { train } from './train.js';

const store = createMemoryStore();
const trained = async (env: string, steps: number, model: object) => {
  const { runDir } = await train({
    env,
    agent: 'sac',
    steps,
    seed: 1,
    store,
    config: {
      agent: { hidden: [16] },
      training: { batchSize: 16, warmupSteps: 100, updatesPerStep: 0.02 },
      runtime: { worker: false, overlap: false, threads: 1 },
      evaluation: { every: 1000, episodes: 1 },
      model,
    },
  });
  return runDir.split('/').at(-1) ?? '';
};
const small = { kind: 'ensemble', members: 3, elites: 2, hidden: [16], epochs: 3, rollouts: 50 };

async function ownModel(run: string) {
  const { config } = await readConfig(store, run);
  const definition = await loadEnv(config.env.name);
  const { spec } = definition.rules(parseEnvOptions(definition, config.env.options));
  const model = await createDynamicsModel({ env: spec, config: config.model, runtime: nodeRuntime, seed: 0 });
  const { state } = await readCheckpoint(store, run, await findCheckpoint(store, run, 'last'));
  model.restore(withoutPrefix('learner.model', state));
  return model;
}

it.each([
  ['pendulum', ['next.observation', 'reward'], true],
  ['pendulum', ['next.observation', 'reward'], false],
  ['point/reach', ['next.observation', 'next.achieved'], true],
])('%s: %j, probabilistic %s', async (env, names, probabilistic) => {
  const run = await trained(env, 200, { ...small, probabilistic });
  const model = await ownModel(run);
  const bytes = await exportModel({ run, store });
  const { states, results, sizes } = model.spec;
  const rows = 5;
  const exported = await nodeRuntime.compile(bytes, { rows });
  expect(exported.inputs.map(({ name }) => name)).toEqual([...states.map(({ name }) => name), 'action']);
  const deviations = probabilistic ? names.map((name) => `deviation.${name.replace('next.', '')}`) : [];
  expect(exported.outputs.map(({ name }) => name).sort()).toEqual([...names, ...deviations, 'failure'].sort());

  const random = createRandom(2);
  const inputs: Record<string, Float32Array> = {};
  for (const { name, size } of [...states, { name: 'action', size: sizes.action }]) {
    inputs[name] = Float32Array.from({ length: rows * size }, () => 0.5 * random.normal());
  }
  const out = await exported.run(inputs);
  // Each elite predicts a block of its own.
  const step = await createBatchStep(model, nodeRuntime, 2 * rows);
  for (let row = 0; row < 2 * rows; row++) {
    let at = row * sizes.state;
    for (const { name, size } of states) {
      for (let j = 0; j < size; j++) step.state[at++] = inputs[name][(row % rows) * size + j];
    }
    for (let j = 0; j < sizes.action; j++)
      step.action[row * sizes.action + j] = inputs.action[(row % rows) * sizes.action + j];
  }
  await step.run();
  const compare = (columns: typeof states, prefix: string, values: Float32Array, width: number) => {
    let place = 0;
    for (const { name, size } of columns) {
      const said = out[`${prefix}${name}`] as Float32Array;
      expect(said).toHaveLength(2 * rows * size);
      said.forEach((value, i) => {
        expect(value).toBeCloseTo(values[Math.floor(i / size) * width + place + (i % size)], 4);
      });
      place += size;
    }
  };
  compare(states, 'next.', step.next, sizes.state);
  compare(results, '', step.results, sizes.result);
  (out.failure as Float32Array).forEach((value, i) => {
    expect(value).toBeCloseTo(1 / (1 + Math.exp(-step.failure[i])), 5);
  });
  if (probabilistic && sizes.result > 0) {
    const before = step.results.slice();
    step.noise.fill(1);
    await step.run();
    (out['deviation.reward'] as Float32Array).forEach((value, i) => {
      expect(value).toBeCloseTo(step.results[i] - before[i], 4);
    });
  }
  await Promise.all([step.dispose(), exported.dispose(), model.dispose()]);
});

it('refuses runs without a model, and before its first fit', async () => {
  const without = await trained('pendulum', 200, { kind: 'none' });
  await expect(exportModel({ run: without, store })).rejects.toThrow('has no model of the world');
  const early = await trained('pendulum', 50, small);
  await expect(exportModel({ run: early, store })).rejects.toThrow('was not fitted before step');
  await expect(exportModel({ run: early, store, out: 'x' } as never)).rejects.toThrow('unknown option "out"');
});
