// The Fetch tasks with objects: hindsight against none on push, pick and place from demonstrations, slide.
import { common, oneThread } from '../experiment.js';
import type { Topic } from '../topic.js';

const onFetch = {
  ...common,
  agent: 'sac',
  relabel: 'future:4',
  steps: 800_000,
  evaluateEvery: 40_000,
  limitSeconds: 3600,
  settings: oneThread,
};
const withDemonstrations = (demonstrations: number) => ({ ...oneThread, training: { demonstrations } });

export const fetchTopic: Topic = {
  page: 'results.md',
  experiments: [
    { ...onFetch, name: 'fetch-push-tuned', about: 'fetch/push with the tuned settings', env: 'fetch/push' },
    {
      ...onFetch,
      name: 'fetch-push-none',
      about: 'fetch/push without hindsight, the other settings being equal',
      env: 'fetch/push',
      relabel: 'none',
      steps: 200_000,
    },
    {
      ...onFetch,
      name: 'fetch-pick-demonstrated',
      about: 'fetch/pick-and-place, 500 demonstrations first',
      env: 'fetch/pick-and-place',
      settings: withDemonstrations(500),
    },
    {
      ...onFetch,
      name: 'arm-pick-demonstrated',
      about: 'arm/pick-and-place, 500 demonstrations first',
      env: 'arm/pick-and-place',
      settings: withDemonstrations(500),
    },
    {
      ...onFetch,
      name: 'fetch-slide',
      about: 'fetch/slide with the tuned settings',
      env: 'fetch/slide',
      seeds: [1],
    },
  ],
  sections: {},
  charts: () => ({}),
};
