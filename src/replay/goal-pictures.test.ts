// Pictures of goals in batches: the episode's own, and of relabelled goals the picture of the state that achieved them.
import { expect, test } from 'vitest';
import { type PointOptions, pointReach } from '../envs/point/index.js';
import { createRandom } from '../random.js';
import { createBatch, createReplay, createSampler, parseRelabel } from './index.js';

const options = {
  reward: 'sparse',
  distanceThreshold: 0.05,
  camera: { size: 8, views: ['above'], state: false, goal: true },
} satisfies PointOptions;
const rules = pointReach.rules(options);
const { spec } = rules;

/** Episodes of five steps; each state's picture is full of the tenths of its x, the goal's of 200 and the episode. */
function filled() {
  const replay = createReplay(spec, 100);
  for (let episode = 0; episode < 4; episode++) {
    const rows = (n: number, value: (t: number) => number, size: number) =>
      Uint8Array.from({ length: n * size }, (_, i) => value(Math.floor(i / size)));
    const x = (t: number) => episode * 6 + t;
    const place = Float32Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? x(i / 2) / 100 : 0));
    replay.addEpisode({
      columns: {
        observation: place,
        camera: rows(6, x, 192),
        'goal-camera': rows(1, () => 200 + episode, 192),
        achieved: place,
        goal: Float32Array.of(0.9, 0.9),
        action: new Float32Array(10),
        reward: new Float32Array(5).fill(-1),
      },
      failed: false,
    });
  }
  return replay;
}

test.each(['future:4', 'final:1', 'random:4', 'none'])('%s', (relabel) => {
  const sampler = createSampler(filled(), rules, parseRelabel(relabel));
  const batch = createBatch(spec, 256, ['goal', 'goal-camera', 'relabelled', 'observation']);
  sampler.sample(createRandom(1), batch);
  const { goal, relabelled } = batch.columns;
  let originals = 0;
  for (let i = 0; i < 256; i++) {
    const picture = batch.columns['goal-camera'].subarray(192 * i, 192 * (i + 1));
    expect(new Set(picture).size).toBe(1);
    if (relabelled[i]) expect(picture[0]).toBe(Math.round(100 * goal[2 * i]));
    else {
      originals++;
      expect(picture[0]).toBe(200 + Math.floor(Math.round(100 * batch.columns.observation[2 * i]) / 6));
    }
  }
  expect(originals).toBeGreaterThan(0);
  expect(originals === 256).toBe(relabel === 'none');
});

test('goals that an agent draws have their pictures under their names', () => {
  const sampler = createSampler(filled(), rules, parseRelabel('none'));
  const batch = createBatch(spec, 64, ['aim', 'aim.goal-camera', 'goal-camera'], { goals: { aim: { future: 1 } } });
  sampler.sample(createRandom(2), batch);
  for (let i = 0; i < 64; i++) {
    expect(batch.columns['aim.goal-camera'][192 * i]).toBe(Math.round(100 * batch.columns.aim[2 * i]));
    expect(batch.columns['goal-camera'][192 * i]).toBeGreaterThanOrEqual(200);
  }
});
