// What of the Meta-World tasks needs no models: spaces, rewards' parts, draws, turns, and the files that are asked for.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRandom } from '../../random.js';
import { parseEnvOptions } from '../define-env.js';
import { listEnvs, loadEnv, makeEnv } from '../registry.js';
import { metaworldFiles, modelSource } from './assets.js';
import { writeQuaternion } from './reader.js';
import { metaworldOptions, metaworldRules } from './rules.js';
import { drawStart, metaworldTasks, taskSetups } from './tasks.js';
import { distance, gaussian, hamacher, hamacherSingle, longTail, shareInBox } from './tolerance.js';

describe.each(metaworldTasks)('metaworld/%s', (task) => {
  test('declares itself, with the target seen or as a goal', async () => {
    const definition = await loadEnv(`metaworld/${task}`);
    expect(listEnvs()).toContainEqual({ name: definition.name, description: definition.description });
    const { spec } = definition.rules(parseEnvOptions(definition, {}));
    expect(spec).toMatchObject({
      name: `metaworld/${task}`,
      maxEpisodeSteps: 500,
      rewardRange: [0, 10],
      success: true,
    });
    expect([spec.observation.size, spec.achieved.size, spec.goal.size]).toEqual([39, 0, 0]);
    const withGoal = metaworldRules(task, metaworldOptions.parse({ reward: 'sparse', maxEpisodeSteps: 200 })).spec;
    expect([withGoal.observation.size, withGoal.achieved.size, withGoal.goal.size]).toEqual([36, 3, 3]);
    expect([withGoal.maxEpisodeSteps, ...withGoal.rewardRange]).toEqual([200, -1, 0]);
    expect(new Set(spec.observation.names).size).toBe(39);
  });

  test('starts are drawn uniformly, object and goal apart', () => {
    const setup = taskSetups[task];
    const { from, to, apart = 0 } = setup;
    const random = createRandom(7);
    const vector = new Float64Array(from.length);
    const draws = 3000;
    const mean = new Float64Array(from.length);
    for (let i = 0; i < draws; i++) {
      drawStart(random, setup, vector);
      for (let j = 0; j < from.length; j++) {
        expect(vector[j]).toBeGreaterThanOrEqual(from[j]);
        expect(vector[j]).toBeLessThanOrEqual(to[j]);
        mean[j] += vector[j] / draws;
      }
      if (apart > 0) expect(Math.hypot(vector[0] - vector[3], vector[1] - vector[4])).toBeGreaterThanOrEqual(apart);
    }
    // Within five standard deviations; what is drawn anew shifts only what the distance is made of, y.
    for (let j = 0; j < from.length; j++) {
      if (apart > 0 && j % 3 === 1) continue;
      const bound = (5 * (to[j] - from[j])) / Math.sqrt(12 * draws) + 1e-12;
      expect(Math.abs(mean[j] - (from[j] + to[j]) / 2)).toBeLessThan(bound);
    }
  });

  test('its model names files that are asked for', () => {
    const files = Object.fromEntries(metaworldFiles.map((name) => [name, new TextEncoder().encode(`of ${name}`)]));
    const { xml, files: given = {} } = modelSource(task, files, true);
    expect(xml).toBe(`of ${taskSetups[task].model}`);
    expect(Object.keys(given)).toEqual(expect.arrayContaining(['../scene/basic_scene.xml', '../textures/wood1.png']));
    const whole = { ...files, [taskSetups[task].model]: new TextEncoder().encode('<mujoco a="1"><x/></mujoco>') };
    const { xml: slim } = modelSource(task, whole, false);
    expect(slim).toBe('<mujoco a="1"><compiler discardvisual="true"/><x/></mujoco>');
    expect([...given['../textures/wood1.png'].slice(1, 4)]).toEqual([...new TextEncoder().encode('PNG')]);
  });
});

test('rewards with goals: distances are weighted as the tasks do', () => {
  const ask = (task: (typeof metaworldTasks)[number], off: readonly number[]) => {
    const out = new Float32Array(1);
    const none = new Float32Array(0);
    metaworldRules(task, metaworldOptions.parse({ reward: 'dense' })).computeReward(
      Float32Array.from(off),
      new Float32Array(3),
      none,
      out,
    );
    return out[0];
  };
  expect(ask('push', [0.3, 0, 0.4])).toBeCloseTo(-0.5, 6);
  expect(ask('door-open', [0.3, 1, 1])).toBeCloseTo(-0.3, 6);
  expect(ask('button-press-topdown', [1, 1, 0.2])).toBeCloseTo(-0.2, 6);
  expect(ask('peg-insert-side', [0, 0.15, 0.2])).toBeCloseTo(-0.5, 6);
});

describe('parts of rewards', () => {
  test('tails: 1 within, a tenth at the margin, nothing beyond a margin of 0', () => {
    for (const tail of [longTail, gaussian]) {
      expect([tail(0.1, 0.1, 0.2, 1), tail(0.2, 0.1, 0.2, 0), tail(0.3, 0.1, 0.2, 0)]).toEqual([1, 1, 0]);
      expect(tail(0.5, 0, 0.2, 0.3)).toBeCloseTo(0.1, 12);
      expect(tail(-0.3, 0, 0.2, 0.3)).toBeCloseTo(0.1, 12);
    }
    expect(longTail(0.5, 0, 0.2, 0.6)).toBeCloseTo(1 / (1 + 9 / 4), 12);
    expect(gaussian(0.5, 0, 0.2, 0.6)).toBeCloseTo(0.1 ** 0.25, 12);
  });

  test('the Hamacher product: 1 is neutral, 0 absorbs, and float32 stays within its precision', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, (a, b) => {
        expect(hamacher(a, 1)).toBeCloseTo(a, 12);
        expect(hamacher(a, 0)).toBe(0);
        expect(hamacher(a, b)).toBe(hamacher(b, a));
        const single = hamacherSingle(a, b);
        expect(Math.fround(single)).toBe(single);
        if (a > 1e-6 && b > 1e-6) expect(Math.abs(single / hamacher(a, b) - 1)).toBeLessThan(1e-6);
      }),
    );
    expect(hamacherSingle(0.3, 0.7)).not.toBe(hamacher(0.3, 0.7));
  });

  test('shares in a box, whatever the order of its corners', () => {
    expect(shareInBox([0.5, 0.25, 0.5], [0, 0, 0], [1, 1, 1])).toBe(0.0625);
    expect(shareInBox([0.5, -0.25, 0.5], [0, 0, 0], [1, -1, 1])).toBe(0.0625);
    expect(shareInBox([0.5, 0.25, 1.1], [0, 0, 0], [1, 1, 1])).toBe(1);
    expect(distance([1, 1, 1], [0, 0, 0], 1, 2, 2)).toBe(3);
  });
});

test('the quaternion of a matrix turns as it does', () => {
  const part = fc.double({ min: -1, max: 1, noNaN: true });
  const out = new Float64Array(4);
  fc.assert(
    fc.property(part, part, part, part, (a, b, c, d) => {
      const length = Math.hypot(a, b, c, d);
      fc.pre(length > 0.1);
      const [x, y, z, w] = [a, b, c, d].map((value) => value / length);
      const rows = [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)]
        .concat([2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)])
        .concat([2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)]);
      writeQuaternion([9, ...rows], 1, out);
      // The same turn, either sign.
      const same = x * out[0] + y * out[1] + z * out[2] + w * out[3];
      expect(Math.abs(same)).toBeCloseTo(1, 12);
    }),
  );
});

describe('without the models', () => {
  beforeEach(() => {
    for (const name of ['ANYGOAL_METAWORLD_ASSETS', 'VIRTUAL_ENV', 'PATH']) vi.stubEnv(name, '');
  });
  afterEach(() => vi.unstubAllEnvs());

  test.each(['metaworld/push', 'metaworld/mt10'])('creating %s tells how to get them', async (name) => {
    const message = await makeEnv(name).then(
      () => '',
      (error: Error) => `${error.name}: ${error.message}`,
    );
    expect(message).toMatch(/^UsageError: the Meta-World tasks need the model files of Meta-World, which do not come/);
    for (const part of ['pip install --no-deps metaworld==3.1.1', '--assets DIR', 'ANYGOAL_METAWORLD_ASSETS=DIR']) {
      expect(message).toContain(part);
    }
  });
});
