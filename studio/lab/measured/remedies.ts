// Problems of goal-conditioned, multi-task and model-based learning, what helps, and what it was measured to be worth.
import type { MeasuredRuns, Measurement } from './runs.js';

export interface Remedy extends Measurement {
  readonly problem: string;
  readonly remedy: string;
  readonly without: MeasuredRuns;
  readonly remedied: MeasuredRuns;
  readonly note?: string;
}

const last = { of: 'last' } as const;
const runs = (label: string, file: string, values: readonly number[], number: MeasuredRuns['number'] = last) => ({
  label,
  file: file === 'new-task' ? file : `learning/${file}`,
  number,
  values,
});
const success = { unit: 'success', better: 'more' } as const;

export const remedies = {
  sparse: {
    ...success,
    problem: 'Chance hardly ever meets a sparse reward',
    remedy: 'Hindsight: learn from what was reached',
    task: 'arm/push, SAC, evaluation after 200,000 steps',
    doc: 'docs/results.md',
    without: runs('no hindsight', 'arm-push-none', [0.12, 0.12, 0], { of: 'evaluation', steps: 200_000 }),
    remedied: runs('future:4', 'arm-push-tuned', [0.98, 0.98, 0.94], { of: 'evaluation', steps: 200_000 }),
  },
  wall: {
    ...success,
    problem: 'A dense reward leads into a dead end',
    remedy: 'A sparse reward, with hindsight',
    task: 'point/maze-umaze, the goal behind the wall, SAC, 100,000 steps',
    doc: 'docs/environments/point-maze.md',
    without: runs('dense, no hindsight', 'maze-wall-dense-none', [1, 0, 0]),
    remedied: runs('sparse, future', 'maze-wall-sparse-future', [1, 1, 1]),
  },
  identifier: {
    ...success,
    problem: 'A task’s number says nothing of new tasks',
    remedy: 'Tell the task by its goal',
    task: 'point/navigate, four of sixteen places left out, SAC, 8,000 steps; success there',
    doc: 'docs/task-identifiers.md',
    without: runs('one-hot', 'new-task', [0, 0, 0], { of: 'newTasks', identifier: 'one-hot' }),
    remedied: runs('goal', 'new-task', [1, 1, 1], { of: 'newTasks', identifier: 'goal' }),
  },
  conflict: {
    ...success,
    problem: 'Tasks pull one network in opposite ways',
    remedy: 'A last layer for each task (heads)',
    task: 'point/left-right, MTSAC, 4,000 steps',
    doc: 'docs/multitask/remedies.md',
    without: runs('all shared', 'opposed-plain', [0, 1, 0.5]),
    remedied: runs('heads', 'opposed-heads', [1, 1, 1]),
  },
  surgery: {
    ...success,
    problem: 'Gradients of tasks conflict',
    remedy: 'PCGrad: take the conflicting part away',
    task: 'point/left-right, MTSAC, 4,000 steps',
    doc: 'docs/multitask/remedies.md',
    without: runs('sum', 'opposed-plain', [0, 1, 0.5]),
    remedied: runs('PCGrad', 'opposed-pcgrad', [0.5, 1, 0.5]),
    note: 'Three seeds do not tell this gain from chance: conflicts are not what holds these runs back.',
  },
  forgetting: {
    ...success,
    problem: 'What is learned later overwrites what was learned before',
    remedy: 'EWC and a head for each task',
    task: 'point/navigate, five places one after the other, MTSAC, 2,000 steps each; success on all five at the end',
    doc: 'docs/multitask/forgetting.md',
    without: runs('nothing', 'forgetting-nothing', [0, 0.2, 0.2]),
    remedied: runs('EWC, heads', 'forgetting-ewc-heads', [0.8, 1, 1]),
  },
  replay: {
    ...success,
    problem: 'The same, with one network for all',
    remedy: 'Replay of old tasks in half of each batch',
    task: 'point/navigate, five places one after the other, MTSAC, 2,000 steps each; success on all five at the end',
    doc: 'docs/multitask/forgetting.md',
    without: runs('nothing', 'forgetting-nothing', [0, 0.2, 0.2]),
    remedied: runs('replay', 'forgetting-rehearsal', [0.8, 1, 0.8]),
  },
  passing: {
    ...success,
    problem: 'A task finds its own success too seldom',
    remedy: 'Hindsight between tasks: pass episodes on',
    task: 'point/navigate, four places told by number, MTSAC, 12,000 steps',
    doc: 'docs/multitask/remedies.md',
    without: runs('own episodes', 'passing-four-alone', [0.75, 0.75, 0.65]),
    remedied: runs('passed on', 'passing-four-passed', [1, 0.75, 1]),
  },
  grasp: {
    ...success,
    problem: 'What leads to success is a long chain that chance never finds',
    remedy: 'Demonstrations in the replay',
    task: 'fetch/pick-and-place, SAC with hindsight, 400,000 steps',
    doc: 'docs/environments/fetch.md',
    without: runs('none', 'fetch-pick-undemonstrated', [0.40333333333333332]),
    remedied: runs('500 demonstrations', 'fetch-pick-tuned', [1, 1, 1]),
    note: 'One seed without, three with.',
  },
  pictures: {
    ...success,
    problem: 'A picture is far more numbers than the place that it shows',
    remedy: 'An encoder that looks for places (keypoints)',
    task: 'point/camera, SAC with hindsight, 5,000 steps',
    doc: 'docs/encoders.md',
    without: runs('dense layer over convolutions', 'camera-convolution', [0.17333333333333334]),
    remedied: runs('keypoints', 'camera-sac', [0.95, 0.94666666666666666, 0.93333333333333335]),
    note: 'One seed without, three with.',
  },
  steps: {
    unit: 'steps',
    better: 'less',
    problem: 'Real steps are dear',
    remedy: 'More updates from each of them',
    task: 'gymnasium/inverted-pendulum, SAC, steps to a return of 950',
    doc: 'docs/models.md',
    without: runs('1 update a step', 'model-inverted-pendulum-sac', [3000, 7000, 3500], { of: 'stepsTo', reward: 950 }),
    remedied: runs('10 updates a step', 'model-inverted-pendulum-often', [900, 1350, 1050], {
      of: 'stepsTo',
      reward: 950,
    }),
    note: 'With a model of the world besides, three seeds took 1,050, 1,200 and 1,050 steps.',
  },
} as const satisfies Readonly<Record<string, Remedy>>;

export type RemedyName = keyof typeof remedies;
