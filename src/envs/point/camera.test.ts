// The camera shows where the point is and nothing of the goal; the same picture for the same state.
import { expect, test } from 'vitest';
import { checkEnv } from '../check-env.js';
import type { GoalEnv } from '../env.js';
import { cameraSize, pointCamera } from './index.js';

const options = { reward: 'sparse', distanceThreshold: 0.05 } as const;
const create = () => pointCamera.create(options) as GoalEnv;

/** The middle of what is darker than the background, in half widths of the square. */
function seen(camera: Float32Array | Uint8Array): [x: number, y: number] {
  let [sum, x, y] = [0, 0, 0];
  for (let i = 0; i < cameraSize ** 2; i++) {
    const dark = 238 - camera[3 * i];
    sum += dark;
    x += dark * ((i % cameraSize) + 0.5);
    y += dark * (Math.floor(i / cameraSize) + 0.5);
  }
  const place = (pixel: number) => 1.15 * ((2 * pixel) / cameraSize - 1);
  return [place(x / sum), -place(y / sum)];
}

test('keeps the contract with each reward', () => {
  for (const reward of ['sparse', 'zero-one', 'dense'] as const) {
    const own = { ...options, reward };
    const env = pointCamera.create(own) as GoalEnv;
    expect(checkEnv(env, { rules: pointCamera.rules(own) })).toEqual({ ok: true, findings: [] });
  }
  expect(create().spec.parts?.camera).toMatchObject({ shape: [32, 32, 3], dtype: 'uint8' });
});

test('the picture shows the place to a fraction of a pixel', () => {
  const env = create();
  for (let seed = 0; seed < 100; seed++) {
    const { achieved, columns } = env.reset({ seed });
    const [x, y] = seen(columns.camera);
    expect(Math.hypot(x - achieved[0], y - achieved[1])).toBeLessThan(0.02); // a pixel is 0.072 wide
  }
  env.reset({ seed: 0 });
  for (let t = 0; t < 30; t++) env.step([1, -1]);
  const [x, y] = seen(env.step([0, 0]).columns.camera);
  expect(Math.hypot(x - 1, y + 1)).toBeLessThan(0.02);
});

test('equal states give equal pictures, and a small step another one', () => {
  const [a, b] = [create(), create()];
  const camera = a.reset({ seed: 5, goal: [0.5, 0.5] }).columns.camera.slice();
  expect(b.reset({ seed: 5 }).columns.camera).toEqual(camera);
  expect(a.step([0.1, 0]).columns.camera).not.toEqual(camera);
});
