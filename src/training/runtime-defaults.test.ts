// The choice between overlapping and two threads in turn, alone and inside a run's configuration.
import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { configure } from './configure.js';
import { runtimeDefaults } from './runtime-defaults.js';

const sizes = (hidden: unknown, batchSize = 256) => ({ agent: { options: { hidden } }, training: { batchSize } });
const inTurn = { runtime: { overlap: false, threads: 2 } };

it.each([
  [[64, 64], 256, 2, {}],
  [[128, 128], 256, 2, {}],
  [[256, 256], 256, 2, inTurn],
  [[512, 512, 512], 2048, 16, inTurn],
  [[64, 512], 256, 2, inTurn],
  [[256, 256], 256, 1, {}],
  [[256, 256], 32, 2, {}],
  [[1024], 256, 2, {}],
  [undefined, 256, 2, {}],
])('hidden %j, batch %d, %d cores', (hidden, batchSize, cores, expected) => {
  expect(runtimeDefaults(sizes(hidden, batchSize), { cores, ownThreads: true })).toEqual(expected);
});

it('in a page nothing overlaps, for there is one thread', () => {
  expect(runtimeDefaults(sizes([256, 256]), { cores: 1, ownThreads: false })).toEqual({ runtime: { overlap: false } });
});

it('stands under all other settings, and the run records it', async () => {
  const runtimeOf = async (agent: string, hidden: number[], config = {}) =>
    (await configure({ env: 'point/reach', agent, config: { agent: { options: { hidden } }, ...config } })).runtime;
  const large = availableParallelism() > 1 ? { overlap: false, threads: 2 } : { overlap: true, threads: 1 };
  expect(await runtimeOf('sac', [64, 64])).toMatchObject({ overlap: true, threads: 1 });
  expect(await runtimeOf('sac', [256, 256])).toMatchObject(large);
  expect(await runtimeOf('sac', [256, 256], { runtime: { overlap: true, threads: 3 } })).toMatchObject({
    overlap: true,
    threads: 3,
  });
  expect(await runtimeOf('ppo', [64, 64])).toMatchObject({ overlap: false, threads: 1 });
});
