// A session of an environment that cannot be made or whose instances share state: leaves nothing behind.
import { expect, it } from 'vitest';
import { arrayState, box, defineEnv, goalRules, targetState } from '../envs/index.js';
import { pointReach } from '../envs/point/index.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { readCheckpoint } from '../runs/run-reader.js';
import { configure } from './configure.js';
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

it('refuses evaluations of fewer episodes than there are tasks before it trains', async () => {
  const store = createMemoryStore();
  const config = { env: { options: { places: 3 } }, evaluation: { every: 0, episodes: 1 } };
  await expect(train({ env: 'point/navigate', steps: 100, config, store })).rejects.toThrow(
    '1 evaluation episode is too few: point/navigate has 3 tasks, and each needs one; ask for 3 or more',
  );
  expect(await store.list('')).toEqual([]);
});

it('refuses instances that share state before it trains, with one environment and with several', async () => {
  const place = targetState(box(1, -1, 1), 0.05);
  const rules = goalRules(place, 'sparse');
  const shared = new Float64Array(1); // as at the top of a module
  const cart = (state: () => Float64Array) =>
    defineEnv({
      name: 'me/cart',
      create() {
        const at = state();
        return {
          spec: {
            name: 'me/cart',
            observation: box(1, -2, 2),
            achieved: box(1, -1, 1),
            goal: place.goal,
            action: box(1, -1, 1),
            maxEpisodeSteps: 20,
            rewardRange: rules.rewardRange,
            successEndsEpisode: false,
            info: [],
          },
          ...rules,
          ...arrayState(at),
          reset(random, now) {
            at[0] = 2 * random.uniform() - 1;
            now.goal[0] = 2 * random.uniform() - 1;
            now.observation[0] = at[0];
            now.achieved[0] = at[0];
          },
          step([push], now) {
            at[0] = Math.min(Math.max(at[0] + 0.1 * push, -1), 1);
            now.observation[0] = at[0];
            now.achieved[0] = at[0];
          },
        };
      },
    });
  const config = { evaluation: { every: 0, episodes: 1 }, runtime: { worker: false } };
  for (const envs of [1, 2]) {
    const store = createMemoryStore();
    const options = { envs, steps: 60, store, config };
    await expect(train({ ...options, env: cart(() => shared) })).rejects.toThrow(/sharing: .*Instances share state/);
    expect(await store.list('')).toEqual([]);
    expect(await train({ ...options, env: cart(() => new Float64Array(1)) })).toMatchObject({ ended: 'steps' });
  }
});

it('trains the same numbers after the check of an environment of your own as without it', async () => {
  // All that is tuned for point/reach holds for the other one too.
  const { agent } = await configure({ env: 'point/reach', config: { agent: { options: { hidden: [8] } } } });
  const config = {
    agent,
    training: { batchSize: 8, warmupSteps: 50, cycleSteps: 10, updatesPerStep: 0.1 },
    evaluation: { every: 0, episodes: 1 },
    runtime: { worker: false, overlap: false },
  };
  const actor = async (env: string | typeof pointReach) => {
    const store = createMemoryStore();
    const { runDir } = await train({ env, envs: 2, steps: 160, seed: 3, store, config });
    const { state } = await readCheckpoint(store, runDir.slice(store.location.length + 1), 160);
    return state['learner.vector.actor'];
  };
  expect(await actor({ ...pointReach, name: 'me/point' })).toEqual(await actor('point/reach'));
});
