// The camera shows the pendulum now and at the two steps before, and the same picture for the same state.
import { expect, test } from 'vitest';
import { checkEnv } from '../check-env.js';
import type { GoalEnv } from '../env.js';
import { pendulum, pendulumCamera } from './index.js';

const options = { noise: 0 };
const create = () => pendulumCamera.create(options) as GoalEnv;

/** The direction of the rod that a channel shows, as an angle from upright, to the left. */
function seen(camera: Float32Array | Uint8Array, channel: number): number {
  let [x, y] = [0, 0];
  for (let i = 0; i < 1024; i++) {
    const light = camera[3 * i + channel];
    x += light * ((i % 32) + 0.5 - 16);
    y += light * (Math.floor(i / 32) + 0.5 - 16);
  }
  return Math.atan2(-x, -y);
}
const apart = (a: number, b: number) => Math.abs(Math.atan2(Math.sin(a - b), Math.cos(a - b)));

test('keeps the contract', () => {
  expect(checkEnv(create(), { rules: pendulumCamera.rules(options) })).toEqual({ ok: true, findings: [] });
  expect(create().spec.parts?.camera).toMatchObject({ shape: [32, 32, 3], dtype: 'uint8' });
});

test('channels show the angles of now and of one and two steps before, in the same episode as the pendulum has', () => {
  const camera = create();
  const plain = pendulum.create(options) as GoalEnv;
  for (let seed = 0; seed < 20; seed++) {
    const angleOf = ([cos, sin]: Float32Array) => Math.atan2(sin, cos);
    const first = plain.reset({ seed }).observation;
    const begin = camera.reset({ seed });
    const before = angleOf(first) - 0.05 * first[2];
    expect(apart(seen(begin.columns.camera, 1), before)).toBeLessThan(0.02);
    const angles = [before, angleOf(first)];
    for (let t = 0; t < 40; t++) {
      const [a, b] = [plain, camera].map((env) => env.step([Math.sin(t + seed)]));
      expect(b.reward).toBe(a.reward);
      angles.push(angleOf(a.observation));
      for (let channel = 0; channel < 3; channel++) {
        const angle = angles[angles.length - 1 - channel];
        expect(apart(seen(b.columns.camera, channel), angle)).toBeLessThan(0.02);
      }
    }
  }
});
