// Runs that learn tasks one after the other: phases, what batches are made of, reports, remedies, exact resuming, refusals.
import { describe, expect, it } from 'vitest';
import { sequenceLines } from '../cli/commands/tasks-diagnose.js';
import { loadEnv } from '../envs/registry.js';
import { createAgent } from '../learners/create-agent.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { configure, specOf } from './configure.js';
import { diagnoseRun } from './diagnose.js';
import { checkSequence, createTaskSequence, phaseEnds } from './task-sequence.js';
import { resume, train } from './train.js';
import { readTaskCurves } from './transfer.js';

const three = ['place-2', 'place-0', 'place-1'];
const options = (more: { tasks?: object; agent?: object; steps?: number; training?: object } = {}) => ({
  env: 'point/navigate',
  agent: 'mtsac',
  relabel: 'none',
  steps: more.steps ?? 900,
  seed: 2,
  config: {
    env: { options: { places: 3, reward: 'dense' } },
    agent: { options: { hidden: [16, 16], learningRate: 0.003, discount: 0.9, ...more.agent } },
    tasks: { sequence: three, identifiers: ['task'], ...more.tasks },
    training: { warmupSteps: 100, cycleSteps: 70, batchSize: 16, ...more.training },
    evaluation: { every: 0, episodes: 6 },
    checkpoint: { every: 250 },
    runtime: { worker: false, overlap: false, threads: 1 },
  },
});

it('phases are equal shares of the steps, and begin once each with their task', async () => {
  const config = await configure(options({ steps: 1000 }));
  expect(phaseEnds(config)).toEqual([334, 667, 1000]);
  const begun: [number, number][] = [];
  const sequence = createTaskSequence(config, specOf(await loadEnv('point/navigate'), { places: 3 }), async (...of) => {
    begun.push(of);
    return true;
  });
  expect([0, 333, 334, 666, 667, 999, 1000].map((step) => sequence?.phaseAt(step))).toEqual([0, 0, 1, 1, 2, 2, 2]);
  await sequence?.begin(1);
  expect(begun).toEqual([[0, 1]]);
});

it('episodes have the task of their phase; each ends with an evaluation of all tasks, and a report', async () => {
  const store = createMemoryStore();
  const evaluated: number[] = [];
  const { sequence, runDir } = await train({
    ...options({ steps: 1200 }), // phases of whole episodes
    store,
    onEvaluation: ({ steps }) => {
      evaluated.push(steps);
    },
  });
  expect(evaluated).toEqual([400, 800, 1200]);
  expect(sequence?.phases).toEqual(three);
  expect(sequence?.success).toHaveLength(3);
  expect(sequence?.tasks.map(({ task }) => task)).toEqual(three);
  expect(sequence?.tasks[2]).toEqual({ task: 'place-1', final: sequence?.success[2][1] });
  const [first] = sequence?.tasks ?? [];
  expect(first.forgetting).toBe(Math.max(sequence!.success[0][2], sequence!.success[1][2]) - sequence!.success[2][2]);
  const [run] = await store.list('');
  expect(runDir).toContain(run);
  const rows = new TextDecoder()
    .decode(await store.read(`${run}/metrics.jsonl`))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, number>);
  const last = rows.find((row) => row.step === 1200 && 'eval/success_rate' in row);
  expect(last?.['eval/average_performance']).toBe(sequence?.averagePerformance);
  expect(last?.['eval/forgetting']).toBe(sequence?.forgetting);
  // Logs come every 500 steps: after one and a half phases the third task has had no episode yet.
  const practised = rows
    .filter((row) => 'rollout/place-2/success_rate' in row)
    .map((row) => Object.keys(row).filter((key) => /^rollout\/place-\d\/success_rate$/.test(key)).length);
  expect([practised[0], practised.at(-1)]).toEqual([2, 3]);
});

it('tasks diagnose has the same report, and gradients of all tasks', async () => {
  const store = createMemoryStore();
  const { sequence } = await train({ ...options(), store });
  const [run] = await store.list('');
  const curves = await readTaskCurves(run, store);
  expect(curves.sequence).toEqual(sequence);
  const { vectors } = await diagnoseRun({ run, store, batches: 2, rows: 8 });
  for (const norm of vectors.actor[0].norms) expect(norm).toBeGreaterThan(0);
  const lines = sequenceLines(sequence!);
  expect(lines[1]).toBe('Success after 3 tasks in sequence, and the best after an earlier phase');
  expect(lines.filter((line) => /^ *place-\d/.test(line))).toHaveLength(3);
  expect(lines.at(-1)).toMatch(/^Average performance [\d.]+%, forgetting -?[\d.]+%\.$/);
});

describe('bit for bit', () => {
  const policyOf = async (given: ReturnType<typeof options>, stopAfter?: number) => {
    const store = createMemoryStore();
    const stop = new AbortController();
    let iterations = 0;
    const onIteration = () => {
      if (++iterations === stopAfter) stop.abort();
      return undefined;
    };
    const result = await train({ ...given, store, signal: stop.signal, onIteration });
    const [run] = await store.list('');
    const end = stopAfter ? await resume({ run, store }) : result;
    const policy = Buffer.from(await store.read(`${run}/checkpoints/${end.envSteps}/policy.safetensors`));
    return { policy, sequence: end.sequence };
  };

  it.each([
    ['nothing', {}],
    ['EWC', { agent: { ewc: 100 } }],
    ['rehearsal', { tasks: { rehearsal: 0.5 } }],
    ['heads, demonstrations', { agent: { network: 'multi-head' }, training: { demonstrations: 6 } }],
  ])(
    'a run that stopped goes on over the boundary of a phase: %s',
    async (_, more) => {
      const whole = await policyOf(options(more));
      // Iterations of 70 steps: the fifth ends at step 300, the end of the first phase; the fourth before it.
      for (const stopAfter of [4, 5]) {
        const { policy, sequence } = await policyOf(options(more), stopAfter);
        expect(policy.equals(whole.policy)).toBe(true);
        expect(sequence).toEqual(whole.sequence);
      }
    },
    120_000,
  );

  it('remedies change what is learned', async () => {
    const plain = await policyOf(options());
    for (const more of [{ agent: { ewc: 100 } }, { tasks: { rehearsal: 0.5 } }]) {
      expect((await policyOf(options(more))).policy.equals(plain.policy)).toBe(false);
    }
  }, 120_000);
});

describe('forgetting', () => {
  /** Enough to learn each place, so that there is something to lose. */
  const long = (more: Parameters<typeof options>[0] = {}) =>
    train({
      ...options({
        ...more,
        steps: 4500,
        agent: { hidden: [32, 32], tau: 0.05, initialTemperature: 0.1, ...more.agent },
      }),
      store: createMemoryStore(),
    });

  it('without a remedy tasks are lost, with rehearsal they are kept', async () => {
    const plain = await long();
    const kept = await long({ tasks: { rehearsal: 0.5 } });
    expect(plain.sequence?.forgetting).toBeGreaterThan(0.5);
    expect(kept.sequence?.forgetting).toBeLessThan(0.25);
  }, 120_000);
});

describe('refused', () => {
  const check = async (given: ReturnType<typeof options>) => {
    const config = await configure(given);
    const spec = specOf(await loadEnv(config.env.name), config.env.options);
    checkSequence(config, spec, createAgent(config, spec));
  };
  const withConfig = (more: object) => {
    const given = options();
    return { ...given, config: { ...given.config, ...more } };
  };

  it.each([
    [{ tasks: { sequence: ['place-9'] } }, /unknown task of point\/navigate in tasks.sequence "place-9"/],
    [{ tasks: { sequence: ['place-0', 'place-1'] } }, /leaves out place-2 of point\/navigate; add it, or hold it out/],
    [{ tasks: { weights: { 'place-0': 2 } } }, /tasks.weights.place-0 2; weights may only hold tasks out/],
    [{ tasks: { weights: { 'place-0': 0 } } }, /tasks.weights.place-0 0; weights may only hold tasks out/],
    [{ tasks: { hindsight: 1 } }, /tasks.hindsight 1, which passes episodes on/],
    [{ tasks: { sampling: 'performance' } }, /tasks.sampling "performance"; use fixed/],
    [{ tasks: { sequence: [], rehearsal: 0.5 } }, /tasks.rehearsal is 0.5, but tasks are learned all at once/],
    [{ tasks: { sequence: [] }, agent: { ewc: 1 } }, /agent.ewc is above 0, but tasks are learned all at once/],
    [{ agent: { gradients: 'pcgrad' }, training: { batchSize: 18 } }, /gradients of each task/],
  ] as const)('%j', async (more, message) => {
    await expect(check(options(more))).rejects.toThrow(message);
  });

  it('a model, whose imagined rows are of all tasks', async () => {
    await expect(check(withConfig({ model: { kind: 'ensemble' } }))).rejects.toThrow(
      /tasks.sequence does not go with model.kind "ensemble", which imagines .*; set it to none/,
    );
  });

  it('fewer steps than each task needs, of all environments at once', async () => {
    await expect(check(Object.assign(options({ steps: 10 }), { envs: 8 }))).rejects.toThrow(
      /steps is 10, but tasks.sequence has 3 tasks, and envs=8 .* 24 or more in all/,
    );
    await check(Object.assign(options({ steps: 24 }), { envs: 8 }));
  });

  it('wishes that would end it early, a single task, and other steps on resuming', async () => {
    await expect(check(withConfig({ evaluation: { untilSuccess: 0.9, episodes: 6 } }))).rejects.toThrow(
      /evaluation.untilSuccess, which would end the run before its last tasks/,
    );
    await expect(
      check({ ...withConfig({ tasks: { sequence: ['reach'] }, env: {} }), env: 'point/reach' }),
    ).rejects.toThrow(/point\/reach, which has a single task/);
    const store = createMemoryStore();
    await train({ ...options({ steps: 300 }), store });
    const [run] = await store.list('');
    await expect(resume({ run, store, steps: 600 })).rejects.toThrow(/a run of tasks in sequence gives each its share/);
  });
});
