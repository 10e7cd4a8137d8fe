// The pendulum is Gymnasium's, to the last digits; its starts; and a controller that swings it up.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkEnv } from '../check-env.js';
import type { GoalEnv } from '../env.js';
import { pendulum, pendulumStep } from './index.js';

interface Step {
  readonly state: [number, number];
  readonly action: number;
  readonly next: [number, number];
  readonly reward: number;
}
const lines = readFileSync(new URL('../../../test/pendulum/traces.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const steps: Step[] = lines.slice(1).map((line) => JSON.parse(line));
const options = { noise: 0 };
const create = (noise = 0) => pendulum.create({ noise }) as GoalEnv;

test('keeps the contract, and its rules are those of the definition', () => {
  expect(checkEnv(create(), { rules: pendulum.rules(options) })).toEqual({ ok: true, findings: [] });
});

test('dynamics and reward are those of Pendulum-v1 to 1e-12, at its limits too', () => {
  expect(steps).toHaveLength(180);
  let fastest = 0;
  for (const { state, action, next, reward } of steps) {
    const own = Float64Array.from(state);
    expect(Math.abs(pendulumStep(own, action) - reward)).toBeLessThan(1e-12);
    for (const j of [0, 1]) expect(Math.abs(own[j] - next[j])).toBeLessThan(1e-12);
    fastest = Math.max(fastest, Math.abs(next[1]));
  }
  expect(fastest).toBe(8);
  expect(steps.some(({ action }) => Math.abs(action) > 2)).toBe(true);
});

test('the environment shows what the dynamics say, and only the time limit ends an episode', () => {
  const env = create();
  const [cos, sin, velocity] = env.reset({ seed: 4 }).observation;
  const state = Float64Array.of(Math.atan2(sin, cos), velocity);
  for (let t = 1; t <= 200; t++) {
    const { reward, observation, truncated, terminated } = env.step([Math.sin(t)]);
    expect(reward).toBeCloseTo(pendulumStep(state, Math.fround(Math.sin(t))), 3); // the start is float32 here
    expect(observation[2]).toBeCloseTo(state[1], 3);
    expect([terminated, truncated]).toEqual([false, t === 200]);
  }
});

test('starts are uniform in angle and velocity (chi-squared, 15 degrees of freedom)', () => {
  const env = create();
  const counts = new Float64Array(16);
  env.reset({ seed: 2 });
  for (let i = 0; i < 8000; i++) {
    const [cos, sin, velocity] = env.reset().observation;
    const angle = Math.atan2(sin, cos) / Math.PI;
    counts[4 * Math.min(3, Math.floor(2 * (angle + 1))) + Math.floor(2 * (velocity + 1))]++;
  }
  expect(counts.reduce((sum, count) => sum + (count - 500) ** 2 / 500, 0)).toBeLessThan(44.3); // p = 1e-4
});

test('pumping energy and then holding brings it up', () => {
  const env = create();
  for (let seed = 0; seed < 20; seed++) {
    let { observation } = env.reset({ seed });
    let last = 0;
    for (let t = 0; t < 200; t++) {
      const [cos, sin, velocity] = observation;
      const angle = Math.atan2(sin, cos);
      const energy = velocity ** 2 / 6 + 5 * cos - 5; // 0 where it comes to rest upright
      const near = Math.abs(angle) < 0.3 && Math.abs(velocity) < 2;
      const torque = near ? -10 * angle - 3 * velocity : Math.sign(-energy) * Math.sign(velocity || 1) * 2;
      ({ observation, reward: last } = env.step([torque]));
    }
    expect(last).toBeGreaterThan(-0.5);
  }
});

test('noise pushes with the deviation that it says, and equal seeds push alike', () => {
  const noise = 0.2;
  const [still, pushed, again] = [create(), create(noise), create(noise)];
  const pushes: number[] = [];
  for (let seed = 0; seed < 100; seed++) {
    still.reset({ seed });
    pushed.reset({ seed });
    again.reset({ seed });
    for (let t = 0; t < 10; t++) {
      const [alone, now, same] = [still, pushed, again].map((env) => env.step([0]));
      expect(same.observation).toEqual(now.observation);
      if (t === 0) {
        pushes.push(now.observation[2] - alone.observation[2]);
        expect(now.reward).toBe(alone.reward); // of the state before the step
      }
    }
  }
  const mean = pushes.reduce((sum, push) => sum + push, 0) / pushes.length;
  const deviation = Math.sqrt(pushes.reduce((sum, push) => sum + (push - mean) ** 2, 0) / pushes.length);
  expect(Math.abs(mean)).toBeLessThan(0.1); // five standard errors
  expect(Math.abs(deviation - noise)).toBeLessThan(0.07);
});
