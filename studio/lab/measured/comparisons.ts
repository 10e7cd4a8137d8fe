// Ways to do the same thing, measured on the same task, and what the ways of learning ask for and give.
import type { MeasuredRuns, Measurement } from './runs.js';

export interface Comparison extends Measurement {
  readonly question: string;
  readonly ways: readonly MeasuredRuns[];
  readonly note?: string;
}

const runs = (label: string, file: string, values: readonly number[], number: MeasuredRuns['number']) => ({
  label,
  file: file === 'new-task' ? file : `learning/${file}`,
  number,
  values,
});
const last = { of: 'last' } as const;
const to95 = { of: 'stepsTo', success: 0.95 } as const;
const onPage = (label: string, values: readonly number[], words: string): MeasuredRuns => ({
  label,
  number: { of: 'page', words },
  values,
});
const success = { unit: 'success', better: 'more' } as const;
const steps = { unit: 'steps', better: 'less' } as const;

export const comparisons = {
  goals: {
    ...steps,
    question: 'Where does hindsight take its goals from?',
    task: 'arm/reach, SAC, steps to 95% success',
    doc: 'docs/results.md',
    ways: [
      runs('future', 'arm-reach-sac', [1000, 1000, 1000], to95),
      runs('episode', 'arm-reach-sac-episode', [1000, 1000, 1250], to95),
      runs('final', 'arm-reach-sac-final', [1500, 1250, 1500], to95),
      runs('no hindsight', 'arm-reach-sac-none', [3500, 8500, 4000], to95),
    ],
  },
  identifiers: {
    ...success,
    question: 'What tells a policy a task that it never had?',
    task: 'point/navigate, SAC, 8,000 steps on twelve places; success at four others, at once',
    doc: 'docs/task-identifiers.md',
    ways: [
      runs('its goal', 'new-task', [1, 1, 1], { of: 'newTasks', identifier: 'goal' }),
      runs('a demonstration', 'new-task', [0.8875, 0.525, 0.7749999999999999], {
        of: 'newTasks',
        identifier: 'demonstration',
      }),
      runs('its number', 'new-task', [0, 0, 0], { of: 'newTasks', identifier: 'one-hot' }),
    ],
  },
  conflict: {
    ...success,
    question: 'What helps where two tasks want the opposite?',
    task: 'point/left-right, MTSAC, 4,000 steps',
    doc: 'docs/multitask/remedies.md',
    ways: [
      runs('heads', 'opposed-heads', [1, 1, 1], last),
      runs('PCGrad', 'opposed-pcgrad', [0.5, 1, 0.5], last),
      runs('CAGrad', 'opposed-cagrad', [0.5, 1, 0.5], last),
      runs('inverse norms', 'opposed-inverse-norm', [0.5, 1, 0.5], last),
      runs('sum', 'opposed-plain', [0, 1, 0.5], last),
      runs('GradNorm', 'opposed-gradnorm', [0, 1, 0.5], last),
      runs('soft modules', 'opposed-modules', [0, 0, 0.5], last),
    ],
  },
  sequence: {
    ...success,
    question: 'What keeps earlier tasks while later ones are learned?',
    task: 'point/navigate, five places one after the other, MTSAC, 2,000 steps each; success on all five at the end',
    doc: 'docs/multitask/forgetting.md',
    ways: [
      runs('EWC and heads', 'forgetting-ewc-heads', [0.8, 1, 1], last),
      runs('replay of old tasks', 'forgetting-rehearsal', [0.8, 1, 0.8], last),
      runs('EWC, lambda 1', 'forgetting-ewc-weak', [0.6, 0.8, 0.6], last),
      runs('EWC, lambda 10,000', 'forgetting-ewc', [0.2, 0.2, 0.2], last),
      runs('EWC and heads, one normaliser', 'forgetting-one-normaliser', [0.2, 0.2, 0.2], last),
      runs('heads', 'forgetting-heads', [0, 0.2, 0.4], last),
      runs('nothing', 'forgetting-nothing', [0, 0.2, 0.2], last),
    ],
  },
  rewards: {
    ...success,
    question: 'Which reward finds the way round a wall?',
    task: 'point/maze-umaze, the goal behind the wall, SAC, 100,000 steps',
    doc: 'docs/environments/point-maze.md',
    ways: [
      runs('sparse, hindsight', 'maze-wall-sparse-future', [1, 1, 1], last),
      runs('sparse', 'maze-wall-sparse-none', [1, 1, 0], last),
      runs('dense, hindsight', 'maze-wall-dense-future', [1, 0, 1], last),
      runs('dense', 'maze-wall-dense-none', [1, 0, 0], last),
    ],
  },
  model: {
    ...steps,
    question: 'How many real steps does a model of the world save?',
    task: 'pendulum, SAC, steps to a return of -200',
    doc: 'docs/models.md',
    ways: [
      onPage('10 updates a step', [1250, 1500, 1250], '| SAC, 10 updates per step | 1,250 | 1,250, 1,500, 1,250 |'),
      onPage(
        '10 updates and a model',
        [1500, 1250, 1750],
        '| SAC with a model, 10 updates per step | 1,500 | 1,500, 1,250, 1,750 |',
      ),
      onPage('1 update a step', [3500, 3000, 4500], '| SAC, 1 update per step | 3,500 | 3,500, 3,000, 4,500 |'),
    ],
    note: 'The gain comes from the updates: with as many of them there is none from the model here.',
  },
  demonstrations: {
    ...success,
    question: 'What do more demonstrations bring?',
    task: 'tabletop/mt10, behaviour cloning',
    doc: 'docs/agents/bc.md',
    ways: [
      runs('200 of each task', 'imitation-mt10-200', [0.89, 0.88333333333333319, 0.87666666666666659], last),
      runs('50 of each task', 'imitation-mt10-50', [0.72, 0.65666666666666662, 0.69666666666666666], last),
    ],
  },
} as const satisfies Readonly<Record<string, Comparison>>;

export type ComparisonName = keyof typeof comparisons;

export interface Approach {
  readonly name: string;
  readonly learnsFrom: string;
  readonly newTask: string;
  readonly decides: string;
  /** A measured entry; `words` stand so on the page `doc`, or the runs of `comparison` say it. */
  readonly measured: string;
  readonly doc: string;
  readonly words?: string;
  readonly comparison?: ComparisonName;
}

/** What is measured stands on the pages named. */
export const approaches: readonly Approach[] = [
  {
    name: 'Goal-conditioned RL with hindsight',
    learnsFrom: 'its own steps, sparse rewards',
    newTask: 'any goal of the same space, at once',
    decides: 'one forward pass',
    measured: 'arm/reach: 95% after 1,000 steps, three seeds',
    doc: 'docs/results.md',
    comparison: 'goals',
  },
  {
    name: 'Multi-task RL, told the task’s number',
    learnsFrom: 'its own steps, each task’s reward',
    newTask: 'learned anew, or added',
    decides: 'one forward pass',
    measured: 'point/left-right with heads: 100% after 4,000 steps, three seeds',
    doc: 'docs/multitask/remedies.md',
    comparison: 'conflict',
  },
  {
    name: 'Multi-task imitation',
    learnsFrom: 'demonstrations of each task',
    newTask: 'demonstrations of it',
    decides: 'one forward pass',
    measured: 'tabletop/mt10: 88.3% from 2,000 demonstrations, three seeds',
    doc: 'docs/agents/bc.md',
    comparison: 'demonstrations',
  },
  {
    name: 'RL after imitation',
    learnsFrom: 'recorded and own steps',
    newTask: 'as goal-conditioned RL',
    decides: 'one forward pass',
    measured: 'tabletop/reach: 100%, its clumsy demonstrator 63.5%',
    doc: 'docs/agents/bc.md',
    words: '| reach (3 seeds) | 63.5% | 8,000 | 100% | 46 |',
  },
  {
    name: 'A model, and a policy that learns from it',
    learnsFrom: 'own steps, many more imagined ones',
    newTask: 'the model stays, the policy is learned anew',
    decides: 'one forward pass: some 39,000 a second',
    measured: 'pendulum: -200 after 1,500 real steps (median of three)',
    doc: 'docs/models.md',
    comparison: 'model',
  },
  {
    name: 'A model, and a planner in it',
    learnsFrom: 'own steps',
    newTask: 'the model stays: any reward, at once',
    decides: 'plans anew each time: some 74 a second',
    measured: 'pendulum, after 250 real steps: -121 (one seed; the policy in the same model -1,231)',
    doc: 'docs/models.md',
    words: '| 250 | -1,231 | -121 | 43,555 | 74 |',
  },
];
