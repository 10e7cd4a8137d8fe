// The Fetch tasks with objects: hindsight against none on push, pick and place from demonstrations, slide.
import { common, oneThread } from '../experiment.js';
import { chart, commands } from '../tables.js';
import type { Topic } from '../topic.js';
import { solvedTable } from './push.js';

const onFetch = {
  ...common,
  agent: 'sac',
  relabel: 'future:4',
  evaluateEvery: 20_000,
  limitSeconds: 3600,
  settings: oneThread,
};

export const fetchTopic: Topic = {
  page: 'environments/fetch.md',
  experiments: [
    {
      ...onFetch,
      name: 'fetch-push-tuned',
      about: 'fetch/push with the tuned settings',
      env: 'fetch/push',
      steps: 300_000,
    },
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
      name: 'fetch-pick-tuned',
      about: 'fetch/pick-and-place with the tuned settings: 500 demonstrations first',
      env: 'fetch/pick-and-place',
      steps: 400_000,
      evaluateEvery: 40_000,
    },
    {
      ...onFetch,
      name: 'fetch-pick-undemonstrated',
      about: 'fetch/pick-and-place without demonstrations',
      env: 'fetch/pick-and-place',
      steps: 400_000,
      evaluateEvery: 40_000,
      seeds: [1],
      settings: { ...oneThread, training: { demonstrations: 0 } },
    },
    {
      ...onFetch,
      name: 'fetch-slide',
      about: 'fetch/slide with the tuned settings',
      env: 'fetch/slide',
      steps: 400_000,
      evaluateEvery: 40_000,
      seeds: [1],
    },
  ],
  sections: {
    'fetch-learned': () =>
      solvedTable([
        ['push', 'fetch-push-tuned'],
        ['push without hindsight', 'fetch-push-none'],
        ['pick and place', 'fetch-pick-tuned'],
        ['pick and place, no demonstrations', 'fetch-pick-undemonstrated'],
        ['slide', 'fetch-slide'],
      ]),
    'fetch-commands': () => commands(['fetch-push-tuned', 'fetch-push-none', 'fetch-pick-tuned', 'fetch-slide']),
  },
  charts: () => ({
    'fetch-push-hindsight.svg': chart('fetch/push, SAC: success with and without hindsight', [
      ['future:4', 'fetch-push-tuned'],
      ['no hindsight', 'fetch-push-none'],
    ]),
    'fetch-lift.svg': chart('fetch/pick-and-place and fetch/slide, SAC', [
      ['pick and place, 500 demonstrations', 'fetch-pick-tuned'],
      ['pick and place, none', 'fetch-pick-undemonstrated'],
      ['slide', 'fetch-slide'],
    ]),
  }),
};
