// Runs that change how often they practise their tasks: by success, by disagreement; the same numbers after resuming.
import { describe, expect, it } from 'vitest';
import { loadEnv } from '../envs/registry.js';
import { createAgent } from '../learners/create-agent.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { configure, specOf } from './configure.js';
import { createTaskSampling } from './task-sampling.js';
import { resume, train } from './train.js';

const options = (tasks: object, agent = 'mtsac') => ({
  env: 'point/two-tasks',
  agent,
  steps: 1400,
  config: {
    agent: { options: { hidden: [16, 16] } },
    training: { warmupSteps: 100, cycleSteps: 50, batchSize: 32 },
    evaluation: { every: 500, episodes: 4 },
    checkpoint: { every: 700 },
    runtime: { worker: false, overlap: false, threads: 1 },
    tasks,
  },
});

it('changes what is learned, and a run that was stopped and resumed ends with the same bytes', async () => {
  const policyOf = async (tasks: object, stopAfter?: number) => {
    const store = createMemoryStore();
    const all = options(tasks);
    const stop = new AbortController();
    let iterations = 0;
    const onIteration = () => {
      if (++iterations === stopAfter) stop.abort();
      return undefined;
    };
    await train({ ...all, store, signal: stop.signal, onIteration });
    const [run] = await store.list('');
    if (stopAfter) await resume({ run, store });
    return Buffer.from(await store.read(`${run}/checkpoints/${all.steps}/policy.safetensors`));
  };
  const sharp = { sampling: 'uncertainty', samplingTemperature: 0.05, uniformShare: 0 };
  const whole = await policyOf(sharp);
  expect((await policyOf({})).equals(whole)).toBe(false);
  expect((await policyOf(sharp, 23)).equals(whole)).toBe(true);
}, 120_000);

describe('performance', () => {
  it('gives tasks with less success more episodes after each evaluation', async () => {
    const config = await configure(options({ sampling: 'performance', samplingTemperature: 0.5, uniformShare: 0 }));
    const spec = specOf(await loadEnv('point/two-tasks'), {});
    const agent = createAgent(config, spec);
    const set: Record<string, number>[] = [];
    const sampling = createTaskSampling(config, spec, agent, { setTaskWeights: (weights) => set.push({ ...weights }) });
    const figures = { episodes: 2, anySuccessRate: 1, meanReward: 0, stdReward: 0, meanLength: 5 };
    const tasks = [
      { ...figures, task: 'reach', successRate: 1 },
      { ...figures, task: 'turned-round', successRate: 0.5 },
    ];
    sampling.atLog({ disagreement_0: [1, 1], disagreement_1: [2, 1] });
    sampling.afterEvaluation({ ...figures, successRate: 0.75, steps: 0, seconds: 0, tasks });
    expect(set).toHaveLength(1);
    expect(set[0].reach).toBeCloseTo(1 / (1 + Math.E), 10);
    expect(set[0]['turned-round']).toBeCloseTo(Math.E / (1 + Math.E), 10);
  });
});

it.each([
  [{ sampling: 'performance' }, 'mtsac', { evaluation: { every: 0 } }, /evaluation.every is 0/],
  [{ sampling: 'uncertainty' }, 'sac', {}, /sac does not tell how far its critics disagree by task; use --agent mtsac/],
])('%j with %s is refused where it cannot be', async (tasks, agent, more, message) => {
  const all = options(tasks, agent);
  const store = createMemoryStore();
  await expect(train({ ...all, store, config: { ...all.config, ...more } })).rejects.toThrow(message);
});

it('is refused where there is a single task', async () => {
  const all = { ...options({ sampling: 'performance' }), env: 'point/reach' };
  await expect(train({ ...all, store: createMemoryStore() })).rejects.toThrow(/point\/reach has a single task/);
});
