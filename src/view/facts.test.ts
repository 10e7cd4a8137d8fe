// What pages know of an environment comes from what it declares, not from its name.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listEnvs, makeEnv } from '../envs/registry.js';
import { createAttempts } from './attempts.js';
import { factsOf } from './facts.js';
import { frameOf } from './frame.js';

test('what goals look like is declared by the environment, whatever its name', async () => {
  for (const [name, view, fields] of [
    ['bit-flip', 'bits', ['flips']],
    ['grid', 'cells', ['goals', 'states']],
    ['point/reach', 'places', ['goals', 'states']],
  ] as const) {
    const env = await makeEnv(name);
    const renamed = { ...env, spec: { ...env.spec, name: 'me/own' } };
    const facts = factsOf(renamed, 'me/own');
    expect(facts).toEqual({ ...factsOf(env, name), env: 'me/own' });
    expect(facts).toMatchObject({ view, fields: name === 'grid' ? expect.any(Array) : fields });
    const now = renamed.reset({ seed: 3 });
    const panel = { env: renamed, now, reward: 0, reached: false, steps: 0, sent: -1 };
    const differences = [...now.achieved].map((value, i) => Math.abs(value - now.goal[i]));
    const expected = view === 'bits' ? differences.filter(Boolean).length : Math.hypot(...differences);
    expect(frameOf(panel, 0, createAttempts().counts(), true).distance).toBeCloseTo(expected, 5);
  }
});

test('the distance in a family is that of its task, without the task that is achieved with it; of other kinds there is none', async () => {
  for (const [name, places] of [
    ['point/two-tasks', 2],
    ['tabletop/mt3', 0],
  ] as const) {
    const env = await makeEnv(name);
    for (const task of [0, 1]) {
      const now = env.reset({ seed: 5, task });
      const panel = { env, now, reward: 0, reached: false, steps: 0, sent: -1 };
      const { distance } = frameOf(panel, 0, createAttempts().counts(), true);
      const differences = [...now.achieved.slice(0, places)].map((value, i) => value - now.goal[i]);
      if (places === 0) expect(distance).toBeNaN();
      else expect(distance).toBeCloseTo(Math.hypot(...differences), 5);
    }
    env.dispose?.();
  }
  expect(factsOf(await makeEnv('point/two-tasks'), 'x').tolerance).toBeCloseTo(0.05, 4);
});

test('pages do not ask for the names of environments', () => {
  const names = listEnvs().map(({ name }) => name);
  const root = new URL('..', import.meta.url).pathname;
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /(?<!test)\.tsx?$/.test(file),
  );
  expect(files.length).toBeGreaterThan(50);
  for (const file of files) {
    const compared = [...readFileSync(join(root, file), 'utf8').matchAll(/[!=]== '([^']*)'|'([^']*)' [!=]==/g)];
    expect(
      compared.map(([, a, b]) => a ?? b).filter((text) => names.includes(text)),
      file,
    ).toEqual([]);
  }
});
