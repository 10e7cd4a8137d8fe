// Gymnasium's MuJoCo tasks: what they declare and draw, and, where the models are, the contract and exactness.
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../random.js';
import { checkDefinition, type Finding } from '../check-env.js';
import { listEnvs, loadEnv, makeEnv } from '../registry.js';
import { areHere, playRandomly } from '../testing.js';
import { gymnasiumFiles, loadGymnasiumAssets, provideGymnasiumAssets } from './assets.js';
import { gymnasiumRules } from './rules.js';
import { gymnasiumTasks, taskSetups } from './tasks.js';

const here = await areHere(loadGymnasiumAssets);
if (!here) {
  console.log('Gymnasium environments not tried: their models are not here (docs/environments/gymnasium.md).');
}

test.each(gymnasiumTasks)('gymnasium/%s declares itself', async (task) => {
  const definition = await loadEnv(`gymnasium/${task}`);
  expect(listEnvs()).toContainEqual({ name: definition.name, description: definition.description });
  const { spec } = gymnasiumRules(task, {});
  expect(new Set(spec.observation.names).size).toBe(taskSetups[task].observed.length);
  expect(spec.goal.size).toBe(0);
  expect(gymnasiumRules(task, { maxEpisodeSteps: 7 }).spec.maxEpisodeSteps).toBe(7);
  expect(gymnasiumFiles).toContain(taskSetups[task].model);
});

test('sizes are those of Gymnasium', () => {
  const sizes = gymnasiumTasks.map((task) => {
    const { observed, actions } = taskSetups[task];
    return `${observed.length} ${actions.length}`;
  });
  expect(sizes).toEqual(['4 1', '10 2', '23 7', '11 3', '17 6', '17 6', '105 8']);
});

test('missing files are named', () => {
  expect(() => provideGymnasiumAssets({ 'ant.xml': new Uint8Array() })).toThrow(
    'provideGymnasiumAssets: 6 files are missing: inverted_pendulum.xml',
  );
});

test('targets of reacher lie in a disc, cylinders of pusher away from their target', () => {
  const random = createRandom(3);
  const reached: number[] = [];
  const [qpos, qvel] = [new Float64Array(4), new Float64Array(4)];
  for (let i = 0; i < 4000; i++) {
    taskSetups.reacher.start(random, qpos.fill(0), qvel.fill(0));
    reached.push(Math.hypot(qpos[2], qpos[3]) / 0.2);
    expect([...qvel.subarray(2)]).toEqual([0, 0]);
  }
  expect(Math.max(...reached)).toBeLessThan(1);
  // Uniform in a disc: the share of the inner half radius is a quarter (standard error 0.007).
  expect(Math.abs(reached.filter((r) => r < 0.5).length / 4000 - 0.25)).toBeLessThan(0.035);

  const [places, speeds] = [new Float64Array(11), new Float64Array(11)];
  for (let i = 0; i < 1000; i++) {
    taskSetups.pusher.start(random, places.fill(0), speeds.fill(0));
    const [x, y, ...target] = places.subarray(7);
    expect(Math.hypot(x, y)).toBeGreaterThan(0.17);
    expect(x >= -0.3 && x <= 0 && Math.abs(y) <= 0.2).toBe(true);
    expect(target).toEqual([0, 0]);
    expect(Math.max(...speeds.subarray(0, 7).map(Math.abs))).toBeLessThan(0.005);
    expect([...speeds.subarray(7)]).toEqual([0, 0, 0, 0]);
  }
});

describe.skipIf(!here).each(gymnasiumTasks)('gymnasium/%s', (task) => {
  test('keeps the contract of environments', async () => {
    const definition = await loadEnv(`gymnasium/${task}`);
    const { findings } = await checkDefinition(definition, { maxEpisodeSteps: 40 }, { episodes: 3 });
    expect(findings.filter(({ level }: Finding) => level === 'error')).toEqual([]);
    expect(findings).toEqual([]);
  });

  test('ends can be told from what is observed', async () => {
    const env = await makeEnv(`gymnasium/${task}`, { maxEpisodeSteps: 100 });
    const { computeFailed } = gymnasiumRules(task, {});
    const random = createRandom(6);
    const action = new Float32Array(taskSetups[task].actions.length);
    const told = new Uint8Array(1);
    let ended = 0;
    for (let seed = 0; seed < 5; seed++) {
      env.reset({ seed });
      for (;;) {
        random.fillUniform(action, -taskSetups[task].actionBound, taskSetups[task].actionBound);
        const { observation, terminated, truncated } = env.step(action);
        computeFailed?.(observation, told);
        expect(told[0]).toBe(Number(terminated));
        if (terminated) ended++;
        if (terminated || truncated) break;
      }
    }
    expect(ended > 0).toBe(taskSetups[task].ends !== undefined);
    env.dispose?.();
  });

  test('equal seeds give equal episodes, whatever happened before, and saved states go on elsewhere', async () => {
    const [fresh, used] = [await makeEnv(`gymnasium/${task}`), await makeEnv(`gymnasium/${task}`)];
    used.reset({ seed: 9 });
    playRandomly(used, 3, 1);
    const [first, second] = [fresh, used].map((env) => {
      const { observation } = env.reset({ seed: 5 });
      return [[...observation], ...playRandomly(env, 3, 3)];
    });
    expect(second).toEqual(first);
    const state = fresh.saveState();
    fresh.scene?.(); // looking changes nothing
    const expected = playRandomly(fresh, 2, 4);
    used.reset({ seed: 8 });
    used.restoreState(state);
    expect(used.saveState()).toEqual(state);
    expect(playRandomly(used, 2, 4)).toEqual(expected);
    expect(used.scene?.().shapes.length).toBeGreaterThan(2);
    fresh.dispose?.();
    used.dispose?.();
  });
});
