// A data set in the place of an environment: which environment it means, and what is refused.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadEnv } from '../envs/index.js';
import { recordData } from '../training/index.js';
import { dataLayer } from './data-argument.js';

const folder = mkdtempSync(join(tmpdir(), 'anygoal-data-'));
const file = join(folder, 'walks.safetensors');

it('is of the environment that it was recorded in, unless another is named', async () => {
  writeFileSync(file, (await recordData({ env: 'point/maze-umaze', policy: 'random', episodes: 2 })).bytes);
  const valuesIn = async (env?: string) => (await dataLayer(file, env))?.values;
  expect(await valuesIn()).toEqual({ env: { name: 'point/maze-umaze' }, data: [file] });
  expect(await valuesIn('point/maze-large')).toEqual({ env: { name: 'point/maze-large' }, data: [file] });
});

it('names of environments, modules and other names are no data sets; one that is not there is told', async () => {
  const module = join(folder, 'env.mjs');
  writeFileSync(module, '');
  for (const given of ['point/reach', module, 'missing']) {
    expect(await dataLayer(given, undefined)).toBeUndefined();
  }
  await expect(dataLayer(join(folder, 'missing.npz'), undefined)).rejects.toThrow(
    /there is no data set .*missing\.npz; /,
  );
  await expect(dataLayer('point/reach', 'point/reach')).rejects.toThrow('"point/reach" is none');
});

it('other files are refused', async () => {
  const text = join(folder, 'notes.txt');
  writeFileSync(text, 'no data');
  await expect(dataLayer(text, undefined)).rejects.toThrow('is no data set that is read here');
});

it('what the data tell stands in the place of an environment that is not here', async () => {
  const env = { ...(await loadEnv('point/reach')), name: 'other/task' };
  writeFileSync(file, (await recordData({ env, policy: 'random', episodes: 2 })).bytes);
  const values = (await dataLayer(file, undefined, ['achieved=observation[1:2]']))?.values;
  expect(values).toMatchObject({
    env: { name: 'recorded' },
    data: { files: [file], columns: { achieved: 'observation[1:2]', goal: 'observation[1:2].last' } },
  });
  const own = (await dataLayer(file, undefined))?.values;
  expect(own?.data).toEqual({ files: [file], columns: { achieved: 'achieved' } });
  await expect(dataLayer(file, undefined, ['achieved=nothing'])).rejects.toThrow('has no vector that goals could be');
});
