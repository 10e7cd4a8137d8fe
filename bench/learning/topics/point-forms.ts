// The point's task in two forms more: two tasks in one, and seen through a camera.
import { common, oneThread } from '../experiment.js';
import { chart, commands, solvedTable } from '../tables.js';
import type { Topic } from '../topic.js';

const cameras = [
  ['keypoints', 'camera-sac'],
  ['convolution', 'camera-convolution'],
] as const;

export const pointForms: Topic = {
  page: 'environments/point-reach.md',
  experiments: [
    {
      ...common,
      name: 'two-tasks-sac',
      about: 'sac with hindsight on two tasks, one of which turns actions round',
      env: 'point/two-tasks',
      agent: 'sac',
      relabel: 'future:4',
      steps: 10_000,
      evaluateEvery: 1000,
      settings: oneThread,
    },
    {
      ...common,
      name: 'camera-sac',
      about: 'sac with hindsight, seen through a camera by keypoints',
      env: 'point/camera',
      agent: 'sac',
      relabel: 'future:4',
      steps: 5000,
      evaluateEvery: 500,
      settings: oneThread,
    },
    {
      ...common,
      name: 'camera-convolution',
      about: 'the same with a dense layer over the convolutions',
      env: 'point/camera',
      agent: 'sac',
      relabel: 'future:4',
      steps: 5000,
      evaluateEvery: 500,
      settings: { ...oneThread, agent: { options: { encoders: { camera: { kind: 'convolution' } } } } },
      seeds: [1],
    },
  ],
  sections: {
    'two-tasks': () => solvedTable([['two tasks, SAC', 'two-tasks-sac']]),
    camera: () => solvedTable(cameras),
    'forms-commands': () => commands(['two-tasks-sac', ...cameras.map(([, name]) => name)]),
  },
  charts: () => ({
    'point-two-tasks.svg': chart('point/two-tasks: mean success of both', [['SAC', 'two-tasks-sac']]),
    'point-camera.svg': chart('point/camera, SAC: success by encoder', cameras),
  }),
};
