// The largest return of each task, against sums by hand; episodes count once, however they come and go.
import { expect, it } from 'vitest';
import type { EnvSpec } from '../envs/env.js';
import { createReplay } from '../replay/index.js';
import { codedEpisode, codedSpec } from '../replay/testing.js';
import { createReturnStatistics } from './return-statistics.js';

const spec: EnvSpec = { ...codedSpec(4), tasks: ['a', 'b', 'c'] };
const episode = (task: number, reward: number[]) => {
  const { columns, failed } = codedEpisode(0, reward.length);
  return { columns: { ...columns, reward, task: [task] }, failed };
};

it('is over all steps of an episode, discounted, whatever the sign, by task', () => {
  const replay = createReplay(spec, 100);
  const statistics = createReturnStatistics(spec, 0.5);
  replay.addEpisode(episode(0, [1, 2, 4])); // 3, 4, 4
  replay.addEpisode(episode(2, [-1, -1, -1, -1])); // -1.875
  replay.addEpisode(episode(2, [1, -3, 2])); // 0, -2, 2
  statistics.absorb(replay);
  expect([...statistics.vector]).toEqual([4, 0, 2]);
  replay.addEpisode(episode(1, [0, 8]));
  statistics.absorb(replay);
  expect([...statistics.vector]).toEqual([4, 8, 2]);
});

it('remembers what has left the replay, is saved with its place, and goes on', () => {
  const replay = createReplay(spec, 8);
  const statistics = createReturnStatistics(spec, 1);
  replay.addEpisode(episode(0, [9, 0, 0, 0]));
  statistics.absorb(replay);
  for (let i = 0; i < 7; i++) replay.addEpisode(episode(1, [1, 1, 1, i % 2]));
  const copy = createReturnStatistics(spec, 1);
  copy.restore(statistics.save());
  for (const each of [statistics, copy]) {
    each.absorb(replay);
    expect([...each.vector]).toEqual([9, 4, 0]);
  }
});

it('takes recorded episodes, and rewards that are not stored count nothing', () => {
  const data = createReplay(spec, 20);
  data.addEpisode(episode(1, [3]));
  data.addEpisode(episode(1, [1, Number.NaN, 1]));
  const statistics = createReturnStatistics(spec, 1);
  statistics.absorbFrom(data, 1);
  expect([...statistics.vector]).toEqual([0, 2, 0]);
  const other = createReturnStatistics(spec, 1);
  other.adopt(statistics.save());
  expect([...other.vector]).toEqual([0, 2, 0]);
  const fewer = createReturnStatistics({ ...spec, tasks: ['a'] }, 1);
  fewer.adopt(statistics.save());
  expect([...fewer.vector]).toEqual([0]);
});
