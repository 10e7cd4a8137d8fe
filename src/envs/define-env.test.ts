import { expect, test } from 'vitest';
import * as z from 'zod';
import { defineEnv } from './define-env.js';
import type { Simulation } from './env.js';
import { arrayState, createGoalEnv } from './goal-env.js';
import { box } from './space.js';
import { walk } from './testing.js';

test('a simulation written in place is typed and wrapped', async () => {
  const state = new Float64Array(1);
  const env = await defineEnv({
    name: 'me/line',
    create: () => ({
      spec: { ...walk().spec, name: 'me/line', observation: box(1), info: [] },
      ...arrayState(state),
      reset(random, now) {
        state[0] = random.uniform();
        now.goal[0] = 1;
      },
      step(action, now) {
        state[0] += action[0];
        now.achieved.set(state);
      },
      computeReward: (_achieved, _desired, _info, out) => out.fill(-1),
      computeSuccess: (_achieved, _desired, _info, out) => out.fill(0),
    }),
  }).create({});
  env.reset({ seed: 0 });
  expect(env.step([0.5]).reward).toBe(-1);
  expect(env.goalFrom).toBeUndefined();
});

test('whole environments and promises of either are taken as they are', async () => {
  const made = createGoalEnv(walk());
  expect(await defineEnv({ name: 'a', create: () => made }).create({})).toBe(made);
  const wrapped = await defineEnv({ name: 'a', create: async () => walk() }).create({});
  expect(wrapped.reset({ seed: 1 }).goal).toHaveLength(1);
  const byHand = { ...made, reset: () => made.reset() };
  expect(await defineEnv({ name: 'a', create: async () => byHand }).create({})).toBe(byHand);
});

test('rules come from an instance unless they are given', () => {
  const options = z.strictObject({ end: z.boolean().default(true) });
  const create = ({ end }: { end: boolean }) => walk({ successEndsEpisode: end });
  expect(defineEnv({ name: 'a', options, create }).rules({ end: true }).spec.successEndsEpisode).toBe(true);
  const rules = () => walk();
  expect(defineEnv({ name: 'a', rules, create: () => walk() }).rules({}).spec.name).toBe('test/walk');
  expect(() => defineEnv({ name: 'a', create: async () => walk() }).rules({})).toThrow('also needs `rules(options)`');
});

test('a definition without name or create is refused', () => {
  expect(() => defineEnv({ name: '', create: () => walk() })).toThrow('`name` is missing');
  expect(() => defineEnv({ name: 'a' } as never)).toThrow('`create` of a is missing');
});

test('what `create` throws is told with the name, also by the rules and when it comes late', async () => {
  const message = 'me/robot could not be created: Error: no robot attached';
  const now = defineEnv({
    name: 'me/robot',
    create(): Simulation {
      throw new Error('no robot attached');
    },
  });
  expect(() => now.create({})).toThrow(message);
  expect(() => now.rules({})).toThrow(message);
  const late = defineEnv({
    name: 'me/robot',
    async create(): Promise<Simulation> {
      throw new Error('no robot attached');
    },
  });
  await expect(late.create({})).rejects.toThrow(message);
});
