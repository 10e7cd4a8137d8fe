// A session of an environment that cannot be made: leaves nothing behind.
import { expect, it } from 'vitest';
import { pointReach } from '../envs/point/index.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { train } from './train.js';

it('frees the environments that were created when a later one cannot be', async () => {
  let alive = 0;
  const env: typeof pointReach = {
    ...pointReach,
    name: 'me/robot',
    async create(options) {
      if (alive === 2) throw new Error('no robot attached');
      alive++;
      return { ...(await pointReach.create(options)), dispose: () => alive-- };
    },
  };
  const store = createMemoryStore();
  await expect(train({ env, envs: 4, steps: 100, store })).rejects.toThrow('no robot attached');
  expect(alive).toBe(0);
  expect(await store.list('')).toEqual([]);
});
