// Tasks drawn by weights: their shares, changes, exact saving, together with fixed goals; refusals by name.
import { expect, test } from 'vitest';
import { createGoalEnv } from '../envs/goal-env.js';
import { box } from '../envs/space.js';
import { walk } from '../envs/testing.js';
import { onlyTask, setTaskWeights, taskWeights } from './task-weights.js';
import { onlyGoals, trainingGoals } from './training-goals.js';

const tasks = ['near', 'middle', 'far'];
const make = () => {
  const base = walk();
  return createGoalEnv({ ...base, spec: { ...base.spec, goal: box(1, -10, 10), tasks } });
};
const config = (weights: Record<string, number> = {}, trained: number | null = null) => ({
  seed: 3,
  tasks: {
    weights,
    identifiers: [],
    sampling: 'fixed' as const,
    samplingTemperature: 1,
    uniformShare: 0,
    hindsight: 0,
    groups: null,
    successShare: null,
    sequence: [] as string[],
    rehearsal: 0,
    gradientsEvery: 0,
  },
  goals: { heldOut: { low: [], high: [], words: [] }, trained },
});
const shares = (env: ReturnType<typeof make>, n = 6000) => {
  const counts = [0, 0, 0];
  for (let i = 0; i < n; i++) counts[env.reset().task[0]] += 1 / n;
  return counts;
};

test('tasks come as often as their weights say, also after these change, and exactly on after a save', () => {
  const goals = trainingGoals(make(), config({ far: 2, middle: 0 }));
  const env = onlyGoals(make(), goals, 'trained');
  env.reset({ seed: 1 });
  const first = shares(env);
  for (const [i, share] of [1 / 3, 0, 2 / 3].entries()) expect(Math.abs(first[i] - share)).toBeLessThan(0.03);
  const bytes = env.saveState();
  const next = Array.from({ length: 20 }, () => [...env.reset().task, ...env.reset().goal]);
  setTaskWeights(goals.weights!, env.spec, { middle: 3, far: 0, near: 0 });
  expect(shares(env, 50)).toEqual([0, expect.closeTo(1, 9), 0]);
  env.restoreState(bytes);
  expect(Array.from({ length: 20 }, () => [...env.reset().task, ...env.reset().goal])).toEqual(next);
  expect(env.reset({ task: 'middle' }).task[0]).toBe(1);
  env.step([0]);
  const { goal, task } = env.reset({ state: env.saveState() });
  expect([task[0], goal.length]).toEqual([1, 1]);
});

test('fixed goals belong to their tasks; a goal and a task can be given together', () => {
  const goals = trainingGoals(make(), config({}, 30));
  const env = onlyGoals(make(), goals, 'trained');
  const known = new Set(Array.from(goals.fixed!, (goal, i) => `${goals.fixedTasks![i]} ${goal}`));
  env.reset({ seed: 2 });
  const seen = Array.from({ length: 500 }, () => env.reset()).map(({ task, goal }) => `${task[0]} ${goal[0]}`);
  expect(seen.filter((one) => !known.has(one))).toEqual([]);
  const { task, goal } = env.reset({ task: 'far', goal: [0.25] });
  expect([task[0], goal[0]]).toEqual([2, 0.25]);
});

test('weights that name no task, are negative or all 0 are refused', () => {
  const { spec } = make();
  expect(() => taskWeights(config({ fra: 2 }), spec)).toThrow(
    'unknown task "fra" of test/walk in tasks.weights; did you mean',
  );
  expect(() => taskWeights(config({ far: -1 }), spec)).toThrow('tasks.weights.far is -1; it must be');
  expect(() => taskWeights(config({ far: 0, near: 0, middle: 0 }), spec)).toThrow('tasks.weights are all 0');
  expect(() => taskWeights(config({ far: 1 }), walk().spec)).toThrow(
    'tasks.weights.far is given, but test/walk has a single task',
  );
  expect(taskWeights(config(), walk().spec)).toBeUndefined();
});

test('tasks in sequence begin with the first of them alone', () => {
  const { spec } = make();
  const given = config();
  const weights = taskWeights({ tasks: { ...given.tasks, sequence: ['far', 'near'] } }, spec);
  expect([...weights!]).toEqual([0, 0, 1]);
  setTaskWeights(weights!, spec, onlyTask(spec, 'near'));
  expect([...weights!]).toEqual([1, 0, 0]);
});
