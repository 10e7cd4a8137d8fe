// The main entry: what programs that use the package begin with.
import { expect, test } from 'vitest';
import * as anygoal from './index.js';

test('environments are made, vectorised and loaded from the main entry alike', async () => {
  const env = await anygoal.makeEnv('point/reach', { reward: 'dense' });
  expect(anygoal.createVectorEnv([env]).count).toBe(1);
  expect((await anygoal.loadEnv('point/reach')).name).toBe(env.spec.name);
});
