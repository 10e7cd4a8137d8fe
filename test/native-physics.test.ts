// Environments with native physics: the episodes of the WebAssembly build, in any thread, and runs that go on bit for bit.
import { afterAll, describe, expect, it } from 'vitest';
import type { GoalEnv } from '../src/envs/index.js';
import {
  loadEnv,
  loadFetchAssets,
  loadGymnasiumAssets,
  loadMetaworldAssets,
  makeEnv,
  mujocoEnv,
  parseEnvOptions,
} from '../src/envs/index.js';
import { settingsInPage } from '../src/envs/physics-setting.js';
import { areHere, playRandomly } from '../src/envs/testing.js';
import { nativeEngine } from '../src/physics/testing.js';
import { createRandom } from '../src/random.js';
import { createMemoryStore } from '../src/runs/memory-store.js';
import { resume, train } from '../src/training/train.js';

const native = await nativeEngine('Environments');
const users = {
  fetch: await areHere(loadFetchAssets),
  metaworld: await areHere(loadMetaworldAssets),
  gymnasium: await areHere(loadGymnasiumAssets),
};
for (const [family, isHere] of Object.entries(users)) {
  if (!isHere) console.log(`${family}/* not tried with native physics: its models are not here (docs/environments).`);
}

const open: GoalEnv[] = [];
async function create(name: string, physics: 'wasm' | 'native', options = {}): Promise<GoalEnv> {
  const env = await makeEnv(name, { ...options, physics });
  open.push(env);
  return env;
}
afterAll(() => {
  for (const env of open) env.dispose?.();
});

/**
 * The largest difference of a number that is seen over whole episodes with the same actions: those of the controller that
 * knows the task, so that things are touched, else random ones.
 */
async function apart(one: GoalEnv, other: GoalEnv, seeds: readonly number[], name?: string): Promise<number> {
  const definition = name === undefined ? undefined : await loadEnv(name);
  const control = definition?.demonstrator?.(parseEnvOptions(definition));
  const random = createRandom(3);
  const action = new Float32Array(one.spec.action.kind === 'box' ? one.spec.action.size : 1);
  let most = 0;
  const look = (
    { observation: a }: { observation: Float32Array },
    { observation: b }: { observation: Float32Array },
  ) => {
    for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]) / Math.max(1, Math.abs(a[i])));
  };
  for (const seed of seeds) {
    let seen: { observation: Float32Array; goal: Float32Array } = one.reset({ seed });
    look(seen, other.reset({ seed }));
    for (let ends = false; !ends; ) {
      if (control) action.set(control(seen.observation, seen.goal));
      else random.fillUniform(action, -1, 1);
      const [a, b] = [one.step(action), other.step(action)];
      look(a, b);
      seen = a;
      ends = a.truncated || a.terminated;
    }
  }
  return most;
}

describe('the setting physics', () => {
  it('is unknown where no MuJoCo steps, and has two values', async () => {
    await expect(makeEnv('point/reach', { physics: 'native' })).rejects.toThrow(
      /unknown setting of point\/reach "physics"/,
    );
    await expect(makeEnv('arm/push', { physics: 'nativ' })).rejects.toThrow(
      'arm/push: setting physics is "nativ"; it must be "wasm" or "native"; did you mean "native"?',
    );
  });

  it('falls back to WebAssembly in pages that show what was made elsewhere', () => {
    expect(settingsInPage({ physics: 'native', reward: 'dense' })).toEqual({ physics: 'wasm', reward: 'dense' });
    expect(settingsInPage({ reward: 'dense' })).toEqual({ reward: 'dense' });
    expect(settingsInPage(undefined)).toBeUndefined();
  });
});

describe.runIf(native)('native physics', () => {
  // Numbers seen are float32, so that differences of the last digits hardly show; episodes in which contacts do not let them grow.
  it.each(['arm/push', 'tabletop/push'])('%s: the same episodes', async (name) => {
    const [wasm, other] = [await create(name, 'wasm'), await create(name, 'native')];
    expect(await apart(wasm, other, [2, 3, 4, 5], name)).toBeLessThan(1e-6);
  });

  it.each([
    ['fetch', 'push', {}],
    ['fetch', 'pick-and-place', {}],
    ['metaworld', 'door-open', { maxEpisodeSteps: 60 }],
    ['gymnasium', 'hopper', { maxEpisodeSteps: 60 }],
  ] as const)('%s/%s: the same episodes', async (family, task, options) => {
    if (!users[family]) return;
    const name = `${family}/${task}`;
    const [wasm, other] = [await create(name, 'wasm', options), await create(name, 'native', options)];
    expect(await apart(wasm, other, [1, 2], name)).toBeLessThan(1e-6);
  });

  it('a model of one’s own', async () => {
    const definition = await mujocoEnv({
      name: 'me/pendulum',
      xml: `<mujoco><worldbody><body><joint name="hinge" axis="0 1 0" range="-3 3" limited="true"/>
        <geom name="ball" pos="0 0 -0.3" size="0.05"/></body></worldbody><actuator><motor joint="hinge" gear="0.5" ctrlrange="-1 1"/></actuator></mujoco>`,
      achieved: { geom: 'ball', axes: 'xz' },
      goal: { configurations: true, tolerance: 0.1 },
    });
    const [wasm, other] = await Promise.all(
      (['wasm', 'native'] as const).map(async (physics) => definition.create(parseEnvOptions(definition, { physics }))),
    );
    open.push(wasm, other);
    expect(await apart(wasm, other, [1])).toBeLessThan(1e-6);
  });

  it('saved states go on bit for bit', async () => {
    const [env, other] = [await create('tabletop/push', 'native'), await create('tabletop/push', 'native')];
    env.reset({ seed: 4 });
    other.reset({ seed: 5 });
    playRandomly(env, 10, 1);
    other.restoreState(env.saveState());
    expect(playRandomly(other, 30, 2)).toEqual(playRandomly(env, 30, 2));
  });

  it('a run that was broken off ends as one that was not, and says what stepped it', async () => {
    const run = async (physics: string, stopAfter?: number) => {
      const store = createMemoryStore();
      const stop = new AbortController();
      let iterations = 0;
      await train({
        env: 'arm/push',
        steps: 240,
        store,
        signal: stop.signal,
        onIteration: () => {
          if (++iterations === stopAfter) stop.abort();
          return undefined;
        },
        config: {
          env: { options: { physics } },
          agent: { options: { hidden: [8] } },
          training: { batchSize: 8, warmupSteps: 50, updatesPerStep: 0.1 },
          evaluation: { every: 0, episodes: 2 },
          runtime: { worker: false },
        },
      });
      const [name] = await store.list('');
      if (stopAfter) expect(await resume({ run: name, store })).toMatchObject({ envSteps: 240 });
      const config = JSON.parse(new TextDecoder().decode(await store.read(`${name}/config.json`)));
      expect(config.env.options.physics).toBe(physics);
      return Buffer.from(await store.read(`${name}/checkpoints/240/policy.safetensors`));
    };
    const whole = await run('native');
    expect((await run('native', 13)).equals(whole)).toBe(true);
  });

  it('threads step as the acting thread does', async () => {
    const built = (path: string) => new URL(`../dist/${path}`, import.meta.url).href;
    // Threads need compiled files, so everything comes from the build.
    const { startEnvThreads }: typeof import('../src/threads/env-threads-node.js') = await import(
      built('threads/env-threads-node.js')
    );
    const envs: typeof import('../src/envs/index.js') = await import(built('envs/index.js'));
    const options = { physics: 'native' };
    const here = envs.createVectorEnv([
      await envs.makeEnv('arm/push', options),
      await envs.makeEnv('arm/push', options),
    ]);
    const { spec } = here;
    const there = await startEnvThreads({ env: { name: 'arm/push', options }, goals: {}, spec, envs: 2, workers: 2 });
    const random = createRandom(1);
    const actions = new Float32Array(8);
    await Promise.all([here.reset(7), there.reset(7)]);
    for (let i = 0; i < 60; i++) {
      random.fillUniform(actions, -1, 1);
      await Promise.all([here.step(actions), there.step(actions)]);
      expect(there.columns).toEqual(here.columns);
    }
    expect(await there.saveState()).toEqual(here.saveState());
    await there.dispose();
    here.dispose();
  });
});
