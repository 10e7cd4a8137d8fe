// How often chance meets a string: the formula behind a column of the results against played episodes.
import { expect, it } from 'vitest';
import { bitFlip } from '../../../src/envs/bit-flip/index.js';
import { parseEnvOptions } from '../../../src/envs/index.js';
import { createRandom } from '../../../src/random.js';
import { chanceOfRandom } from './bit-flip.js';

it.each([1, 4, 7])(
  '%i random flips meet their goal as often as the chain says (4 standard deviations)',
  async (bits) => {
    const env = await bitFlip.create(parseEnvOptions(bitFlip, { bits }));
    const random = createRandom(bits);
    const EPISODES = 20_000;
    let met = 0;
    for (let episode = 0; episode < EPISODES; episode++) {
      env.reset(episode === 0 ? { seed: 1 } : {});
      for (let over = false; !over; ) {
        const { terminated, truncated, isSuccess } = env.step([random.below(bits)]);
        if (isSuccess) met++;
        over = terminated || truncated;
      }
    }
    const chance = chanceOfRandom(bits);
    expect(Math.abs(met - EPISODES * chance)).toBeLessThanOrEqual(4 * Math.sqrt(EPISODES * chance * (1 - chance)));
  },
);
