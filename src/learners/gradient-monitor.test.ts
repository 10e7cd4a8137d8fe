// Gradients of tasks measured while learning: known ones, when they are due, what is refused; runs learn the same with and without.
import { expect, it } from 'vitest';
import type { Agent } from '../agents/agent.js';
import { vectorSpec } from '../agents/agent-spec.js';
import { trainConfigSchema } from '../config/config.js';
import { box } from '../envs/space.js';
import { codedEpisode, codedRules, tasksSpec } from '../replay/testing.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { nodeRuntime } from '../runtime/node.js';
import { concat, program } from '../tensor/index.js';
import { resume, train } from '../training/index.js';
import { createExperience } from './experience.js';
import { createGradientMonitor } from './gradient-monitor.js';

const tasks = 3;
const spec = tasksSpec(tasks);

/** The gradient of `w` is (1, task - 1, 0, 0), that of `own` no one shares. */
const agent: Agent = {
  spec: vectorSpec({ observation: 2, action: box(1, -1, 1), rewardRange: [-1, 0] }),
  state: Object.fromEntries(
    [
      ['w', 4],
      ['own', tasks],
    ].map(([name, size]) => [
      name,
      {
        size: size as number,
        layout: [{ name: 'all', shape: [size as number], offset: 0 }],
        init: () => new Float32Array(size as number),
      },
    ]),
  ),
  steps: (rows) => ({
    all: {
      program: program('known', (g) => {
        const task = g.input('task', [rows, 1]).mean().reshape([1]).sub(1);
        const [one, none] = [task.mul(0).add(1), task.mul(0)];
        const own = g.input('own', [tasks]);
        return {
          'w.gradient': concat([one, task, none, none], 0).add(g.input('w', [4]).mul(0)),
          'own.gradient': own,
          metrics: one,
        };
      }),
      metricNames: ['one'],
      noise: {},
      divisible: true,
      optimizerSteps: ['w', 'own'].map((vector) => ({ vector, fill: () => undefined })),
      gradientClip: 0,
      averages: [],
    },
  }),
  updateNames: () => ['all'],
  policyVectors: [],
  actionNoise: 0,
  act: () => {
    throw new Error('does not act');
  },
  randomActionProbability: () => 0,
  learner: { kind: 'updates' },
};

async function monitorOf(settings: object, held: readonly number[] = [0, 1, 2], of: Agent = agent) {
  const config = trainConfigSchema.parse({
    env: { name: 'test/coded' },
    relabel: 'none',
    training: { batchSize: 12 },
    replay: { capacity: 100 },
    tasks: settings,
  });
  const rules = { ...codedRules, spec };
  const experience = createExperience(config, rules, []);
  for (const task of held) {
    const { columns, failed } = codedEpisode(task, 6);
    experience.replay.addEpisode({ columns: { ...columns, task: [task] }, failed });
  }
  const inputs = (name: string) => (name in agent.state ? new Float32Array(agent.state[name].size) : undefined);
  return createGradientMonitor({ config, rules, agent: of, runtime: nodeRuntime, experience, inputs });
}

it('tells lengths and cosines of the vectors that tasks share', async () => {
  const monitor = await monitorOf({ gradientsEvery: 10 });
  const half = Math.SQRT1_2;
  const figures = await monitor!.measure(0, 10);
  expect(figures).toEqual({
    'gradients/w_cosine': expect.closeTo((half + 0 + half) / 3, 6),
    'gradients/w_conflict_share': 0,
    'gradients/task 0/w_norm': expect.closeTo(Math.SQRT2, 6),
    'gradients/task 1/w_norm': expect.closeTo(1, 6),
    'gradients/task 2/w_norm': expect.closeTo(Math.SQRT2, 6),
    'gradients/task 0/w_cosine': expect.closeTo(half / 2, 6),
    'gradients/task 1/w_cosine': expect.closeTo(half, 6),
    'gradients/task 2/w_cosine': expect.closeTo(half / 2, 6),
  });
  expect(await monitor!.measure(10, 19)).toEqual({});
  expect(await monitor!.measure(19, 20)).toEqual(figures);
  expect(await monitor!.measure(25, 45)).toEqual(figures);
  await monitor!.dispose();
});

it('leaves out tasks that are held out, and waits for one without an episode', async () => {
  const without = await monitorOf({ gradientsEvery: 1, weights: { 'task 1': 0 } }, [0, 2]);
  const figures = await without!.measure(0, 1);
  expect(figures['gradients/w_cosine']).toBeCloseTo(0, 6);
  expect(figures['gradients/task 2/w_norm']).toBeCloseTo(Math.SQRT2, 6);
  expect(figures['gradients/task 1/w_norm']).toBeUndefined();
  const waiting = await monitorOf({ gradientsEvery: 1 }, [0, 2]);
  expect(await waiting!.measure(0, 1)).toEqual({});
  for (const monitor of [without, waiting]) await monitor!.dispose();
});

it('is not there unless asked for, and refused for a single task', async () => {
  expect(await monitorOf({})).toBeUndefined();
  await expect(monitorOf({ gradientsEvery: 5, weights: { 'task 0': 0, 'task 1': 0 } })).rejects.toThrow(
    /tasks.gradientsEvery is 5, but of test\/coded a single task is practised/,
  );
});

const settings = {
  agent: { options: { hidden: [16, 16] } },
  training: { warmupSteps: 100, cycleSteps: 50, batchSize: 32 },
  evaluation: { every: 0, episodes: 2 },
  checkpoint: { every: 300 },
  runtime: { worker: false, overlap: false, threads: 1 },
};

async function logged(agent: string, gradientsEvery: number, stopAfter?: number) {
  const store = createMemoryStore();
  const stop = new AbortController();
  let iterations = 0;
  const onIteration = () => {
    if (++iterations === stopAfter) stop.abort();
    return undefined;
  };
  const config = { ...settings, tasks: { gradientsEvery } };
  await train({ env: 'point/two-tasks', agent, steps: 700, config, store, signal: stop.signal, onIteration });
  const [run] = await store.list('');
  if (stopAfter) await resume({ run, store });
  const text = new TextDecoder().decode(await store.read(`${run}/metrics.jsonl`));
  const rows = text.split('\n').flatMap((line) => (line ? [JSON.parse(line) as Record<string, number>] : []));
  const policy = Buffer.from(await store.read(`${run}/checkpoints/700/policy.safetensors`));
  return {
    /** Its numbers, behind a header with the configuration. */
    policy: policy.subarray(8 + Number(policy.readBigUInt64LE())),
    figures: rows.flatMap((row) => Object.entries(row).filter(([name]) => name.startsWith('gradients/'))),
  };
}

it.each(['mtsac', 'td3'])(
  'is in the log of %s, the same after a resume, and learns the same policy',
  async (agent) => {
    const measuring = await logged(agent, 100);
    const last = Object.fromEntries(measuring.figures);
    for (const vector of ['actor', 'critics']) {
      expect(Math.abs(last[`gradients/${vector}_cosine`])).toBeLessThanOrEqual(1);
      for (const task of ['reach', 'turned-round']) expect(last[`gradients/${task}/${vector}_norm`]).toBeGreaterThan(0);
    }
    expect((await logged(agent, 100, 9)).figures).toEqual(measuring.figures);
    const without = await logged(agent, 0);
    expect(without.figures).toEqual([]);
    expect(without.policy.equals(measuring.policy)).toBe(true);
  },
  60_000,
);

it('is refused for planners, whose models are fitted', async () => {
  const planner = { ...agent, plans: true };
  await expect(monitorOf({ gradientsEvery: 10 }, [0, 1, 2], planner)).rejects.toThrow(
    /learns by its model's fits alone/,
  );
});

it('is refused for agents without a replay', async () => {
  const config = {
    training: { warmupSteps: 0 },
    runtime: { overlap: false, worker: false },
    tasks: { gradientsEvery: 100 },
  };
  await expect(
    train({ env: 'point/two-tasks', agent: 'ppo', relabel: 'none', config, store: createMemoryStore() }),
  ).rejects.toThrow(/tasks.gradientsEvery is 100, but agent "ppo" learns from rollouts, not from a replay/);
}, 60_000);
