// Pictures of several views: the present one first, then those before it, also after a saved state.
import { expect, it } from 'vitest';
import { parseEnvOptions } from '../define-env.js';
import type { GoalEnv } from '../env.js';
import { babyai } from './index.js';

const make = async (frames: number): Promise<GoalEnv> => {
  const level = babyai['go-to-local'];
  return level.create(parseEnvOptions(level, { encoder: 'none', frames }));
};

it('has the present view first, and before it those of the steps before', async () => {
  const [one, three] = [await make(1), await make(3)];
  expect(three.spec.parts?.image.shape).toEqual([7, 7, 9]);
  const seen = [Array.from(one.reset({ seed: 4 }).columns.image)];
  let now = three.reset({ seed: 4 });
  const view = (back: number) =>
    Array.from({ length: 147 }, (_, i) => now.columns.image[9 * Math.floor(i / 3) + 3 * back + (i % 3)]);
  expect([view(0), view(1)]).toEqual([seen[0], new Array(147).fill(0)]);
  for (const action of [0, 2, 1, 2, 2]) {
    seen.unshift(Array.from(one.step([action]).columns.image));
    three.restoreState(three.saveState());
    now = three.step([action]);
    expect([view(0), view(1), view(2)]).toEqual([seen[0], seen[1], seen[2] ?? new Array(147).fill(0)]);
  }
  const again = three.reset({ state: three.saveState() });
  expect(Array.from(again.columns.image.subarray(0, 9))).toEqual(Array.from(now.columns.image.subarray(0, 9)));
});
