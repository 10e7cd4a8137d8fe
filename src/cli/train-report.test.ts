// What a finished training says, and the table over seeds.
import { expect, test } from 'vitest';
import type { TrainResult } from '../training/types.js';
import { learnedNothing, seedsReport, summaryLines, taskLines, trainJson } from './train-report.js';

const result = (seed: number, evalSuccessRate: number): TrainResult => ({
  runDir: `runs/${seed}`,
  env: 'arm/reach',
  agent: 'sac',
  seed,
  envSteps: 12_000,
  updates: 11_000,
  wallSeconds: 10 + seed,
  evalSeconds: 2,
  evalSuccessRate,
  evalMeanReward: -seed,
  evalEpisodes: 50,
  ended: 'steps',
});
const plain = { tone: (text: string) => text };

test('a result is told in aligned lines', () => {
  expect(summaryLines(result(1, 0.96), plain, 'anygoal')).toEqual([
    'Run      runs/1',
    'Trained  12,000 steps, 11,000 updates in 11 s (and 2.0 s of evaluation)',
    'Success  96% of 50 evaluation episodes, mean return -1.0',
    'Next     anygoal eval runs/1',
  ]);
  const aborted = { ...result(1, Number.NaN), evalEpisodes: 0 };
  expect(summaryLines(aborted, plain, 'anygoal')[2]).toBe('Success  not evaluated yet');
});

test('what comes next of a run that was stopped before its first evaluation is to go on', () => {
  const next = (of: Partial<TrainResult>) =>
    summaryLines({ ...result(1, 0.5), ...of }, plain, 'anygoal', ' --models m', ' --models m --broker b').at(-1);
  const goOn = 'Next     anygoal train --resume runs/1 --models m --broker b';
  expect(next({ evalEpisodes: 0, ended: 'aborted' })).toBe(goOn);
  expect(next({ ended: 'aborted' })).toBe('Next     anygoal eval runs/1 --models m');
});

test('the evaluation that is suggested has an episode for each task', () => {
  const figures = { episodes: 1, successRate: 1, anySuccessRate: 1, meanReward: -2, stdReward: 0, meanLength: 9 };
  const next = (count: number) => {
    const evalTasks = Array.from({ length: count }, (_, i) => ({ ...figures, task: `place-${i}` }));
    return summaryLines({ ...result(1, 1), evalTasks }, plain, 'anygoal', ' --models m').at(-1);
  };
  expect(next(100)).toBe('Next     anygoal eval runs/1 --models m');
  expect(next(101)).toBe('Next     anygoal eval runs/1 --episodes 101 --models m');
});

test('the command that is suggested needs the models that this one was given', () => {
  const [next] = summaryLines(result(1, 0.96), plain, 'anygoal', ' --assets models').slice(-1);
  expect(next).toBe('Next     anygoal eval runs/1 --assets models');
});

test('tasks in sequence: what was learned and lost', () => {
  const sequence = {
    phases: ['near', 'far'],
    success: [
      [1, 0],
      [0.25, 1],
    ],
    averagePerformance: 0.625,
    forgetting: 0.75,
    tasks: [
      { task: 'near', final: 0.25, best: 1, forgetting: 0.75 },
      { task: 'far', final: 1 },
    ],
  };
  const lines = summaryLines({ ...result(1, 0.625), sequence }, plain, 'anygoal');
  expect(lines.at(-2)).toBe('Sequence 2 tasks, average performance 62.5%, forgetting 75%');
  expect(trainJson({ ...result(1, 0.625), sequence }).sequence).toEqual(sequence);
});

test('updates that are still owed are told, with how to go on', () => {
  const none = { ...result(1, 0), envSteps: 20_000, updates: 0, owedUpdates: 19_500, warnings: ['too few steps'] };
  expect(learnedNothing(none)).toBe(true);
  expect(summaryLines(none, plain, 'anygoal').slice(2, 4)).toEqual([
    'Owed     19,500 updates: no episode ended that could be learned from, so the policy has learned nothing; they are made up by going on: anygoal train --resume runs/1 --steps N',
    '         too few steps',
  ]);
  expect(summaryLines(none, plain, 'anygoal', '', ' --broker nats://h:1')[2]).toMatch(/--steps N --broker nats:..h:1$/);
  expect(trainJson(none)).toMatchObject({ owedUpdates: 19_500, warnings: ['too few steps'] });
  const stopped: TrainResult = { ...result(1, 0), owedUpdates: 5, ended: 'aborted' };
  expect(learnedNothing(stopped)).toBe(false);
  expect(summaryLines(stopped, plain, 'anygoal')[2]).toBe(
    'Owed     5 updates: the run ended before they were made up; they are made up by going on: anygoal train --resume runs/1',
  );
  expect(learnedNothing(result(1, 1))).toBe(false);
});

test('the JSON object has the promised keys', () => {
  expect(Object.keys(trainJson(result(1, 1)))).toEqual(
    'runDir env agent seed envSteps updates wallSeconds evalSuccessRate evalMeanReward evalEpisodes evalSeconds ended'.split(
      ' ',
    ),
  );
});

test('tasks are told one by one, those that were held out apart from the worst', () => {
  const figures = { episodes: 10, successRate: 0.5, anySuccessRate: 0.5, meanReward: -2, stdReward: 0, meanLength: 9 };
  const evalTasks = [
    { ...figures, task: 'near' },
    { ...figures, task: 'far', successRate: 0.1, heldOut: true as const },
  ];
  const told = { ...result(1, 0.5), evalTasks, evalHeldOut: { ...figures, successRate: 0.1 } };
  expect(summaryLines(told, plain, 'anygoal').slice(3, -1)).toEqual([
    'task            success  return       episodes',
    'near            50%      -2.0 ± 0.00  10',
    'far (held out)  10%      -2.0 ± 0.00  10',
    'Worst    50% (near)',
    'Held out 10%, return -2.0: the task that no episode of training had, counted apart',
  ]);
  expect(trainJson(told)).toMatchObject({ evalWorstSuccessRate: 0.5, evalHeldOut: { successRate: 0.1 } });
});

test('of many tasks the lowest are told, and how many others there are', () => {
  const figures = { episodes: 1, anySuccessRate: 1, meanReward: -5, stdReward: 0, meanLength: 50 };
  const of = (count: number, rate: (i: number) => number) =>
    taskLines({
      tasks: Array.from({ length: count }, (_, i) => ({ ...figures, task: `t${i}`, successRate: rate(i) })),
    });
  expect(of(64, (i) => i / 100)).toHaveLength(1 + 64 + 1);
  const lines = of(512, (i) => 1 - i / 1000);
  expect(lines).toHaveLength(1 + 20 + 1 + 1);
  expect([lines[1], lines[20]].map((line) => line.split(/ +/)[0])).toEqual(['t511', 't492']);
  expect(lines[21]).toBe('... and 492 tasks that do as well as the last of these, or better (all: --json)');
  // Without a notion of success by their returns.
  const returns = Array.from({ length: 65 }, (_, i) => ({ ...figures, task: `t${i}`, successRate: Number.NaN }));
  returns[40].meanReward = -9;
  expect(taskLines({ tasks: returns })[1]).toMatch(/^t40 /);
});

test('seeds are summed up by mean and sample standard deviation', () => {
  const { lines, json } = seedsReport([result(1, 0.9), result(2, 0.94), result(3, 0.98)]);
  expect(lines).toEqual([
    'seed  steps       seconds     success   return      run',
    '1     12,000      11.0        90%       -1.0        runs/1',
    '2     12,000      12.0        94%       -2.0        runs/2',
    '3     12,000      13.0        98%       -3.0        runs/3',
    'mean  12,000 ± 0  12.0 ± 1.0  94% ± 4%  -2.0 ± 1.0  (± standard deviation)',
  ]);
  expect(json.runs).toHaveLength(3);
  expect(json.mean.evalSuccessRate).toBeCloseTo(0.94, 12);
  expect(json.std.evalSuccessRate).toBeCloseTo(0.04, 12);
});

test('tasks are told one by one with the worst; without a notion of success only returns', () => {
  const figures = { episodes: 25, anySuccessRate: 1, meanReward: -5, stdReward: 1, meanLength: 50 };
  const evalTasks = [
    { task: 'push', successRate: 0.92, ...figures },
    { task: 'lift', successRate: 1, ...figures },
  ];
  const byTask = { ...result(1, 0.96), evalTasks };
  expect(summaryLines(byTask, plain, 'anygoal').slice(3, 7)).toEqual([
    'task  success  return      episodes',
    'push  92%      -5.0 ± 1.0  25',
    'lift  100%     -5.0 ± 1.0  25',
    'Worst    92% (push)',
  ]);
  expect(trainJson(byTask)).toMatchObject({ evalTasks, evalWorstSuccessRate: 0.92 });
  const returns = { ...result(1, Number.NaN), hasSuccess: false as const };
  expect(summaryLines(returns, plain, 'anygoal')[2]).toBe('Return   -1.0, mean of 50 evaluation episodes');
  expect(seedsReport([returns]).lines[0]).toBe('seed  steps       seconds     return       run');
});

test('of a single task no table is made', () => {
  const figures = { episodes: 10, successRate: 0.5, anySuccessRate: 0.5, meanReward: -2, stdReward: 0, meanLength: 9 };
  expect(taskLines({ tasks: [{ ...figures, task: 'push' }] })).toEqual(['Task     push']);
  expect(taskLines({ tasks: [{ ...figures, task: 'push', heldOut: true }] })).toEqual(['Task     push (held out)']);
});
