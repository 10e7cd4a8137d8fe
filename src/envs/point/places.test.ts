// Families of places: as many tasks as asked for, each with its own goal, and two that pull apart.
import { expect, test } from 'vitest';
import { checkEnv } from '../check-env.js';
import { makeEnv } from '../registry.js';
import { placeOf, pointLeftRight, pointNavigate } from './index.js';

test('there are as many places as asked for, apart from each other and inside the square', async () => {
  for (const places of [2, 8, 64]) {
    const env = await makeEnv('point/navigate', { places });
    const goals = Array.from({ length: places }, (_, k) => [...env.reset({ seed: k, task: `place-${k}` }).goal]);
    goals.forEach((goal, k) => {
      expect(goal).toEqual([...Float32Array.from(placeOf(k, places))]);
      expect(goal).toEqual([...env.reset({ seed: k + 99, task: k }).goal]);
      for (const other of goals.slice(0, k))
        expect(Math.hypot(goal[0] - other[0], goal[1] - other[1])).toBeGreaterThan(0.1);
      expect(Math.hypot(...goal)).toBeLessThan(0.9);
    });
  }
  await expect(makeEnv('point/navigate', { places: 1 })).rejects.toThrow('setting places is 1');
});

test.each(['point/navigate', 'point/left-right'])(
  '%s keeps the contract; its goals are fixed on purpose',
  async (name) => {
    const { findings } = checkEnv(await makeEnv(name));
    expect(findings.filter(({ check }) => check !== 'goal')).toEqual([]);
  },
);

test('left and right begin at the same place and want opposite actions', async () => {
  const env = await makeEnv('point/left-right', { reward: 'dense' });
  const control = pointLeftRight.demonstrator?.({ reward: 'dense', distanceThreshold: 0.05 });
  const rewards = (x: number) =>
    ['left', 'right'].map((task) => {
      const { observation } = env.reset({ seed: 1, task });
      expect([...observation]).toEqual([0, 0]);
      return env.step([x, 0]).reward;
    });
  expect(rewards(-1)).toEqual([...rewards(1)].reverse());
  expect(rewards(-1)[0]).toBeGreaterThan(rewards(1)[0]);
  const first = [0, 1].map((task) => [...Array.from(control!([0, 0], env.reset({ task }).goal, task))]);
  expect(first[0][0]).toBe(-1);
  expect(first[1][0]).toBe(1);
});

test('the controller reaches every place within the time limit', async () => {
  const options = { places: 8, reward: 'sparse', distanceThreshold: 0.05 } as const;
  const env = await pointNavigate.create(options);
  const control = pointNavigate.demonstrator?.(options);
  for (let seed = 0; seed < 24; seed++) {
    let { observation, goal, task } = env.reset({ seed });
    for (;;) {
      const step = env.step(control!(observation, goal, task[0]));
      ({ observation, goal, task } = step);
      if (!step.truncated) continue;
      expect(step.isSuccess).toBe(true);
      break;
    }
  }
});
