import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listSettings, settingSchema } from '../config/describe-settings.js';
import { looksLikeModule, moduleUrl } from './module.js';
import { listEnvs, loadEnv, makeEnv } from './registry.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'anygoal envs #1 '));
});
afterAll(() => rmSync(folder, { recursive: true }));

const module = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

test('the list says what the definitions say', async () => {
  for (const { name, description } of listEnvs()) {
    const definition = await loadEnv(name);
    expect([definition.name, definition.description]).toEqual([name, description]);
    expect(definition.rules(definition.options?.parse({})).spec.name).toBe(name);
  }
});

test('every setting of an environment has a meaning', async () => {
  for (const { name } of listEnvs()) {
    const { options } = await loadEnv(name);
    for (const { path, meaning } of listSettings(settingSchema(options!)))
      expect(meaning, `${name} ${path}`).not.toBe('');
  }
});

test('unknown names come with the nearest one, and with its family as one of several', async () => {
  const all = `"anygoal envs" lists all ${listEnvs().length} environments. For an environment of your own give its path`;
  const arm = `Environments of arm: arm/reach, arm/push, arm/slide, arm/pick-and-place; ${all}`;
  const families = `Families of environments: point, pendulum, cartpole, bit-flip, grid, arm, tabletop, fetch,`;
  for (const [name, said] of [
    ['arm/rech', `; did you mean "arm/reach"? ${arm}`],
    ['arms/rech', `; did you mean "arm/reach"? ${arm}`],
    ['arm/nothing-like-it', `. ${arm}`],
    ['armm', `. ${arm}`],
    ['grid/rooms', `. Environments of grid: grid; ${all}`],
    ['nothing-like-it', `. ${families}`],
    ['cart', `. ${families}`],
    ['nothing-like-it', `, babyai; ${all}`],
  ]) {
    await expect(loadEnv(name)).rejects.toThrow(said);
  }
});

test('settings are checked, unknown ones come with the nearest name', async () => {
  await expect(makeEnv('point/reach', { reword: 'dense' })).rejects.toThrow('did you mean "reward"');
  await expect(makeEnv('point/reach', { reward: 'dens' })).rejects.toThrow(
    'setting reward is "dens"; it must be "sparse" or "zero-one" or "dense"; did you mean "dense"?',
  );
  await expect(makeEnv('point/reach', { distanceThreshold: 0 })).rejects.toThrow(
    'setting distanceThreshold is 0; it must be a number, above 0 and at most 1.',
  );
  expect((await makeEnv('point/reach', { reward: 'zero-one' })).spec.rewardRange).toEqual([0, 1]);
});

/** Loads in a plain Node process: what the test runner imports goes through the runner's own loader. */
async function loadInNode(sources: readonly string[]): Promise<Record<string, string>> {
  const registry = pathToFileURL('src/envs/index.ts').href;
  const script = `
    const { loadEnv, checkEnv } = await import(${JSON.stringify(registry)});
    const results = {};
    for (const source of ${JSON.stringify(sources)}) {
      results[source] = await loadEnv(source).then(
        async (d) => JSON.stringify(checkEnv(await d.create({}), { rules: d.rules({}) })),
        (error) => error.name + ': ' + error.message,
      );
    }
    console.log(JSON.stringify(results));`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', script];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout);
}

test('the example of an own environment loads from its file and keeps the contract', async () => {
  // Bundled with the sources, so that the test needs no built package.
  const out = join(folder, 'own environment.mjs');
  await build({
    entryPoints: ['examples/own-environment.js'],
    outfile: out,
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['@mujoco/mujoco'],
    alias: { 'anygoal/envs': './src/envs/index.ts' },
    logLevel: 'silent',
  });
  const sources = [out, pathToFileURL(out).href, `./${relative(process.cwd(), out)}`];
  const good = JSON.stringify({ ok: true, findings: [] });
  expect(Object.values(await loadInNode(sources))).toEqual([good, good, good]);
});

test('modules without an environment are told what to export', async () => {
  const none = module('none.mjs', 'export const envv = 1');
  const wrong = module('wrong.mjs', 'export const env = { name: "x" }');
  const broken = module('broken.mjs', 'throw new Error("my mistake")');
  const lost = module('lost.mjs', 'import "./not-there.mjs"');
  const absent = join(folder, 'absent.mjs');
  const uninstalled = module('uninstalled.mjs', 'import "not-installed"');
  const message = await loadInNode([none, wrong, broken, lost, absent, uninstalled]);
  expect(message[none]).toMatch(/UsageError: .*does not export `env` \(it exports envv\); write `export const env = /);
  expect(message[wrong]).toMatch(/UsageError: .*is not an environment definition/);
  expect(message[broken]).toMatch(/UsageError: cannot import .*my mistake/);
  expect(message[lost]).toMatch(/UsageError: cannot import .*not-there/);
  expect(message[absent]).toMatch(/UsageError: there is no module at/);
  expect(message[uninstalled]).toMatch(/Cannot find package 'not-installed'.*\. Install not-installed with npm in/);
});

test('paths and names are told apart, and odd characters in paths kept', () => {
  for (const path of ['./a', '../a', '/a', 'C:\\a\\b', 'file:///a', 'https://x/y', 'a.js', 'a/b.mjs', 'a.ts']) {
    expect(looksLikeModule(path)).toBe(true);
  }
  for (const name of ['arm/reach', 'point/reach', 'x']) expect(looksLikeModule(name)).toBe(false);
  expect(moduleUrl('/a b/#c?.js')).toBe('file:///a%20b/%23c%3F.js');
  expect(moduleUrl('./x.js')).toBe(pathToFileURL(join(process.cwd(), 'x.js')).href);
  expect(moduleUrl('C:\\envs\\x.js')).toBe('file:///C:/envs/x.js');
});
