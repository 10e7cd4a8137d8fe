// What of the Fetch tasks needs no models: spaces, rewards, draws, angles, and the search for the models with its messages.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRandom } from '../../random.js';
import { makeEnv } from '../registry.js';
import { fetchFiles, loadFetchAssets, modelSource, provideFetchAssets, useFetchAssets } from './assets.js';
import { writeEulerAngles } from './observation.js';
import { fetchOptions, fetchRules } from './rules.js';
import { drawGoal, drawObject, fetchTasks, taskSetups } from './tasks.js';

test.each(fetchTasks)('fetch/%s declares itself', (task) => {
  const { spec } = fetchRules(task, fetchOptions.parse({}));
  expect(spec.name).toBe(`fetch/${task}`);
  expect(spec.observation.size).toBe(task === 'reach' ? 10 : 25);
  expect(spec.observation.names?.length).toBe(spec.observation.size);
  expect([spec.achieved.size, spec.goal.size, spec.action]).toMatchObject([3, 3, { kind: 'box', size: 4 }]);
  expect([spec.maxEpisodeSteps, spec.successEndsEpisode, spec.rewardRange]).toEqual([50, false, [-1, 0]]);
});

test('rewards: sparse, 0/1, dense', () => {
  const achieved = Float32Array.of(0, 0, 0, 0.04, 0, 0, 3, 0, 0);
  const desired = Float32Array.of(0, 0, 0.06, 0, 0, 0, 0, 0, 0);
  const none = new Float32Array(0);
  const rewards = (settings: object) => {
    const out = new Float32Array(3);
    fetchRules('push', fetchOptions.parse(settings)).computeReward(achieved, desired, none, out);
    return [...out];
  };
  expect(rewards({})).toEqual([-1, 0, -1]);
  expect(rewards({ reward: 'zero-one' })).toEqual([0, 1, 0]);
  expect(rewards({ distanceThreshold: 0.1 })).toEqual([0, 0, -1]);
  const dense = rewards({ reward: 'dense' });
  for (const [i, value] of [-0.06, -0.04, -3].entries()) expect(dense[i]).toBeCloseTo(value, 6);
});

describe('draws', () => {
  const gripper = [1.3, 0.75, 0.42];
  const draws = 4000;

  test.each(['push', 'slide', 'pick-and-place'] as const)(
    '%s: the object lies uniformly around the gripper',
    (task) => {
      const random = createRandom(7);
      const place = new Float64Array(2);
      const { objectRange } = taskSetups[task];
      let sum = 0;
      for (let i = 0; i < draws; i++) {
        drawObject(random, taskSetups[task], gripper, place);
        const [x, y] = [place[0] - gripper[0], place[1] - gripper[1]];
        expect(Math.hypot(x, y)).toBeGreaterThanOrEqual(0.1);
        expect(Math.max(Math.abs(x), Math.abs(y))).toBeLessThanOrEqual(objectRange);
        sum += x * x;
      }
      // Second moment of the square without the disc, within five standard deviations (each term is at most range^2).
      const [r, a] = [objectRange, 0.1];
      const moment = ((4 / 3) * r ** 4 - (Math.PI / 4) * a ** 4) / (4 * r * r - Math.PI * a * a);
      expect(Math.abs(sum / draws - moment)).toBeLessThan((5 * r * r) / Math.sqrt(draws));
    },
  );

  test.each(fetchTasks)('%s: goals', (task) => {
    const random = createRandom(8);
    const goal = new Float64Array(3);
    const { targetRange, targetOffset } = taskSetups[task];
    let inAir = 0;
    const mean = [0, 0, 0];
    for (let i = 0; i < draws; i++) {
      drawGoal(random, taskSetups[task], gripper, 0.425, goal);
      expect(Math.abs(goal[0] - gripper[0] - targetOffset)).toBeLessThanOrEqual(targetRange);
      expect(Math.abs(goal[1] - gripper[1])).toBeLessThanOrEqual(targetRange);
      for (let j = 0; j < 3; j++) mean[j] += goal[j] / draws;
      if (task === 'reach') expect(Math.abs(goal[2] - gripper[2])).toBeLessThanOrEqual(targetRange);
      else if (task !== 'pick-and-place') expect(goal[2]).toBe(0.425);
      else {
        expect(goal[2]).toBeGreaterThanOrEqual(0.425);
        expect(goal[2]).toBeLessThan(0.425 + 0.45);
        if (goal[2] > 0.425) inAir++;
      }
    }
    const bound = (5 * targetRange) / Math.sqrt(3 * draws);
    expect(Math.abs(mean[0] - gripper[0] - targetOffset)).toBeLessThan(bound);
    expect(Math.abs(mean[1] - gripper[1])).toBeLessThan(bound);
    if (task === 'pick-and-place') expect(Math.abs(inAir / draws - 0.5)).toBeLessThan((5 * 0.5) / Math.sqrt(draws));
  });
});

describe('Euler angles', () => {
  /** Turning by x, then about the new y, then about the new z. */
  function matrix(x: number, y: number, z: number): number[] {
    const [cx, sx, cy, sy, cz, sz] = [x, y, z].flatMap((angle) => [Math.cos(angle), Math.sin(angle)]);
    const turns = [
      [1, 0, 0, 0, cx, -sx, 0, sx, cx],
      [cy, 0, sy, 0, 1, 0, -sy, 0, cy],
      [cz, -sz, 0, sz, cz, 0, 0, 0, 1],
    ];
    const times = (a: number[], b: number[]) =>
      a.map((_, k) => [0, 1, 2].reduce((sum, i) => sum + a[3 * Math.floor(k / 3) + i] * b[3 * i + (k % 3)], 0));
    return times(times(turns[0], turns[1]), turns[2]);
  }
  const out = new Float64Array(3);

  test('are those that make the matrix', () => {
    const angle = (limit: number) => fc.double({ min: -limit, max: limit, noNaN: true });
    fc.assert(
      fc.property(angle(3.1), angle(1.5), angle(3.1), (x, y, z) => {
        writeEulerAngles(matrix(x, y, z), out, 0);
        for (const [i, wanted] of [x, y, z].entries()) expect(out[i]).toBeCloseTo(wanted, 9);
      }),
    );
  });

  test('where x and z turn about one axis, z has it all', () => {
    writeEulerAngles([0, 0, 1, Math.sin(0.3), Math.cos(0.3), 0, -Math.cos(0.3), Math.sin(0.3), 0], out, 0);
    for (const [i, wanted] of [0, Math.PI / 2, 0.3].entries()) expect(out[i]).toBeCloseTo(wanted, 12);
  });
});

describe('finding the models', () => {
  const folder = mkdtempSync(join(tmpdir(), 'anygoal fetch '));
  const assets = join(folder, 'packages', 'gymnasium_robotics', 'envs', 'assets');
  const write = (path: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode });
  };
  for (const name of fetchFiles) write(join(assets, name), `content of ${name}`);
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeEach(() => {
    vi.stubEnv('ANYGOAL_FETCH_ASSETS', '');
    vi.stubEnv('VIRTUAL_ENV', '');
    vi.stubEnv('PATH', join(folder, 'nothing here'));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });
  const first = async () => new TextDecoder().decode((await loadFetchAssets())[fetchFiles[0]]);
  const expected = `content of ${fetchFiles[0]}`;

  test('without them, creating an environment tells how to get them', async () => {
    const message = await makeEnv('fetch/push').then(
      () => '',
      (error: Error) => `${error.name}: ${error.message}`,
    );
    expect(message).toMatch(/^UsageError: the Fetch tasks need the model files of Gymnasium-Robotics/);
    for (const part of [
      'pip install --no-deps gymnasium-robotics==1.4.2',
      '--assets DIR',
      'ANYGOAL_FETCH_ASSETS=DIR',
    ]) {
      expect(message).toContain(part);
    }
    expect(message).toContain('Looked for: ANYGOAL_FETCH_ASSETS is not set; there is no python3; there is no python.');
  });

  test.each(['packages', 'packages/gymnasium_robotics', 'packages/gymnasium_robotics/envs/assets'])(
    'the folder may be named: %s',
    async (path) => {
      vi.stubEnv('ANYGOAL_FETCH_ASSETS', join(folder, path));
      expect(await first()).toBe(expected);
    },
  );

  test('a folder without them is refused, whoever names it', async () => {
    vi.stubEnv('ANYGOAL_FETCH_ASSETS', join(folder, 'absent'));
    await expect(loadFetchAssets()).rejects.toThrow(/^ANYGOAL_FETCH_ASSETS: .*absent does not exist\. Name the folder/);
    expect(() => useFetchAssets(tmpdir())).toThrow(/^--assets: .* has no fetch\/robot\.xml in it/);
    useFetchAssets(join(folder, 'packages'));
    expect(await first()).toBe(expected);
  });

  test('a folder that lacks some of them is told by the file', async () => {
    const part = join(folder, 'part');
    write(join(part, 'fetch', 'robot.xml'), '');
    vi.stubEnv('ANYGOAL_FETCH_ASSETS', part);
    await expect(loadFetchAssets()).rejects.toThrow(/cannot read the Fetch models in .*: .*reach\.xml/);
  });

  test.skipIf(process.platform === 'win32')('a virtual environment is asked', async () => {
    const venv = join(folder, 'venv');
    vi.stubEnv('VIRTUAL_ENV', venv);
    write(join(venv, 'bin', 'python'), '#!/bin/sh\necho\n', 0o755);
    await expect(loadFetchAssets()).rejects.toThrow(`${join(venv, 'bin', 'python')} has no gymnasium_robotics; there`);
    write(join(venv, 'bin', 'python'), `#!/bin/sh\necho '${join(assets, '..', '..')}'\n`, 0o755);
    expect(await first()).toBe(expected);
  });

  test('a page gives them as bytes, all of them', async () => {
    const files = Object.fromEntries(fetchFiles.map((name) => [name, new TextEncoder().encode(`given ${name}`)]));
    const { [fetchFiles[0]]: _, ...rest } = files;
    expect(() => provideFetchAssets(rest)).toThrow(`1 files are missing: ${fetchFiles[0]}`);
    provideFetchAssets(files);
    expect(await first()).toBe(`given ${fetchFiles[0]}`);
    const { xml, files: named } = modelSource('push', files);
    expect(xml).toBe('given fetch/push.xml');
    expect(Object.keys(named ?? {})).toEqual(
      expect.arrayContaining([
        'shared.xml',
        'robot.xml',
        '../stls/fetch/base_link_collision.stl',
        '../textures/block.png',
      ]),
    );
  });
});
