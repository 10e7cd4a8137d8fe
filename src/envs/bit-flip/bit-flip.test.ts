import { expect, test } from 'vitest';
import { createRandom } from '../../random.js';
import { checkEnv } from '../check-env.js';
import { parseEnvOptions } from '../define-env.js';
import { makeEnv } from '../registry.js';
import { bitFlip } from './index.js';

const wrongBits = (a: ArrayLike<number>, g: ArrayLike<number>) =>
  Array.from(g, (_, i) => i).filter((i) => a[i] !== g[i]);

test.each([{}, { bits: 1 }, { bits: 5, reward: 'zero-one', successEndsEpisode: false }, { bits: 40, reward: 'dense' }])(
  'keeps the contract with %o',
  async (options) => {
    const env = await makeEnv('bit-flip', options);
    const rules = bitFlip.rules(parseEnvOptions(bitFlip, options));
    // One bit has one flip, which is the goal: the checker rightly finds nothing else to learn.
    const findings = checkEnv(env, { rules }).findings.filter(({ level }) => level === 'error');
    expect(findings).toEqual([]);
  },
);

test('flipping what differs solves every episode in as many steps as bits differ', async () => {
  for (const bits of [1, 8, 40]) {
    const env = await makeEnv('bit-flip', { bits });
    for (let seed = 0; seed < 30; seed++) {
      const { achieved, goal } = env.reset({ seed });
      const wrong = wrongBits(achieved, goal);
      expect(wrong.length).toBeGreaterThan(0);
      for (const [t, bit] of wrong.entries()) {
        const last = t === wrong.length - 1;
        expect(env.step([bit])).toMatchObject({ reward: last ? 0 : -1, terminated: last, isSuccess: last });
      }
    }
  }
});

test('an episode takes as many steps as there are bits, and one more flip leaves the goal', async () => {
  const env = await makeEnv('bit-flip', { bits: 3, reward: 'zero-one', successEndsEpisode: false });
  const { achieved } = env.reset({ seed: 1 });
  const goal = Array.from(achieved);
  goal[2] = 1 - goal[2];
  env.reset({ seed: 1, goal });
  expect(env.step([2])).toMatchObject({ reward: 1, isSuccess: true, terminated: false, truncated: false });
  expect(env.step([0])).toMatchObject({ reward: 0, isSuccess: false });
  expect(env.step([0])).toMatchObject({ reward: 1, truncated: true, terminated: false });
});

test('the dense reward is minus the Hamming distance', async () => {
  const env = await makeEnv('bit-flip', { bits: 6, reward: 'dense' });
  const { achieved, goal } = env.reset({ seed: 4 });
  const [first] = wrongBits(achieved, goal);
  const before = wrongBits(achieved, goal).length;
  expect(env.step([first]).reward).toBeCloseTo(-(before - 1), 12);
  expect(env.spec.rewardRange).toEqual([-6, 0]);
});

test('starts and goals are uniform over pairs of different strings', async () => {
  const env = await makeEnv('bit-flip', { bits: 2 });
  const counts = new Map<string, number>();
  const draws = 12_000;
  const random = createRandom(5);
  env.reset({ seed: random.uint32() });
  for (let i = 0; i < draws; i++) {
    const { achieved, goal } = env.reset();
    const key = `${achieved}|${goal}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  expect(counts.size).toBe(12);
  // Chi-squared with 11 degrees of freedom: 31.3 is exceeded with probability 0.001.
  const chi2 = [...counts.values()].reduce((sum, n) => sum + (n - draws / 12) ** 2 / (draws / 12), 0);
  expect(chi2).toBeLessThan(31.3);
});

test('settings out of range and actions out of range are refused', async () => {
  await expect(makeEnv('bit-flip', { bits: 0 })).rejects.toThrow('setting bits is 0');
  const env = await makeEnv('bit-flip', {});
  env.reset({ seed: 0 });
  expect(() => env.step([8])).toThrow('action is 8; it must be a whole number from 0 to 7');
  expect(env.scene?.().shapes).toHaveLength(16);
});
