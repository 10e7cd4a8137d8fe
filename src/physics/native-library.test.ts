// The search for the user's library of MuJoCo, and what is said where it cannot be used.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { loadEngine, loadMujoco, type Mujoco, useMujocoLibrary } from './index.js';
import { withNativeSteps } from './native-library.js';
import { nativeEngine } from './testing.js';

const library = await nativeEngine('The version of the library');
const folder = mkdtempSync(join(tmpdir(), 'anygoal-mujoco-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

test('without a library, what to get and where it was looked for', async () => {
  vi.stubEnv('ANYGOAL_MUJOCO_LIBRARY', '');
  vi.stubEnv('VIRTUAL_ENV', '');
  vi.stubEnv('PATH', folder);
  await expect(loadEngine('native')).rejects.toThrow(
    /^env.physics is "native", but the library of MuJoCo is not here.*`pip install mujoco==3\.14\.0`.*ANYGOAL_MUJOCO_LIBRARY=PATH. Looked for: ANYGOAL_MUJOCO_LIBRARY is not set; there is no python3; there is no python\.$/,
  );
});

test('a path that leads to none is told, from the variable and in code', async () => {
  expect(() => useMujocoLibrary(join(folder, 'no'))).toThrow(
    /^useMujocoLibrary: .*no does not exist. Name the library/,
  );
  vi.stubEnv('ANYGOAL_MUJOCO_LIBRARY', folder);
  await expect(loadEngine('native')).rejects.toThrow(
    /^ANYGOAL_MUJOCO_LIBRARY: .* has no library of MuJoCo in it. Name the library, such as libmujoco.so/,
  );
});

test('it is found by its name, in the package or in the folder around it; one that is no library is told', async () => {
  const inside = join(folder, 'site-packages/mujoco');
  mkdirSync(inside, { recursive: true });
  for (const name of ['libmujoco_simulate.so', 'mujoco.py', 'libmujoco.3.14.0.dylib']) {
    writeFileSync(join(inside, name), 'text');
  }
  vi.stubEnv('ANYGOAL_MUJOCO_LIBRARY', '');
  useMujocoLibrary(join(folder, 'site-packages'));
  expect(process.env.ANYGOAL_MUJOCO_LIBRARY).toBe(join(inside, 'libmujoco.3.14.0.dylib'));
  await expect(loadEngine('native')).rejects.toThrow(
    /^env.physics is "native", but .*libmujoco.3.14.0.dylib does not load as the library of MuJoCo: ./,
  );
});

test('pages have none', async () => {
  const mujoco = await loadMujoco();
  vi.stubGlobal('process', undefined);
  await expect(withNativeSteps(mujoco)).rejects.toThrow('env.physics is "native", but a page loads no libraries');
  expect(() => useMujocoLibrary('/lib')).toThrow(/a page loads no libraries/);
});

test.runIf(library)('another version is refused, naming both', async () => {
  const other = Object.create(await loadMujoco(), { mj_versionString: { value: () => '9.8.7' } }) as Mujoco;
  await expect(withNativeSteps(other)).rejects.toThrow(
    /is MuJoCo 3\.14\.0, while the WebAssembly build here is 9\.8\.7.*`pip install mujoco==9\.8\.7`/,
  );
});

test('without the package koffi, what to install', async () => {
  vi.stubEnv('ANYGOAL_MUJOCO_LIBRARY', join(folder, 'site-packages/mujoco'));
  vi.doMock('koffi', () => {
    throw new Error('not there');
  });
  const fresh = Object.create(await loadMujoco());
  await expect(withNativeSteps(fresh)).rejects.toThrow(
    /the package koffi, .* is not installed.*: npm install koffi\.$/,
  );
  vi.doUnmock('koffi');
});

test('CI tries it with the library of the version that is here', async () => {
  const script = readFileSync(new URL('../../.ci/run', import.meta.url), 'utf8');
  expect(script).toContain(`mujoco==${(await loadMujoco()).mj_versionString()} mujoco\n`);
  expect(script).toContain('export ANYGOAL_REQUIRE_NATIVE_PHYSICS=1');
});
