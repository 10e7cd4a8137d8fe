// What is watched, without a page: common starts, goals that move, attempts counted, values that fit what is seen.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { placeOf } from '../../src/envs/point/index.js';
import { makeEnv } from '../../src/envs/registry.js';
import { createMemoryStore } from '../../src/runs/memory-store.js';
import { train } from '../../src/training/train.js';
import { createAttempts } from '../../src/view/attempts.js';
import { createFieldPainter } from './field.js';
import { createStage, type Stage, stageOf, type WatchedRun } from './stage.js';

const store = createMemoryStore();
const stages: Stage[] = [];
let point: WatchedRun;
let blind: WatchedRun;
let bits: WatchedRun;

beforeAll(async () => {
  const trained = async (env: string, relabel: string, steps: number): Promise<WatchedRun> => {
    const { runDir } = await train({
      env,
      steps,
      seed: 1,
      relabel,
      store,
      config: { runtime: { worker: false, overlap: false } },
    });
    return { run: runDir.slice(store.location.length + 1), store, env, checkpoint: 'last' };
  };
  point = await trained('point/reach', 'future:4', 3000);
  blind = await trained('point/reach', 'none', 300);
  bits = await trained('bit-flip', 'future:4', 3000);
}, 240_000);
afterAll(() => Promise.all(stages.map((stage) => stage.dispose())));

async function open(runs: readonly WatchedRun[], goals: number): Promise<Stage> {
  const stage = await createStage(runs, goals, 5);
  stages.push(stage);
  return stage;
}
const steps = async (stage: Stage, count: number) => {
  for (let i = 0; i < count; i++) await stage.step();
};

test('shows what the camera sees, and takes the picture of a goal that is placed', async () => {
  const env = await makeEnv('point/reach', { camera: { size: 16, goal: true } });
  const seen: unknown[] = [];
  const policy = {
    async act(now: Readonly<Record<string, ArrayLike<number>>>) {
      seen.push(Array.from(now['goal-camera']));
      return Float32Array.of(1, 0);
    },
  };
  const stage = stageOf([{ env, policy, run: 0, goal: 0 }], 'point/reach', 1, async () => undefined);
  const pictures = () => stage.frame().panels[0].pictures ?? {};
  const before = pictures();
  expect(Object.keys(before)).toEqual(['camera', 'goal-camera']);
  expect(before.camera).toMatchObject({ width: 16, height: 16 });
  stage.setGoal(0, [-0.5, 0.5]);
  const placed = pictures();
  expect(placed.camera).toEqual(before.camera);
  expect(placed['goal-camera']).not.toEqual(before['goal-camera']);
  await stage.step();
  expect(seen).toEqual([Array.from(placed['goal-camera'].bytes)]);
  expect(pictures().camera).not.toEqual(before.camera);
  expect((await open([point], 1)).frame().panels[0].pictures).toBeUndefined();
});

test('says what there is to watch', async () => {
  const { facts } = await open([point], 1);
  expect(facts).toMatchObject({
    env: 'point/reach',
    dimensions: 2,
    pointable: true,
    fields: ['goals', 'states'],
  });
  expect(facts.tolerance).toBeCloseTo(0.05, 5);
  expect(facts.goal).toEqual([
    { name: 'x', low: -1, high: 1 },
    { name: 'y', low: -1, high: 1 },
  ]);
});

test('the same start under several goals, for several runs: only runs and goals differ', async () => {
  const stage = await open([point, blind], 2);
  const { panels } = stage.frame(true);
  expect(panels).toHaveLength(4);
  for (const { place } of panels) expect(place).toEqual(panels[0].place);
  const goals = panels.map(({ goal }) => [...goal].join());
  expect([goals[0], goals[1]]).toEqual([goals[2], goals[3]]);
  expect(goals[0]).not.toBe(goals[1]);
  await steps(stage, 12);
  const after = stage.frame().panels;
  expect(after[0].place).not.toEqual(after[1].place);
  // With as many steps as it takes, the trained policy is at both goals.
  await steps(stage, 10);
  expect(stage.frame().panels.map(({ reached }) => reached)).toEqual([true, true, false, false]);
});

test('a goal that is moved is gone to without a new start, and counts', async () => {
  const stage = await open([point], 1);
  stage.setAfter('go-on');
  for (const place of [
    [0.6, 0.6, 0],
    [-0.7, 0.2, 0],
    [2, -5, 0], // outside: the nearest corner
  ]) {
    const before = stage.frame().panels[0];
    stage.setGoal(0, stage.goalAt(0, place) ?? []);
    const moved = stage.frame().panels[0];
    expect(moved.place).toEqual(before.place);
    expect(moved.start).toBe(before.start);
    await steps(stage, 30);
  }
  const { goal, reached, counts } = stage.frame().panels[0];
  expect([...goal]).toEqual([1, -1]);
  expect(reached).toBe(true);
  expect(counts.reached).toBe(3);
  // Staying there longer than an episode is no other attempt.
  await steps(stage, 3 * stage.facts.stepLimits[0]);
  expect(stage.counts(0)).toEqual(counts);
  expect(counts.meanSteps).toBeGreaterThan(2);
});

test('new starts come by themselves, the same for the same seed', async () => {
  const stage = await open([point], 1);
  const places = [];
  for (const seed of [7, 8, 7]) {
    stage.reset(seed);
    places.push(stage.frame().panels[0].place);
  }
  expect(places[2]).toEqual(places[0]);
  expect(places[1]).not.toEqual(places[0]);
  const { start } = stage.frame().panels[0];
  await steps(stage, 60);
  expect(stage.frame().panels[0].start).toBe(start + 1);
});

test('values are highest where the goal is next to the state, and states next to the goal', async () => {
  const stage = await open([point], 1);
  stage.setGoal(0, [0.5, -0.5]);
  const painter = await createFieldPainter(stage, [point]);
  const best = async (over: 'goals' | 'states') => {
    const field = await painter.paint(0, over, async () => true);
    if (!field) throw new Error('no field');
    const { columns, rows, values, low, high, outline } = field;
    expect([columns, rows, ...outline]).toEqual([32, 32, -1, -1, 1, 1]);
    expect(low).toBeLessThan(high);
    const at = values.indexOf(high);
    return [-1 + ((at % columns) + 0.5) / 16, -1 + (Math.floor(at / columns) + 0.5) / 16];
  };
  const [x, y] = stage.frame().panels[0].place ?? [];
  const overGoals = await best('goals');
  expect(Math.hypot(overGoals[0] - x, overGoals[1] - y)).toBeLessThan(0.3);
  const overStates = await best('states');
  expect(Math.hypot(overStates[0] - 0.5, overStates[1] + 0.5)).toBeLessThan(0.3);
  await painter.dispose();
});

test('values of flips are highest for a bit that differs from the goal', async () => {
  const stage = await open([bits], 1);
  const painter = await createFieldPainter(stage, [bits]);
  for (let seed = 0; seed < 10; seed++) {
    stage.reset(seed);
    const { observation, goal } = stage.observed(0);
    const field = await painter.paint(0, 'flips', async () => true);
    if (!field) throw new Error('no field');
    expect([field.columns, field.rows]).toEqual([8, 1]);
    const best = field.values.indexOf(field.high);
    expect(observation[best]).not.toBe(goal[best]);
  }
  await painter.dispose();
});

test('runs without a state in common do not stand side by side', async () => {
  const other = { ...bits, options: { bits: 12 } };
  await expect(createStage([bits, other], 1, 5)).rejects.toThrow(
    /does not fit bit-flip any more.*observation: 8 numbers then, 12 numbers now; goal: 8 numbers then, 12 numbers now/,
  );
});

test('an environment that means something else than in training is shown, and told', async () => {
  const { facts } = await open([{ ...point, options: { reward: 'dense' } }], 2);
  expect(facts.warnings).toEqual([expect.stringContaining('rewardRange: [-1, 0] then')]);
  expect((await open([point], 1)).facts.warnings).toEqual([]);
});

test('attempts: reached once each, cut short by a new goal not counted', () => {
  const attempts = createAttempts();
  attempts.begin();
  attempts.step(false, false);
  attempts.begin(); // someone moved the goal
  attempts.step(false, false);
  attempts.step(true, false);
  attempts.step(true, true);
  expect(attempts.counts()).toEqual({ attempts: 1, reached: 1, latestSteps: 2, meanSteps: 2 });
  attempts.begin();
  attempts.step(false, true);
  expect(attempts.counts()).toMatchObject({ attempts: 2, reached: 1 });
});

test('a policy that does not see the goal is shown, and told', async () => {
  const { runDir } = await train({
    env: 'point/left-right',
    steps: 200,
    store,
    config: { tasks: { identifiers: ['task'] }, runtime: { worker: false, overlap: false } },
  });
  const run = { run: runDir.slice(store.location.length + 1), store, env: 'point/left-right' };
  const stage = await open([run], 1);
  expect(stage.facts.warnings).toEqual([
    'This policy does not see the goal: what it shall do is told by task. Goals that are placed here do not change what it does.',
  ]);
  await steps(stage, 3);
});

test('what is asked for in words stays, and what is not understood costs no start', async () => {
  const open = async () => {
    const env = await makeEnv('babyai/go-to-local');
    const policy = { act: async () => Float32Array.of(0) };
    return { env, stage: stageOf([{ env, policy, run: 0, goal: 0 }], 'babyai/go-to-local', 1, async () => undefined) };
  };
  const [one, other] = await Promise.all([open(), open()]);
  for (const { stage } of [one, other]) stage.ask('go to a door');
  expect(() => one.stage.ask('go to a dor')).toThrow('did you mean "door"');
  other.stage.reset(7); // the seed that is next: the first start has 5
  one.stage.reset(7);
  expect([one, other].map(({ env }) => env.instruction?.())).toEqual(['go to a door', 'go to a door']);
  expect(() => one.stage.ask('go to a dor')).toThrow();
  const state = one.env.saveState();
  other.stage.reset(8);
  expect(other.env.saveState()).toEqual(state);
});

test('policies are told the task, starts have the one that is chosen, and goals drawn later are of it', async () => {
  const env = await makeEnv('point/navigate', { places: 3, demonstration: 2 });
  const seen: unknown[] = [];
  const act = async ({ observation, goal, task, ...others }: Record<string, unknown>) => {
    const [o, g, [number]] = [observation, goal, task] as Float32Array[];
    seen.push([number, Object.keys(others).join()]);
    return Float32Array.from([0, 1], (i) => Math.min(Math.max(10 * (g[i] - o[i]), -1), 1));
  };
  const stage = stageOf([{ env, policy: { act }, run: 0, goal: 0 }], 'point/navigate', 1, async () => undefined);
  expect(stage.facts).toMatchObject({ tasks: ['place-0', 'place-1', 'place-2'], stepLimits: [50, 50, 50] });
  for (const task of [2, 0, 1]) {
    stage.setTask(task);
    seen.length = 0;
    for (let start = 0; start < 4; start++) {
      stage.reset(100 + start);
      stage.drawGoal(0);
      const [panel] = stage.frame().panels;
      expect([panel.task, ...panel.goal]).toEqual([task, ...placeOf(task, 3).map(Math.fround)]);
      await steps(stage, 25);
      expect(stage.frame().panels[0].reached).toBe(true);
    }
    expect(new Set(seen.map(String))).toEqual(new Set([`${task},demonstration,achieved`]));
    expect(stage.observed(0)).toMatchObject({ task: Float32Array.of(task) });
  }
  stage.setTask(undefined);
  const drawn = new Set<number>();
  for (let seed = 0; seed < 20; seed++) {
    stage.reset(seed);
    drawn.add(stage.frame().panels[0].task);
  }
  expect(drawn.size).toBe(3);
});
