// Environments without goals, with named parts, columns and tasks of their own: declared, filled, saved, checked.
import { expect, test } from 'vitest';
import { checkEnv } from './check-env.js';
import { defineEnv } from './define-env.js';
import type { AuthorSpec, PlainSimulation, SimulationStep } from './env.js';
import { arrayState, createGoalEnv } from './goal-env.js';
import { box, image } from './space.js';

/** A lamp that is dimmed and falls over at the edge; brighter pays. With two tasks the second likes the dark. */
function lamp(change: Partial<AuthorSpec> = {}): PlainSimulation {
  const state = new Float64Array(2); // brightness, steps
  const show = ({ columns }: SimulationStep) => {
    columns.state[0] = state[0];
    columns.camera.fill(Math.round(100 + 20 * state[0]));
    columns.steps[0] = state[1];
    columns.flags[1] = state[1];
  };
  return {
    spec: {
      name: 'me/lamp',
      observation: { state: box(1, -4, 4), camera: image([2, 2, 1]) },
      columns: { steps: { per: 'state' }, flags: { shape: [2], dtype: 'uint8', per: 'transition' } },
      action: box(1, -1, 1),
      maxEpisodeSteps: 12,
      rewardRange: [-4, 4],
      ...change,
    },
    ...arrayState(state),
    reset(random, now) {
      state.set([2 * random.uniform() - 1, 0]);
      show(now);
    },
    step(action, now, random) {
      state[0] += 0.4 * action[0] + 0.05 * random.normal();
      state[1]++;
      now.reward[0] = now.task[0] === 1 ? -state[0] : state[0];
      show(now);
      return Math.abs(state[0]) > 1.5;
    },
  };
}

test('a plain process has boxes of size 0, rewards from step, ends where step says so, and keeps the contract', async () => {
  const definition = defineEnv({ name: 'me/lamp', create: () => lamp() });
  const env = await definition.create({});
  expect(env.spec).toMatchObject({ observation: box(0), achieved: box(0), goal: box(0), info: [] });
  expect(Object.keys(env.spec.parts ?? {})).toEqual(['state', 'camera']);
  const now = env.reset({ seed: 3 });
  expect([now.observation, now.achieved, now.goal, now.task].map(({ length }) => length)).toEqual([0, 0, 0, 0]);
  expect(now.columns.camera).toBeInstanceOf(Uint8Array);
  let steps = 0;
  for (;;) {
    const step = env.step([1]);
    expect(step.reward).toBe(step.columns.state[0]);
    expect([step.isSuccess, step.failed]).toEqual([false, step.terminated]);
    expect(step.columns.steps[0]).toBe(++steps);
    if (step.terminated) break;
  }
  expect(steps).toBeLessThan(12);
  const rules = definition.rules({});
  expect(checkEnv(env, { rules })).toEqual({ ok: true, findings: [] });
  expect(rules.goalFrom).toBeUndefined();
  expect(() => rules.computeReward(now.achieved, now.goal, now.info, new Float32Array(1))).toThrow(/has no goals/);
});

test('success without goals is what isSuccess says', () => {
  const env = createGoalEnv({ ...lamp(), isSuccess: ({ columns }) => columns.state[0] > 1 });
  expect(env.spec.success).toBe(true);
  expect(checkEnv(env)).toEqual({ ok: true, findings: [] });
  env.reset({ seed: 1 });
  for (let i = 0; i < 3; i++) env.step([1]);
  const { isSuccess, columns } = env.step([1]);
  expect(isSuccess).toBe(columns.state[0] > 1);
  expect(isSuccess).toBe(true);
});

test('named parts and columns are saved and restored exactly', () => {
  const env = createGoalEnv(lamp());
  env.reset({ seed: 2 });
  env.step([0.5]);
  const before = structuredClone(env.step([0.25]).columns);
  const bytes = env.saveState();
  env.step([-1]);
  const other = createGoalEnv(lamp());
  other.restoreState(bytes);
  expect([...other.saveState()]).toEqual([...bytes]);
  expect(other.reset({ state: bytes }).columns).toEqual(before);
  const without = createGoalEnv({ ...lamp(), spec: { ...lamp().spec, columns: undefined } });
  expect(() => without.restoreState(bytes)).toThrow(/not a saved state/);
});

test('tasks are drawn evenly, or taken by name or number; the episode with the task that was drawn is the same', () => {
  const env = createGoalEnv(lamp({ tasks: ['bright', 'dark'], taskSteps: [12, 5] }));
  expect(checkEnv(env, { rules: { ...env } })).toEqual({ ok: true, findings: [] });
  const counts = [0, 0];
  env.reset({ seed: 1 });
  for (let i = 0; i < 2000; i++) counts[env.reset().task[0]]++;
  expect(Math.abs(counts[0] - 1000)).toBeLessThan(112); // 5 standard deviations
  for (const [task, number] of [
    ['dark', 1],
    [1, 1],
    ['bright', 0],
  ] as const) {
    expect(env.reset({ task }).task[0]).toBe(number);
  }
  const [task] = env.reset({ seed: 5 }).task;
  const start = env.reset({ seed: 5 }).columns.state[0];
  expect(env.reset({ seed: 5, task }).columns.state[0]).toBe(start);
  env.reset({ seed: 9, task: 'dark' });
  for (let i = 1; i <= 5; i++) {
    const { reward, truncated, columns } = env.step([0]);
    expect([reward, truncated]).toEqual([-columns.state[0], i === 5]);
  }
  const saved = env.saveState();
  env.reset({ task: 'bright' });
  expect(env.reset({ state: saved }).task[0]).toBe(1);
  expect(() => env.reset({ task: 'drak' })).toThrow('unknown task "drak" of me/lamp; did you mean "dark"?');
  expect(() => env.reset({ task: 2 })).toThrow('task is 2; it must be a whole number from 0 to 1');
  expect(() => env.reset({ task: 1, state: saved })).toThrow(/a state and a task/);
  expect(() => createGoalEnv(lamp()).reset({ task: 'dark' })).toThrow('has a single task, but task "dark"');
});

test('what cannot be meant is refused with the fix', () => {
  const make = (change: Partial<AuthorSpec>) => () => createGoalEnv(lamp(change));
  expect(make({ observation: image([2, 2, 1]) })).toThrow(/spec\.observation holds bytes; name it as a part/);
  expect(make({ observation: {} })).toThrow(/spec\.observation is empty/);
  expect(make({ achieved: box(1) })).toThrow(/spec\.goal has 0 numbers, spec\.achieved 1/);
  expect(make({ achieved: box(1), goal: box(1) })).toThrow(/computeReward or computeSuccess is missing; give both/);
  expect(make({ successEndsEpisode: true })).toThrow(/let step return true where the episode ends/);
  expect(make({ tasks: ['a', 'a'] })).toThrow(/spec\.tasks has "a" at 1; each task needs a name of its own/);
  expect(make({ tasks: ['a', 'b'], taskSteps: [3] })).toThrow(/has 1 limits for 2 tasks/);
  expect(make({ columns: { reward: { per: 'state' } } })).toThrow(/a column is named "reward"/);
  const env = createGoalEnv(lamp());
  expect(() => env.reset({ goal: [1] })).toThrow(/has no goals, but reset was given one/);
  for (const [isSuccess, told] of [
    [() => 'yes', /its isSuccess\(\) returned "yes"; return true for a success/],
    [async () => true, /its isSuccess\(\) is asynchronous/],
  ] as const) {
    const odd = createGoalEnv({ ...lamp(), isSuccess: isSuccess as never });
    odd.reset();
    expect(() => odd.step([0])).toThrow(told);
  }
  const silent = createGoalEnv({ ...lamp(), step: () => false });
  silent.reset();
  expect(() => silent.step([0])).toThrow(/the reward is NaN after step 1.*now\.reward\[0\]/);
});

test('columns of transitions are zero at a start, whatever the episode before left in them', () => {
  const base = lamp();
  const env = createGoalEnv({
    ...base,
    reset: (random, now) => base.reset(random, { ...now, columns: { ...now.columns, flags: new Uint8Array(2) } }),
  });
  env.reset({ seed: 1 });
  expect(env.step([1]).columns.flags[1]).toBe(1);
  expect([...env.reset({ seed: 1 }).columns.flags]).toEqual([0, 0]);
  expect(checkEnv(env)).toEqual({ ok: true, findings: [] });
});

test('checkEnv sees what breaks in them', () => {
  const findings = (change: Partial<PlainSimulation>) => checkEnv(createGoalEnv({ ...lamp(), ...change })).findings;
  const base = lamp();
  expect(findings({ spec: { ...base.spec, rewardRange: [-0.1, 0.1] } })).toMatchObject([{ check: 'reward range' }]);
  let leak = 0;
  const forgetful = lamp();
  const step: PlainSimulation['step'] = (action, now, random) => {
    const failed = forgetful.step(action, now, random);
    now.columns.camera[0] = leak++ % 200;
    return failed;
  };
  expect(checkEnv(createGoalEnv({ ...forgetful, step })).findings).toMatchObject([
    { level: 'error', check: 'reset', message: expect.stringContaining('camera[0]') },
    { check: 'aliasing' },
    { check: 'save' },
  ]);
  const fixed = createGoalEnv(lamp({ tasks: ['bright', 'dark'] }));
  const deaf = { ...fixed, reset: () => fixed.reset({ task: 0 }) };
  expect(checkEnv(deaf).findings[0]).toMatchObject({
    check: 'task',
    message: expect.stringContaining('all episodes have the same task'),
  });
});

test.each<[string, Partial<AuthorSpec>, RegExp]>([
  ['a name that goals have elsewhere', { observation: { goal: box(1) } }, /a column is named "goal", which is taken/],
  ['a name that tasks have elsewhere', { columns: { task: { per: 'state' } } }, /a column is named "task"/],
  [
    'a name that every object has',
    { columns: { ['constructor' as 'made']: { per: 'state' } } },
    /a column is named "constructor"/,
  ],
  ['a name that rollouts use', { observation: { advantage: box(1) } }, /a column is named "advantage"/],
  ['no name', { columns: { '': { per: 'state' } } }, /a column is named "", which is taken, empty/],
  ['a part and a column of one name', { columns: { camera: { per: 'state' } } }, /a column is named "camera"/],
  ['another owner', { columns: { heat: { per: 'step' as 'state' } } }, /unknown per of me\/lamp's column heat "step"/],
  [
    'another type of numbers',
    { columns: { heat: { per: 'state', dtype: 'int32' as 'uint8' } } },
    /unknown dtype of me\/lamp's column heat "int32".* Available: float32, uint8/,
  ],
  [
    'a part of another type',
    { observation: { state: { ...box(1), dtype: 'float64' as 'uint8' } } },
    /unknown dtype of me\/lamp's part state "float64"/,
  ],
  ['a shape that is no list', { columns: { heat: { per: 'state', shape: 3 as never } } }, /columns.heat.shape is 3/],
  ['a part that is no box', { observation: { state: undefined as never } }, /spec.parts.state is no box/],
  ['tasks that are no list', { tasks: 'ab' as never }, /spec.tasks is "ab"; it must be a list of names/],
])('%s is refused by name', (_, change, message) => {
  expect(() => createGoalEnv(lamp(change))).toThrow(message);
});

test.each([[[0, 2, 1]], [[2, 2]], [[1.5, 2, 1]], [[-1, 2, 1]], [3 as never]])('no picture is of shape %j', (shape) => {
  expect(() => image(shape)).toThrow(/image: the shape is .*must be \[height, width, channels\]/);
});

test('checkEnv finds a part of episodes that changes within one', () => {
  const observation = { state: { ...box(1, -4, 4), per: 'episode' as const }, camera: image([2, 2, 1]) };
  expect(checkEnv(createGoalEnv(lamp({ observation }))).findings).toContainEqual({
    level: 'error',
    check: 'columns',
    message: 'part "state" changes during the episode, but belongs to whole ones; leave out its `per`.',
  });
  const odd = { state: { ...box(1), per: 'state' as never } };
  expect(() => createGoalEnv(lamp({ observation: odd }))).toThrow(/per of me\/lamp's part state "state"/);
});

test('checkEnv finds a column of episodes that changes within one', () => {
  const { spec, ...base } = lamp({ columns: { steps: { per: 'episode' }, flags: { shape: [2], per: 'transition' } } });
  expect(checkEnv(createGoalEnv({ spec, ...base })).findings).toEqual([
    {
      level: 'error',
      check: 'columns',
      message: 'column "steps" changes during the episode, but belongs to whole ones; declare it per: \'state\'.',
    },
  ]);
});

test('episodes may have limits of their own, say what they ask for, take another request, and have an expert', () => {
  let asked = 'make it bright';
  const simulation = {
    ...lamp(),
    stepLimit: () => (asked === 'make it bright' ? 3 : 5),
    instruction: () => asked,
    instruct(sentence: string) {
      asked = sentence;
    },
    expert: () => [asked === 'make it bright' ? 1 : -1],
  };
  const env = createGoalEnv(simulation);
  const length = () => {
    for (let steps = 1; ; steps++) if (env.step([0]).truncated) return steps;
  };
  env.reset({ seed: 1 });
  expect([env.instruction?.(), env.expert?.(), length()]).toEqual(['make it bright', [1], 3]);
  env.reset({ seed: 1, instruction: 'make it dark' });
  expect([env.instruction?.(), env.expert?.(), length()]).toEqual(['make it dark', [-1], 5]);
  expect(env.takesInstructions).toBe(true);
  expect(() => createGoalEnv(lamp()).reset({ instruction: 'make it dark' })).toThrow(
    'me/lamp takes no instructions, but reset was given "make it dark"; leave it out.',
  );
});
