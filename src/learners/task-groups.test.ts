// Which tasks may pass episodes to each other, and the reasons where they may not; a run that does it.
import { describe, expect, it } from 'vitest';
import type { SharedPart } from '../envs/families/family-spec.js';
import { type EnvDefinition, loadEnv, taskFamily } from '../envs/index.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { resume, train } from '../training/train.js';
import { taskGroups } from './task-groups.js';

const config = (hindsight: number, groups: string[][] | null = null) => ({
  tasks: {
    weights: {},
    hindsight,
    groups,
    identifiers: [],
    sampling: 'fixed' as const,
    samplingTemperature: 1,
    uniformShare: 0,
    successShare: null,
    sequence: [],
    rehearsal: 0,
    gradientsEvery: 0,
  },
});
const point = await loadEnv('point/reach');
const family = (shares: Record<string, readonly SharedPart[]>): EnvDefinition =>
  taskFamily(
    'me/points',
    Object.fromEntries(Object.entries(shares).map(([task, own]) => [task, { env: point, shares: own }])),
  ) as EnvDefinition;
const ask = (definition: EnvDefinition, ...given: Parameters<typeof config>) =>
  taskGroups(config(...given), definition, {}, definition.rules({}).spec);
const SAT = ['S', 'A', 'T'] as const;

describe('groups', () => {
  const three = family({ a: SAT, b: ['S', 'A'], c: SAT });

  it('are all tasks that share states, actions and dynamics, or those named', () => {
    expect(ask(three, 1)).toEqual([[0, 2]]);
    expect(ask(three, 2, [['c', 'a']])).toEqual([[2, 0]]);
    expect(ask(three, 0)).toBeUndefined();
  });

  it('are refused with the reason', async () => {
    expect(() => ask(three, 1, [['a', 'b']])).toThrow(/in tasks.groups b does not share T \(dynamics\); take it out/);
    expect(() => ask(three, 1, [['a', 'd']])).toThrow(/unknown task of me\/points in tasks.groups "d"/);
    expect(() => ask(family({ a: SAT, b: ['S', 'A'] }), 1)).toThrow(/fewer than two tasks .* b does not share T/);
    expect(() => ask(point, 1)).toThrow(/point\/reach has a single task/);
    const plain = taskFamily('me/pendulums', {
      a: { env: await loadEnv('pendulum'), shares: SAT },
      b: { env: await loadEnv('pendulum'), shares: SAT },
    }) as EnvDefinition;
    expect(() => ask(plain, 1)).toThrow(/no goals: what a step of one task is worth to another/);
  });

  it('point/two-tasks have other dynamics', async () => {
    const two = await loadEnv('point/two-tasks');
    expect(() => ask(two, 1)).toThrow(/reach does not share T \(dynamics\); turned-round does not share T/);
  });
});

describe('a run', () => {
  const near = family({ a: SAT, b: SAT });
  const options = (agent: string, hindsight = 1) => ({
    env: near,
    agent,
    steps: 600,
    config: {
      tasks: { hindsight },
      agent: { options: { hidden: [16, 16] } },
      training: { warmupSteps: 100, cycleSteps: 50, batchSize: 32 },
      evaluation: { every: 0, episodes: 2 },
      checkpoint: { every: 300 },
      runtime: { worker: false, overlap: false, threads: 1 },
    },
  });
  async function policyOf(hindsight: number, stopAfter?: number) {
    const store = createMemoryStore();
    const all = options('mtsac', hindsight);
    const stop = new AbortController();
    let iterations = 0;
    const onIteration = () => {
      if (++iterations === stopAfter) stop.abort();
      return undefined;
    };
    await train({ ...all, store, signal: stop.signal, onIteration });
    const [run] = await store.list('');
    if (stopAfter) await resume({ run, store, env: near });
    return Buffer.from(await store.read(`${run}/checkpoints/600/policy.safetensors`));
  }

  it('learns from passed episodes, and after a stop goes on with the same bytes', async () => {
    const whole = await policyOf(1);
    expect((await policyOf(0)).equals(whole)).toBe(false);
    expect((await policyOf(1, 7)).equals(whole)).toBe(true);
  }, 60_000);

  it('of an on-policy agent is refused with the reason', async () => {
    await expect(
      train({ ...options('ppo'), store: createMemoryStore(), relabel: 'none', config: { tasks: { hindsight: 1 } } }),
    ).rejects.toThrow(/tasks.hindsight 1.*on-policy.*not made by the policy for that task/);
  });
});
