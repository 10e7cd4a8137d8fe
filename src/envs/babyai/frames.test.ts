// Pictures of several views: the present one first, then those before it, also after a saved state.
import { expect, it } from 'vitest';
import { createRandom } from '../../random.js';
import { parseEnvOptions } from '../define-env.js';
import type { GoalEnv, SimulationStep } from '../env.js';
import { babyai } from './index.js';
import { createBabyAi } from './simulation.js';

const make = async (frames: number, view = 'symbols'): Promise<GoalEnv> => {
  const level = babyai['go-to-local'];
  return level.create(parseEnvOptions(level, { encoder: 'none', frames, view }));
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

it('saves a view in as many bytes as it has numbers, and reads views that were written as numbers of JSON', async () => {
  const sizes: number[] = [];
  for (const count of [2, 16]) {
    const env = await make(count, 'planes');
    env.reset({ seed: 4 });
    for (const action of [0, 2, 2, 1]) env.step([action]);
    // The picture itself, and the views that it is made of.
    sizes.push(env.saveState().length - 2 * env.spec.parts!.image.size);
  }
  expect(sizes[1]).toBe(sizes[0]);

  const options = { view: 'symbols', encoder: 'none', phrasing: 'plain', frames: 3 } as const;
  const [simulation, other] = [createBabyAi('go-to-local', options), createBabyAi('go-to-local', options)];
  const columns = { image: new Uint8Array(441), direction: new Float32Array(1) };
  const now = { columns, reward: new Float32Array(1) } as unknown as SimulationStep;
  simulation.reset(createRandom(4), now);
  for (const action of [0, 2, 2]) simulation.step([action], now, createRandom(4));
  const bytes = simulation.saveState();
  const end = bytes.indexOf(0);
  const old = { ...JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))), views: [...bytes.subarray(end + 1)] };
  other.restoreState(new TextEncoder().encode(JSON.stringify(old)));
  expect(other.saveState()).toEqual(bytes);
});
