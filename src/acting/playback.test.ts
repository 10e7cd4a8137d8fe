// Playing held-out episodes: what is shown and asked for at each step, and what a policy's distance from the recording is.
import { expect, it } from 'vitest';
import { box } from '../envs/index.js';
import { recorded } from '../envs/recorded.js';
import { playBack } from './playback.js';

const plane = box(1, -10, 10);
const spec = {
  name: 'recorded',
  observation: plane,
  achieved: plane,
  goal: plane,
  action: box(1, -2, 2),
  maxEpisodeSteps: 3,
  rewardRange: [-1, 0] as const,
  successEndsEpisode: false,
  success: false,
  info: [],
};
/** Two episodes, of 3 and 2 steps; states count up from 0 and from 5. */
const states = Float32Array.of(0, 1, 2, 3, 5, 6, 7);
const episodes = {
  steps: Int32Array.of(3, 2),
  failed: Uint8Array.of(0, 0),
  columns: {
    observation: states,
    achieved: states,
    goal: Float32Array.of(9, 8),
    action: Float32Array.of(1, 1, 1, -1, -1),
  },
};
const standing = () => recorded.create({ spec: JSON.stringify(spec) });

it('shows recorded states whatever is done, towards the last of them, and returns the distance in half ranges', async () => {
  const { env } = playBack(await standing(), episodes, 'achieved');
  const seen = new Set<string>();
  for (let seed = 0; seed < 10; seed++) {
    const first = env.reset({ seed });
    const shown = [first.observation[0]];
    const goal = first.goal[0];
    let sum = 0;
    for (let ended = false; !ended; ) {
      const step = env.step([1]);
      shown.push(step.observation[0]);
      sum += step.reward;
      ended = step.truncated;
    }
    seen.add(`${shown}, goal ${goal}: ${sum === 0 ? 0 : sum.toFixed(6)}`);
  }
  // Half the range is 2; the second episode's actions are 2 away from 1 at each step.
  expect([...seen].sort()).toEqual(['0,1,2,3, goal 3: 0', '5,6,7, goal 7: -1.000000']);
});

it('has the goals of the episodes where they have some', async () => {
  const { env } = playBack(await standing(), episodes, 'own');
  const goals = Array.from({ length: 10 }, (_, seed) => env.reset({ seed }).goal[0]);
  expect(new Set(goals)).toEqual(new Set([9, 8]));
});

it('tells what an action that is always the same gets', async () => {
  // The median is 1; two of five actions are a whole half range away from it.
  expect(playBack(await standing(), episodes, 'own').constant).toBeCloseTo(-0.4, 6);
});

it('the environment itself stands still, and goals are reached exactly where they were achieved', async () => {
  const env = await standing();
  env.reset({ seed: 0 });
  expect(env.step([1]).observation[0]).toBe(0);
  const out = new Float32Array(2);
  env.computeReward(Float32Array.of(1, 2), Float32Array.of(1, 3), new Float32Array(0), out);
  expect([...out]).toEqual([0, -1]);
});

it('instructions are refused, not overheard', async () => {
  const { env } = playBack(await standing(), episodes, 'own');
  expect(() => env.reset({ seed: 1, instruction: 'go' })).toThrow(/takes no instructions/);
});
