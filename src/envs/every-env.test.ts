// Every environment that comes with anygoal keeps the contract with its defaults, and with each form of reward it has.
import { expect, test } from 'vitest';
import { checkEnv } from './check-env.js';
import { parseEnvOptions } from './define-env.js';
import { loadFetchAssets } from './fetch/assets.js';
import { listEnvs, loadEnv } from './registry.js';

const haveFetch = await loadFetchAssets().then(
  () => true,
  () => false,
);
const names = listEnvs().map(({ name }) => name);
const here = names.filter((name) => haveFetch || !name.startsWith('fetch/'));
if (!haveFetch) console.log('fetch/* left out: their models are not here (docs/environments/fetch.md).');

const cases = here.flatMap((name) => ['sparse', 'zero-one', 'dense'].map((reward) => ({ name, reward })));

test.each(cases)('$name with $reward reward', async ({ name, reward }) => {
  const definition = await loadEnv(name);
  if (!definition.options?.safeParse({ reward }).success) {
    expect(name).toMatch(/^arm\//); // which has no 0/1 reward
    expect(reward).toBe('zero-one');
    return;
  }
  const options = parseEnvOptions(definition, { reward });
  const env = await definition.create(options);
  try {
    expect(checkEnv(env, { rules: definition.rules(options), episodes: 4 }).findings).toEqual([]);
  } finally {
    env.dispose?.();
  }
});
