// Every environment that comes with anygoal keeps the contract with its defaults, and with each form of reward it has.
import { expect, test } from 'vitest';
import { checkDefinition } from './check-env.js';
import { parseEnvOptions } from './define-env.js';
import { loadFetchAssets } from './fetch/assets.js';
import { listEnvs, loadEnv } from './registry.js';
import { areHere } from './testing.js';

const haveFetch = await areHere(loadFetchAssets);
const names = listEnvs().map(({ name }) => name);
// These have tests of their own, for their episodes are long.
const apart = ['metaworld/', 'gymnasium/', 'babyai/', ...(haveFetch ? [] : ['fetch/'])];
const here = names.filter((name) => !apart.some((prefix) => name.startsWith(prefix)));
if (!haveFetch) console.log('fetch/* left out: their models are not here (docs/environments/fetch.md).');

/** Without goals: no forms of reward to choose from, and nothing to point at. */
const plain = ['pendulum', 'pendulum/camera', 'cartpole/balance', 'cartpole/swing-up'];
/** A task's goal is the same in all of its episodes, which the check is right to point out. */
const fixedGoals = ['point/navigate', 'point/left-right'];
const withGoals = here.filter((name) => !plain.includes(name));
const cases = withGoals.flatMap((name) => ['sparse', 'zero-one', 'dense'].map((reward) => ({ name, reward })));

test.each(here)('%s has goals unless it is known to have none', async (name) => {
  const definition = await loadEnv(name);
  const rules = definition.rules(parseEnvOptions(definition, {}));
  rules.dispose?.();
  expect(rules.spec.goal.size > 0).toBe(!plain.includes(name));
});

test.each(plain)('%s keeps the contract', async (name) => {
  expect((await checkDefinition(await loadEnv(name), {}, { episodes: 4 })).findings).toEqual([]);
});

test.each(cases)('$name with $reward reward', async ({ name, reward }) => {
  const definition = await loadEnv(name);
  // Longer ones are not looked at to their ends.
  const short = name.startsWith('ogbench/') && { episodeSteps: 300 };
  // What differs between forms of reward is seen in any episode.
  const episodes = reward === 'sparse' ? 4 : 1;
  const { findings } = await checkDefinition(definition, { reward, ...short }, { episodes });
  expect(findings.filter(({ check }) => check !== 'goal' || !fixedGoals.includes(name))).toEqual([]);
});

test.each(withGoals)('%s: pointing at a goal gives that goal, and blows are felt', async (name) => {
  const definition = await loadEnv(name);
  const env = await definition.create(parseEnvOptions(definition, {}));
  try {
    const { spec, goalAt } = env;
    for (let seed = 0; seed < 20; seed++) {
      const goal = env.reset({ seed }).goal.slice();
      const pointed = goal.slice();
      const shapes = env.scene!().shapes.filter((shape) => shape.name?.startsWith('goal'));
      if (name === 'bit-flip') {
        expect(goalAt?.(shapes[3].position, pointed)).toBe(true);
        expect(pointed[3]).toBe(1 - goal[3]); // turned over
        pointed[3] = goal[3];
      } else expect(goalAt?.(shapes[0].position, pointed)).toBe(true);
      pointed.forEach((value, i) => {
        expect(value).toBeCloseTo(goal[i], 5);
      });
      // Far away is either nowhere or the nearest goal that the environment takes.
      if (goalAt?.([1e3, -1e3, 1e3], pointed)) env.reset({ goal: pointed });
    }
    expect(goalAt).toBeDefined();
    for (const thing of env.pushable ?? []) {
      const before = [...env.reset({ seed: 1 }).observation];
      const after = [...env.push!(thing, [0, 0.3, 0]).observation];
      expect(after).not.toEqual(before);
      const names = spec.observation.names ?? [];
      const at = names.indexOf(thing === 'object' ? 'object-relative-velocity-y' : 'gripper-velocity-y');
      // Per control step of 0.04 s; for an instant the gripper moves as fast as it was pushed.
      if (at >= 0) expect(after[at] / 0.04).toBeGreaterThan(0.1);
      expect(() => env.push!('moon', [0, 0, 1])).toThrow(/unknown thing to push.*"moon"/);
    }
  } finally {
    env.dispose?.();
  }
});
