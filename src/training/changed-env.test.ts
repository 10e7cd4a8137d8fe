// Runs whose environment has changed since: what does not fit is refused by name, what means something else is told.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { box, defineEnv, discrete, type EnvDefinition, type EnvSpec, type Simulation } from '../envs/index.js';
import { createDiskStore } from '../runs/disk-store.js';
import { changeWarnings, recordedSpec } from './changed-env.js';
import { evaluateRun, loadPolicy } from './policy.js';
import { resume, train } from './train.js';

const root = mkdtempSync(join(tmpdir(), 'anygoal-changed-'));
const store = createDiskStore(root);
afterAll(() => rmSync(root, { recursive: true, force: true }));

const base: EnvSpec = {
  name: 'me/line',
  observation: box(3, -10, 10),
  achieved: box(2),
  goal: box(2, -1, 1),
  action: box(2, -1, 1),
  maxEpisodeSteps: 10,
  rewardRange: [-1, 0],
  successEndsEpisode: false,
  info: [],
};

/** A point that moves; what it shows and counts is as long as its spec says. */
function line(changes: Partial<EnvSpec> = {}): EnvDefinition {
  const spec = { ...base, ...changes };
  const goals = spec.goal.size;
  const create = (): Simulation => {
    const at = [0, 0];
    const show = (now: Parameters<Simulation['step']>[1]) => {
      now.observation.forEach((_, i) => {
        now.observation[i] = at[i % 2];
      });
      now.achieved.forEach((_, i) => {
        now.achieved[i] = at[i % 2];
      });
    };
    return {
      spec,
      reset(random, now) {
        at[0] = random.uniform() - 0.5;
        at[1] = random.uniform() - 0.5;
        now.goal.forEach((_, i) => {
          now.goal[i] = random.uniform() - 0.5;
        });
        show(now);
      },
      step(action, now) {
        for (let i = 0; i < 2; i++) at[i] += 0.1 * (action[i] ?? action[0]);
        show(now);
      },
      computeReward(achieved, desired, info, out) {
        const success = new Uint8Array(out.length);
        this.computeSuccess(achieved, desired, info, success);
        for (let i = 0; i < out.length; i++) out[i] = success[i] - 1;
      },
      computeSuccess(achieved, desired, _info, out) {
        for (let i = 0; i < out.length; i++) {
          let distance = 0;
          for (let j = 0; j < goals; j++) {
            distance = Math.max(distance, Math.abs(achieved[2 * i + (j % 2)] - desired[i * goals + j]));
          }
          out[i] = distance < 0.05 ? 1 : 0;
        }
      },
      goalFrom(achieved, out) {
        for (let i = 0; i < out.length; i++) out[i] = achieved[2 * Math.floor(i / goals) + ((i % goals) % 2)];
      },
      saveState: () => new Uint8Array(Float64Array.from(at).buffer),
      restoreState: (bytes) => {
        const saved = new Float64Array(bytes.slice().buffer);
        at.splice(0, 2, ...saved);
      },
    };
  };
  return defineEnv({ name: 'me/line', create });
}

const config = {
  agent: { options: { hidden: [8] } },
  training: { batchSize: 8, warmupSteps: 20, updatesPerStep: 0.1 },
  evaluation: { every: 0, episodes: 2 },
  runtime: { worker: false },
};
let run: string;
beforeAll(async () => {
  const { runDir } = await train({ env: line(), steps: 60, store, config });
  run = runDir.slice(root.length + 1);
});

const uses = {
  eval: (env: EnvDefinition) => evaluateRun({ run, store, env, episodes: 2 }),
  resume: (env: EnvDefinition) => resume({ run, store, env, steps: 80 }),
  init: (env: EnvDefinition) => train({ env, init: join(root, run), steps: 40, store, config }),
  loadPolicy: async (env: EnvDefinition) => {
    const made = await env.create(env.options?.parse({}) ?? {});
    const policy = await loadPolicy({ run, store }, { env: made });
    await policy.dispose();
    return policy;
  },
};

describe.each(Object.keys(uses) as (keyof typeof uses)[])('%s refuses', (use) => {
  it.each([
    ['fewer numbers', { observation: box(2, -10, 10) }, /observation: 3 numbers then, 2 numbers now/],
    ['more numbers', { observation: box(5, -10, 10) }, /observation: 3 numbers then, 5 numbers now/],
    ['a smaller goal', { goal: box(1, -1, 1) }, /goal: 2 numbers then, 1 number now/],
    ['a larger goal', { goal: box(4, -1, 1) }, /goal: 2 numbers then, 4 numbers now/],
    ['another part', { parts: { touch: box(1) } }, /parts: none then, touch now/],
    ['tasks', { tasks: ['a', 'b'] }, /tasks: none then, a, b now/],
    ['fewer actions', { action: box(1, -1, 1) }, /action: 2 numbers then, 1 number now/],
    ['actions of another kind', { action: discrete(3) }, /action: 2 numbers then, one of 3 choices now/],
  ] as [string, Partial<EnvSpec>, RegExp][])('%s', async (_, changes, message) => {
    const refused = uses[use](line(changes));
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toHaveProperty('name', 'UsageError');
  });
});

const meanings: [string, Partial<EnvSpec>, string][] = [
  ['action bounds', { action: box(2, -1, 2) }, 'bounds of action, number 0, and 1 more: [-1, 1] then, [-1, 2] now'],
  ['the end at success', { successEndsEpisode: true }, 'successEndsEpisode: false then, true now'],
  ['the range of rewards', { rewardRange: [-2, 0] }, 'rewardRange: [-1, 0] then, [-2, 0] now'],
  ['the time limit', { maxEpisodeSteps: 20 }, 'maxEpisodeSteps: 10 then, 20 now'],
  ['info', { info: ['force'] }, 'info: none then, force now'],
  [
    'columns',
    { columns: { force: { per: 'transition' } } },
    'columns: none then, force [1] float32 per transition now',
  ],
  ['bounds of goals', { goal: box(2, -2, 1) }, 'bounds of goal, number 0, and 1 more: [-1, 1] then, [-2, 1] now'],
];

describe('what fits and means something else', () => {
  it.each(meanings)('is refused on resuming, with the way out: %s', async (_, changes, difference) => {
    const refused = uses.resume(line(changes));
    await expect(refused).rejects.toThrow(difference);
    await expect(refused).rejects.toThrow(/me\/line has changed since.*with --init/);
  });

  it.each(meanings)('is told by eval, init and loadPolicy: %s', async (_, changes, difference) => {
    for (const use of ['eval', 'init', 'loadPolicy'] as const) {
      const { warnings = [] } = await uses[use](line(changes));
      expect(warnings[0]).toContain(difference);
    }
  });

  it('is not told where nothing has changed', async () => {
    expect((await uses.eval(line())).warnings).toBeUndefined();
    expect((await uses.loadPolicy(line())).warnings).toEqual([]);
    expect((await uses.init(line())).warnings).toBeUndefined();
    expect((await uses.resume(line())).warnings).toBeUndefined();
  });
});

it('names only are told on resuming too, and nothing is refused', () => {
  const named = (names: string[]) => ({ ...base, observation: box(3, -10, 10, names) });
  const warnings = changeWarnings('resume', 'runs/a', named(['x', 'y', 'z']), named(['a', 'b', 'c']));
  expect(warnings).toEqual([
    'me/line is not as it was when runs/a was made: observation.names: x, y, z then, a, b, c now. The run goes on.',
  ]);
});

it('a refused resume leaves the run as it was', async () => {
  await expect(uses.resume(line({ maxEpisodeSteps: 20 }))).rejects.toThrow(/maxEpisodeSteps/);
  expect(await resume({ run, store, env: line(), steps: 100 })).toMatchObject({ envSteps: 100 });
});

it('runs record their spec, with bounds that JSON does not know', () => {
  const spec = { ...base, observation: box(1), rewardRange: [-Infinity, Infinity] as const };
  const json = JSON.parse(JSON.stringify(spec));
  expect(recordedSpec({}, { spec: json })).toMatchObject({
    observation: { low: [-Infinity], high: [Infinity] },
    rewardRange: [-Infinity, Infinity],
  });
  expect(recordedSpec({ spec: JSON.stringify(spec) }, {})?.name).toBe('me/line');
  expect(recordedSpec({}, {})).toBeUndefined();
});
