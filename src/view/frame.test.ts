// What a page is told of a moment: what is asked for in words, where environments do so.
import { expect, test } from 'vitest';
import { makeEnv } from '../envs/index.js';
import { frameOf } from './frame.js';

test.each([
  ['babyai/go-to-local', /^go to (a|the) \w+ \w+$/],
  ['grid', undefined],
] as const)('%s', async (name, asked) => {
  const env = await makeEnv(name);
  const shown = { env, now: env.reset({ seed: 1 }), reward: 0, reached: false, steps: 0, sent: -1 };
  const counts = { attempts: 0, reached: 0, latestSteps: Number.NaN, meanSteps: Number.NaN };
  const frame = frameOf(shown, 0, counts, true);
  if (asked) expect(frame.asked).toMatch(asked);
  else expect('asked' in frame).toBe(false);
  expect(frame.asked).toBe(env.instruction?.());
  expect(frame.shapes?.some((shape) => shape.name === 'walker')).toBe(true);
});
