// Learning from data whose environment is not here: evaluated by held-out episodes, gone on with, and what is refused.
import { expect, it } from 'vitest';
import { openDataSet, recordedSpec } from '../datasets/index.js';
import { heldOutEpisodes } from '../datasets/recorded-spec.js';
import { loadEnv } from '../envs/index.js';
import { configure, createMemoryStore, diagnoseModel, recordData, resume, train } from './index.js';

const quick = {
  evaluation: { every: 0, episodes: 20 },
  runtime: { worker: false, threads: 1, overlap: false },
  agent: { options: { hidden: [32, 32] } },
};

async function dataOf(episodes: number) {
  const env = {
    ...(await loadEnv('point/reach')),
    name: 'other/task',
    demonstrator: () => (observation: ArrayLike<number>, goal: ArrayLike<number>) =>
      [0, 1].map((i) => Math.max(-1, Math.min(1, 5 * (goal[i] - observation[i])))),
  };
  const { bytes } = await recordData({ env, policy: 'scripted', episodes });
  const data = await openDataSet('walks.safetensors', bytes);
  const { spec, columns } = await recordedSpec(data);
  return {
    data,
    spec,
    config: { env: { name: 'recorded', options: { spec: JSON.stringify(spec) } }, data: { columns } },
  };
}

it('is trained, evaluated by held-out episodes, warned about and gone on with', async () => {
  const { data, config } = await dataOf(40);
  const store = createMemoryStore();
  const warnings: string[] = [];
  const settings = { ...quick, ...config, relabel: 'none' };
  const common = { env: 'recorded', agent: 'gcbc', seed: 1, store, data: [data] } as const;
  const onStart = (run: { warnings: readonly string[] }) => void warnings.push(...run.warnings);
  const short = await train({ ...common, steps: 100, config: settings, onStart });
  const long = await train({ ...common, steps: 600, config: settings });
  expect(warnings.join(' ')).toMatch(
    /no environment to evaluate in\. 4 episodes are held out.*cannot tell whether goals/,
  );
  expect(long.hasSuccess).toBe(false);
  // Minus the distance of actions in half ranges: learning brings the policy nearer to what was done.
  expect(long.evalMeanReward).toBeGreaterThan(short.evalMeanReward);
  expect(long.evalMeanReward).toBeLessThan(0);
  const run = short.runDir.replace(/^memory\//, '');
  const resumed = await resume({ run, store, steps: 600, data: [data] });
  expect(resumed.evalMeanReward).toBe(long.evalMeanReward);
});

it('nobody can act there', async () => {
  const { data, config } = await dataOf(4);
  const settings = { ...quick, ...config, data: { ...config.data, share: 0.5 }, relabel: 'none' };
  const asked = {
    env: 'recorded',
    agent: 'gcbc',
    steps: 10,
    store: createMemoryStore(),
    data: [data],
    config: settings,
  };
  await expect(train(asked)).rejects.toThrow(/data\.share is 0\.5: without an environment nobody can act/);
  const alone = { ...asked, data: undefined, agent: 'sac', config: { ...quick, env: config.env } };
  await expect(train(alone)).rejects.toThrow('data.files is empty');
});

it('the usual agent is one that imitates, and no model is diagnosed', async () => {
  const { data, config } = await dataOf(4);
  const store = createMemoryStore();
  const settings = { ...quick, ...config, relabel: 'none' };
  const common = { env: 'recorded', seed: 1, store, data: [data], config: settings };
  await expect(configure({ ...common, steps: 10 })).resolves.toMatchObject({ agent: { name: 'gcbc' } });
  await expect(train({ ...common, agent: 'planner', steps: 10, config })).rejects.toThrow(
    /which agent "planner" needs, but/,
  );
  const { runDir } = await train({ ...common, agent: 'gcbc', steps: 10 });
  const refused = /is not here.*model diagnose DATA --env/;
  await expect(diagnoseModel({ run: runDir.replace(/^memory\//, ''), store })).rejects.toThrow(refused);
  await expect(diagnoseModel({ data, env: 'recorded', config: settings })).rejects.toThrow(refused);
});

it('holds out a tenth of the episodes, spread evenly, and refuses a single one', () => {
  const of = (count: number) => [...heldOutEpisodes({ name: 'few', steps: new Int32Array(count).fill(1) })];
  expect(of(2)).toEqual([1]);
  expect(of(40)).toEqual([5, 15, 25, 35]);
  expect(of(10_000)).toHaveLength(50);
  expect(() => of(1)).toThrow('few holds a single episode');
});

it.each(['tabletop/push', 'tabletop/mt3'])('goals that say more than what was achieved: %s', async (name) => {
  const env = { ...(await loadEnv(name)), name: 'me/gone' };
  const { bytes } = await recordData({ env, policy: 'random', episodes: 4 });
  const data = await openDataSet('gone.safetensors', bytes);
  expect(data.spec.relations).toBeDefined();
  const { spec, columns } = await recordedSpec(data);
  expect(spec.goal.size).toBeLessThan(data.spec.goal.size);
  const settings = {
    ...quick,
    env: { name: 'recorded', options: { spec: JSON.stringify(spec) } },
    data: { columns },
    evaluation: { every: 0, episodes: 2 },
  };
  const common = { env: 'recorded', agent: 'bc', steps: 20, store: createMemoryStore(), data: [data] } as const;
  const { evalMeanReward } = await train({ ...common, config: settings });
  expect(evalMeanReward).toBeLessThan(0);
});
