import { expect, test } from 'vitest';
import { checkEnv } from '../check-env.js';
import type { GoalEnv } from '../env.js';
import { pointReach, pointRules, pointStep } from './index.js';

const create = (options: { reward?: 'sparse' | 'zero-one' | 'dense'; distanceThreshold?: number } = {}) =>
  pointReach.create({ reward: 'sparse', distanceThreshold: 0.05, ...options }) as GoalEnv;

test('keeps the contract with every reward, and its rules are those of the definition', () => {
  for (const reward of ['sparse', 'zero-one', 'dense'] as const) {
    const rules = pointRules({ reward, distanceThreshold: 0.05 });
    expect(checkEnv(create({ reward }), { rules })).toEqual({ ok: true, findings: [] });
  }
});

test('going straight to the goal reaches it from anywhere', () => {
  const env = create();
  for (let seed = 0; seed < 200; seed++) {
    let { achieved, goal } = env.reset({ seed });
    for (;;) {
      const step = env.step([0, 1].map((i) => (goal[i] - achieved[i]) / pointStep));
      ({ achieved, goal } = step);
      expect(step.reward).toBe(step.isSuccess ? 0 : -1);
      if (!step.truncated) continue;
      expect(step.isSuccess).toBe(true);
      break;
    }
  }
});

test('starts and goals are uniform in the square (chi-squared, 15 degrees of freedom each)', () => {
  const env = create();
  const [n, cells] = [8000, 16];
  const counts = { achieved: new Float64Array(cells), goal: new Float64Array(cells) };
  env.reset({ seed: 11 });
  for (let i = 0; i < n; i++) {
    const now = env.reset();
    for (const name of ['achieved', 'goal'] as const) {
      const [x, y] = now[name];
      counts[name][4 * Math.floor(2 * (x + 1)) + Math.floor(2 * (y + 1))]++;
    }
  }
  for (const count of Object.values(counts)) {
    const chi = count.reduce((sum, c) => sum + (c - n / cells) ** 2 / (n / cells), 0);
    expect(chi).toBeLessThan(44.3); // p = 1e-4
  }
});

test('the point stays in the square', () => {
  const env = create();
  env.reset({ seed: 0 });
  for (let t = 0; t < 40; t++) env.step([1, -1]);
  expect([...env.step([1, -1]).observation]).toEqual([1, -1]);
  expect(env.scene?.().shapes.find(({ name }) => name === 'point')?.position).toEqual([1, -1, 0]);
});
