// The arm's tasks: sampling, exactness, sane physics, and that each can be solved.
import { afterAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../random.js';
import { checkEnv } from '../check-env.js';
import type { GoalEnv } from '../env.js';
import { playRandomly } from '../testing.js';
import { armPickAndPlace, armPush, armReach, armSlide } from './index.js';
import { limitPosition } from './kinematics.js';
import { tableExtent } from './model.js';
import { type ArmTask, armOptions } from './rules.js';
import { scriptedController } from './scripted.js';
import { taskSetup } from './tasks.js';

const definitions = { reach: armReach, push: armPush, slide: armSlide, 'pick-and-place': armPickAndPlace };
const tasks = Object.keys(definitions) as ArmTask[];
const defaults = armOptions.parse({});
const open: GoalEnv[] = [];
async function create(task: ArmTask, options = defaults): Promise<GoalEnv> {
  const env = await definitions[task].create(options);
  open.push(env);
  return env;
}
afterAll(() => {
  for (const env of open) env.dispose?.();
});

describe.each(tasks)('arm/%s', (task) => {
  test('declares itself: spaces, time limit, rewards, without loading physics', () => {
    const { spec } = definitions[task].rules(defaults);
    expect(spec.name).toBe(`arm/${task}`);
    expect(definitions[task].name).toBe(spec.name);
    expect(spec.observation.size).toBe(task === 'reach' ? 10 : 25);
    expect(spec.observation.names?.length).toBe(spec.observation.size);
    expect([spec.achieved.size, spec.goal.size, spec.action]).toMatchObject([3, 3, { kind: 'box', size: 4 }]);
    expect([spec.maxEpisodeSteps, spec.successEndsEpisode, spec.rewardRange]).toEqual([50, false, [-1, 0]]);
  });

  test('rewards in each form are what the distance says', () => {
    const achieved = Float32Array.of(0.5, 0, 0.5, 0.5, 0, 0.5, 0.5, 0, 9);
    const goal = Float32Array.of(0.5, 0, 0.5, 0.5, 0.25, 0.5, 0.5, 0, 0.5);
    const rewards = (reward: 'sparse' | 'zero-one' | 'dense') => {
      const rules = definitions[task].rules(armOptions.parse({ reward }));
      const out = new Float32Array(3);
      rules.computeReward(achieved, goal, new Float32Array(0), out);
      expect([...out].every((value) => value >= rules.spec.rewardRange[0] && value <= rules.spec.rewardRange[1])).toBe(
        true,
      );
      return [...out].map((value) => value + 0); // -0 is 0
    };
    expect(rewards('sparse')).toEqual([0, -1, -1]);
    expect(rewards('zero-one')).toEqual([1, 0, 0]);
    expect(rewards('dense')).toEqual([0, -0.25, -2]);
  });

  test('keeps the contract of environments', async () => {
    const env = await create(task);
    expect(checkEnv(env, { rules: definitions[task].rules(defaults) }).findings).toEqual([]);
  });

  test('equal seeds give equal episodes, whatever happened before', async () => {
    const fresh = await create(task);
    const used = await create(task);
    used.reset({ seed: 9 });
    playRandomly(used, 50, 1);
    used.reset();
    playRandomly(used, 17, 2);
    const [first, second] = [fresh, used].map((env) => {
      const { observation, achieved, goal } = env.reset({ seed: 5 });
      return [[...observation, ...achieved, ...goal], ...playRandomly(env, 50, 3)];
    });
    expect(second).toEqual(first);
  });

  test('a saved state goes on bit for bit, here and in another environment', async () => {
    const env = await create(task);
    const other = await create(task);
    env.reset({ seed: 3 });
    playRandomly(env, 20, 4);
    const state = env.saveState();
    const expected = playRandomly(env, 30, 5);
    env.restoreState(state);
    expect(env.saveState()).toEqual(state);
    expect(playRandomly(env, 30, 5)).toEqual(expected);
    other.reset({ seed: 8 });
    playRandomly(other, 11, 6);
    other.restoreState(state);
    expect(playRandomly(other, 30, 5)).toEqual(expected);
  });

  test('the goal changes nothing of what is observed', async () => {
    const env = await create(task);
    const [one, two] = [
      [0.5, 0.1, 0.5],
      [0.7, -0.1, 0.6],
    ].map((goal) => {
      const { observation } = env.reset({ seed: 2, goal });
      return [[...observation], ...playRandomly(env, 20, 7).map((row) => row.slice(0, observation.length))];
    });
    expect(one).toEqual(two);
  });

  test('goals and objects lie where the task says', async () => {
    const env = await create(task);
    const setup = taskSetup(task);
    const { home } = setup;
    let inAir = 0;
    const goals = 400;
    for (let i = 0; i < goals; i++) {
      const { observation, achieved, goal } = env.reset({ seed: i });
      expect(Math.hypot(...[0, 1, 2].map((j) => observation[j] - home[j]))).toBeLessThan(1e-6);
      if (task === 'slide') {
        // On the table, beyond the gripper.
        const [, to, halfWidth] = tableExtent('puck');
        expect(goal[0]).toBeGreaterThan(setup.high[0] + 0.05);
        expect(goal[0]).toBeLessThan(to - 0.1);
        expect(Math.abs(goal[1])).toBeLessThan(halfWidth - 0.1);
      } else {
        const limited = Float64Array.from(goal);
        limitPosition(limited, setup.low, setup.high);
        expect(limited).toEqual(Float64Array.from(goal));
        for (let j = 0; j < (task === 'reach' ? 3 : 2); j++) expect(Math.abs(goal[j] - home[j])).toBeLessThan(0.15001);
      }
      if (task === 'reach') continue;
      const [dx, dy] = [achieved[0] - home[0], achieved[1] - home[1]];
      expect(Math.max(Math.abs(dx), Math.abs(dy))).toBeLessThan(setup.objectRange + 1e-6);
      expect(Math.hypot(dx, dy)).toBeGreaterThan(0.0999);
      if (goal[2] > 0.4251) inAir++;
    }
    // Half of the goals of pick and place, within five standard deviations.
    if (task === 'pick-and-place') expect(Math.abs(inAir / goals - 0.5)).toBeLessThan((5 * 0.5) / Math.sqrt(goals));
    else if (task !== 'reach') expect(inAir).toBe(0);
  });

  test('5,000 random actions leave everything finite and the gripper above the table', async () => {
    const env = await create(task);
    const random = createRandom(11);
    const action = new Float32Array(4);
    let lowest = Number.POSITIVE_INFINITY;
    let fastest = 0;
    let strange = 0;
    for (let i = 0; i < 5000; i++) {
      if (i % 50 === 0) env.reset({ seed: i });
      // Now and then the same action for long, to run into limits.
      if (i % 7 === 0) random.fillUniform(action, -1.5, 1.5);
      const { observation, reward } = env.step(action);
      if (!observation.every(Number.isFinite) || (reward !== 0 && reward !== -1)) strange++;
      lowest = Math.min(lowest, observation[2]);
      if (task !== 'reach') fastest = Math.max(fastest, ...observation.slice(14, 17).map(Math.abs));
    }
    expect(strange).toBe(0);
    expect(lowest).toBeGreaterThan(0.4);
    // Relative speed of object and gripper: nothing explodes (5 m/s is a fall from the table plus the gripper's 1 m/s).
    expect(fastest / 0.04).toBeLessThan(8);
  });

  const bars: Record<ArmTask, number> = { reach: 0.99, push: 0.9, slide: 0.8, 'pick-and-place': 0.9 };
  test(`the scripted controller solves at least ${bars[task] * 100}%`, async () => {
    const env = await create(task);
    const control = scriptedController(task);
    const episodes = 100;
    let solved = 0;
    for (let seed = 1000; seed < 1000 + episodes; seed++) {
      let { observation, goal } = env.reset({ seed });
      for (;;) {
        const step = env.step(control(observation, goal));
        ({ observation, goal } = step);
        if (!step.truncated) continue;
        if (step.isSuccess) solved++;
        break;
      }
    }
    expect(solved / episodes).toBeGreaterThanOrEqual(bars[task]);
  });
});

test('a full action moves the gripper 4 cm per step, and no action holds it', async () => {
  const env = await create('reach');
  const start = [...env.reset({ seed: 1 }).observation.slice(0, 3)];
  let now = env.step([0, 0, 0, 0]);
  for (let i = 0; i < 3; i++) expect(now.observation[i]).toBeCloseTo(start[i], 4);
  for (let i = 0; i < 3; i++) now = env.step([0.5, -1, 0.25, 0]);
  for (let i = 0; i < 5; i++) now = env.step([0, 0, 0, 0]);
  const shifts = [0.06, -0.12, 0.03];
  for (let i = 0; i < 3; i++) expect(now.observation[i]).toBeCloseTo(start[i] + shifts[i], 3);
});

test('the block rests on the table, and pressing on it does not push it through', async () => {
  const env = await create('pick-and-place');
  let now = env.reset({ seed: 4 });
  const [x, y, z] = now.achieved;
  const drive = (steps: number, target: readonly number[], opening: number) => {
    for (let i = 0; i < steps; i++) {
      now = env.step([...target.map((value, j) => (value - now.observation[j]) / 0.04), opening]);
    }
  };
  drive(14, [0.55, 0, 0.6], -1);
  expect(now.achieved[2]).toBeCloseTo(z, 3);
  drive(12, [x, y, 0.5], -1);
  drive(20, [x, y, 0.3], -1); // the closed gripper pushes down as hard as it can
  expect(now.observation[2]).toBeGreaterThan(z + 0.03);
  expect(Math.abs(now.achieved[2] - 0.425)).toBeLessThan(0.001);
  expect(Math.hypot(now.achieved[0] - x, now.achieved[1] - y)).toBeLessThan(0.01);
});

test('a grasped block is carried and held, and falls when the gripper opens', async () => {
  const env = await create('pick-and-place');
  const control = scriptedController('pick-and-place');
  const goal = [0.55, 0.05, 0.7];
  let now = env.reset({ seed: 6, goal });
  for (let i = 0; i < 45; i++) now = env.step(control(now.observation, goal));
  expect(Math.hypot(...goal.map((value, i) => now.achieved[i] - value))).toBeLessThan(0.01);
  for (let i = 0; i < 5; i++) now = env.step([0, 0, 0, 1]);
  expect(now.achieved[2]).toBeLessThan(0.6);
});

test('a sliding puck loses speed as its friction says', async () => {
  const env = await create('slide');
  const control = scriptedController('slide');
  let now = env.reset({ seed: 2 });
  const speeds: number[] = [];
  for (let i = 0; i < 45; i++) {
    now = env.step(control(now.observation, now.goal));
    const o = now.observation;
    const away = Math.hypot(o[6], o[7]) > 0.08;
    if (away) speeds.push(Math.hypot(o[14] + o[20], o[15] + o[21]) / 0.04);
  }
  const sliding = speeds.filter((speed) => speed > 0.1);
  expect(sliding.length).toBeGreaterThan(10);
  const deceleration = (sliding[0] - sliding[sliding.length - 1]) / (0.04 * (sliding.length - 1));
  expect(deceleration / (0.08 * 9.81)).toBeCloseTo(1, 1);
});

test('rewards: sparse, dense, argument order, tolerance', () => {
  const achieved = Float32Array.of(0, 0, 0, 0.04, 0, 0, 3, 0, 0);
  const desired = Float32Array.of(0, 0, 0.06, 0, 0, 0, 0, 0, 0);
  const reward = new Float32Array(3);
  const success = new Uint8Array(3);
  const none = new Float32Array(0);
  const sparse = armPush.rules(defaults);
  sparse.computeReward(achieved, desired, none, reward);
  sparse.computeSuccess(achieved, desired, none, success);
  expect([...reward, ...success]).toEqual([-1, 0, -1, 0, 1, 0]);
  const dense = armPush.rules(armOptions.parse({ reward: 'dense', distanceThreshold: 0.1 }));
  dense.computeReward(achieved, desired, none, reward);
  dense.computeSuccess(achieved, desired, none, success);
  for (const [i, value] of [-0.06, -0.04, -2].entries()) expect(reward[i]).toBeCloseTo(value, 6);
  expect([...success]).toEqual([1, 1, 0]);
  expect(dense.spec.rewardRange).toEqual([-2, 0]);
});

test('the scene shows the arm, the table and the goal, and nothing that is only for collisions', async () => {
  const env = await create('push');
  const { goal } = env.reset({ seed: 1 });
  const shapes = env.scene?.().shapes ?? [];
  const names = shapes.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['table', 'floor', 'block', 'upper-arm-lower', 'left-finger', 'goal']));
  expect(names).not.toContain('left-touch');
  expect(shapes.find(({ name }) => name === 'goal')?.position).toEqual([...goal]);
});
