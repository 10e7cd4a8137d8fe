// Evaluation by task: dealt in turn, mean over tasks, the worst; nothing of success where there is no such notion.
import { expect, test } from 'vitest';
import type { PlainSimulation, Simulation } from '../envs/env.js';
import { arrayState, createGoalEnv } from '../envs/goal-env.js';
import { goalRules, targetState } from '../envs/goals/index.js';
import { box } from '../envs/space.js';
import { evaluationLog } from '../training/loop-state.js';
import { checkWishes, isEnough } from '../training/until.js';
import { type EpisodeResult, evaluatePolicy, worstTask } from './evaluate.js';
import type { PolicyRunner } from './policy-runner.js';
import { onlyGoals } from './training-goals.js';

const runner: PolicyRunner = {
  inputs: { observation: new Float32Array(1) },
  see: () => undefined,
  memory: {},
  begin: () => undefined,
  noise: new Float32Array(0),
  action: new Float32Array(1),
  setPolicy: () => undefined,
  run: async () => undefined,
  dispose: async () => undefined,
};

/** One step; the reward is 10 x task + 1, and the tasks after the first succeed. */
const steps = (tasks?: readonly string[], succeeds = true): PlainSimulation => ({
  spec: {
    name: 'me/steps',
    observation: box(1),
    action: box(1, -1, 1),
    maxEpisodeSteps: 1,
    rewardRange: [0, 100],
    tasks,
  },
  ...arrayState(new Float64Array(1)),
  reset: () => undefined,
  step: (_, now) => {
    now.reward[0] = 10 * (now.task[0] ?? 0) + 1;
  },
  ...(succeeds && { isSuccess: (now) => now.task[0] > 0 }),
});
const evaluate = (simulation: PlainSimulation, episodes: number, task?: string, heldOut?: string[]) =>
  evaluatePolicy(createGoalEnv(simulation), runner, { episodes, seed: 1, steps: 500, task, heldOut });
const none = { untilSuccess: null, untilWorst: null, untilReward: null };

test('episodes are dealt over the tasks in turn; figures are means over tasks', async () => {
  const evaluation = await evaluate(steps(['a', 'b', 'c']), 7); // a has three episodes, the others two
  expect(evaluation).toMatchObject({ steps: 500, episodes: 7, successRate: 2 / 3, meanReward: 11, meanLength: 1 });
  expect(evaluation.stdReward).toBeCloseTo(Math.sqrt(200 / 3), 12);
  expect(evaluation.tasks).toMatchObject([
    { task: 'a', episodes: 3, successRate: 0, meanReward: 1, stdReward: 0 },
    { task: 'b', episodes: 2, successRate: 1, meanReward: 11 },
    { task: 'c', episodes: 2, successRate: 1, meanReward: 21 },
  ]);
  expect(worstTask(evaluation)?.task).toBe('a');
  expect(evaluationLog(evaluation)).toEqual({
    'eval/success_rate': 2 / 3,
    'eval/any_success_rate': 2 / 3,
    'eval/mean_reward': 11,
    'eval/std_reward': evaluation.stdReward,
    'eval/mean_ep_length': 1,
    'eval/worst_success_rate': 0,
    'eval/a/success_rate': 0,
    'eval/a/mean_reward': 1,
    'eval/b/success_rate': 1,
    'eval/b/mean_reward': 11,
    'eval/c/success_rate': 1,
    'eval/c/mean_reward': 21,
  });
  expect(isEnough({ ...none, untilSuccess: 0.6 }, evaluation)).toBe(true);
  expect(isEnough({ ...none, untilSuccess: 0.6, untilWorst: 0.1 }, evaluation)).toBe(false);
  expect(isEnough({ ...none, untilReward: 11 }, evaluation)).toBe(true);
  expect(isEnough(none, evaluation)).toBe(false);
  expect(await evaluate(steps(['a', 'b', 'c']), 2, 'b')).toMatchObject({ episodes: 2, successRate: 1, meanReward: 11 });
});

test('tasks that were held out of training are told apart, and decide nothing', async () => {
  const evaluation = await evaluate(steps(['a', 'b', 'c']), 6, undefined, ['a']);
  expect(evaluation).toMatchObject({ episodes: 6, successRate: 1, meanReward: 16 });
  expect(evaluation.heldOut).toMatchObject({ episodes: 2, successRate: 0, meanReward: 1 });
  expect(evaluation.tasks?.map(({ heldOut }) => heldOut)).toEqual([true, undefined, undefined]);
  expect(worstTask(evaluation)?.task).toBe('b');
  expect(isEnough({ ...none, untilSuccess: 1, untilWorst: 1 }, evaluation)).toBe(true);
  expect(evaluationLog(evaluation)).toMatchObject({
    'eval/success_rate': 1,
    'eval/worst_success_rate': 1,
    'eval/held_out_success_rate': 0,
    'eval/held_out_mean_reward': 1,
    'eval/a/success_rate': 0,
  });
  // Alone it is all that there is.
  const alone = await evaluate(steps(['a', 'b', 'c']), 2, 'a', ['a']);
  expect(alone).toMatchObject({ episodes: 2, successRate: 0, meanReward: 1 });
  expect(alone.heldOut).toBeUndefined();
});

test('without a notion of success only returns are told', async () => {
  const evaluation = await evaluate(steps(undefined, false), 3);
  expect(evaluation).toMatchObject({ episodes: 3, successRate: Number.NaN, meanReward: 1 });
  expect(Object.keys(evaluationLog(evaluation))).toEqual([
    'eval/mean_reward',
    'eval/std_reward',
    'eval/mean_ep_length',
  ]);
});

/** Goals on a line, for which there is nothing to do: 5 in training, 0 (reached) and 9 in evaluations. */
function line(): Simulation {
  const { rewardRange, ...rules } = goalRules(targetState(box(1, 0, 10), 0.5), 'sparse');
  return {
    ...rules,
    ...arrayState(new Float64Array(1)),
    spec: {
      name: 'me/line',
      observation: box(1),
      achieved: box(1),
      goal: box(1, 0, 10),
      evaluationTasks: ['here', 'far'],
      action: box(1, -1, 1),
      maxEpisodeSteps: 1,
      rewardRange,
      successEndsEpisode: false,
      info: [],
    },
    reset: (_, now, evaluationTask) => {
      now.goal[0] = evaluationTask === undefined ? 5 : [0, 9][evaluationTask];
    },
    step: () => undefined,
  };
}

test('evaluation tasks are dealt in evaluations only, and told by name', async () => {
  const env = createGoalEnv(line());
  expect(env.reset({ seed: 1 }).goal[0]).toBe(5);
  expect(env.reset({ evaluationTask: 'far' }).goal[0]).toBe(9);
  expect(() => env.reset({ evaluationTask: 'fra' })).toThrow('did you mean "far"?');
  expect(() => createGoalEnv(steps()).reset({ evaluationTask: 0 })).toThrow('has no evaluation tasks');
  const options = { episodes: 4, seed: 1, steps: 0 };
  const evaluation = await evaluatePolicy(env, runner, options);
  expect(evaluation).toMatchObject({ episodes: 4, successRate: 0.5 });
  expect(evaluation.tasks).toMatchObject([
    { task: 'here', episodes: 2, successRate: 1 },
    { task: 'far', episodes: 2, successRate: 0 },
  ]);
  expect(await evaluatePolicy(env, runner, { ...options, task: 'here' })).toMatchObject({ successRate: 1 });
  await expect(evaluatePolicy(env, runner, { ...options, episodes: 1 })).rejects.toThrow(/has 2 tasks/);
  expect(() => checkWishes({ ...none, untilWorst: 0.9 }, env.spec)).not.toThrow();
  // A goal of one's own is none of theirs, and where training holds goals out evaluations have those that are left.
  const own = await evaluatePolicy(env, runner, { ...options, goal: [0.1] });
  expect([own.successRate, own.tasks]).toEqual([1, undefined]);
  const left = onlyGoals(env, { heldOut: { low: [8], high: [10] } }, 'trained');
  expect((await evaluatePolicy(left, runner, options)).tasks).toBeUndefined();
});

test('too few episodes, unknown tasks and wishes that cannot come true are refused', async () => {
  await expect(evaluate(steps(['a', 'b', 'c']), 2)).rejects.toThrow(
    /2 evaluation episodes are too few.*has 3 tasks.*ask for 3 or more/,
  );
  await expect(evaluate(steps(['near', 'far']), 2, 'nera')).rejects.toThrow('did you mean "near"?');
  const { spec } = createGoalEnv(steps(undefined, false));
  expect(() => checkWishes({ ...none, untilSuccess: 0.9 }, spec)).toThrow(/no notion of success.*untilReward/);
  const single = createGoalEnv(steps()).spec;
  expect(() => checkWishes({ ...none, untilWorst: 0.9 }, single)).toThrow(
    /has a single task; use evaluation.untilSuccess/,
  );
  expect(() => checkWishes({ ...none, untilSuccess: 0.9 }, single)).not.toThrow();
});

test('episodes say where success is no notion', async () => {
  const seen: unknown[] = [];
  const options = {
    episodes: 1,
    seed: 1,
    steps: 0,
    onEpisode: (_: number, { hasSuccess }: EpisodeResult) => seen.push(hasSuccess),
  };
  await evaluatePolicy(createGoalEnv(steps()), runner, options);
  await evaluatePolicy(createGoalEnv(steps(undefined, false)), runner, options);
  expect(seen).toEqual([undefined, false]);
});
