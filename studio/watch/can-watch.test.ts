// What cannot be watched is not offered, and its page says why.
import { expect, test } from 'vitest';
import { canWatch, whyNotWatched } from './can-watch.js';

test('environments that come with anygoal, once there is a policy; others with the reason', () => {
  expect(canWatch({ env: 'arm/reach', steps: 100 })).toBe(true);
  expect(canWatch({ env: 'arm/reach', steps: 0 })).toBe(false);
  expect(whyNotWatched({ env: 'arm/reach', steps: 0 })).toContain('not saved a policy yet');
  for (const env of ['./my-env.js', 'me/maze', '']) expect(canWatch({ env, steps: 100 })).toBe(false);
  expect(whyNotWatched({ env: 'me/maze', steps: 100 })).toMatch(/^me\/maze is an environment of your own/);
  // Python draws it, for the studio.
  expect(canWatch({ env: 'gym:Ant-v5', steps: 100 })).toBe(true);
  expect(whyNotWatched({ env: 'gym:Ant-v5', steps: 0 })).toContain('not saved a policy yet');
});
