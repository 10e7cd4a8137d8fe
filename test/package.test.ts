// The package as others get it: packed, installed into an empty project without the native runtime, run there and built for a page.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'anygoal-package-'));
/** As in the shell of somebody else: nothing of the npm that runs these tests. */
const environment = Object.fromEntries(
  Object.entries({ ...process.env, NO_COLOR: '1' }).filter(([name]) => !/^(npm_|NODE_|VITEST)/.test(name)),
);
const inProject = (command: string, args: readonly string[]) =>
  run(command, args, { cwd: folder, env: environment, maxBuffer: 1 << 24, shell: process.platform === 'win32' });

// It installs from the registry or npm's cache, so that only CI and who asks for it runs it: ANYGOAL_REQUIRE_PACKAGE=1.
describe.runIf(process.env.ANYGOAL_REQUIRE_PACKAGE)('in an empty project', () => {
  let archive = '';
  beforeAll(async () => {
    const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
    await run('npm', pack, { cwd: root, shell: process.platform === 'win32' });
    archive = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
    await inProject('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', `./${archive}`]);
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('it is small: no WebAssembly that its dependencies bring, no native runtime', () => {
    expect(statSync(join(folder, archive)).size).toBeLessThan(4e6);
    expect(readdirSync(join(folder, 'node_modules'))).not.toContain('onnxruntime-node');
  });

  test('the program trains, evaluates and says once what would be faster', async () => {
    const program = join(folder, 'node_modules/anygoal/dist/cli/main.js');
    const settings = [
      'evaluation.episodes=2',
      'training.warmupSteps=100',
      'training.batchSize=32',
      'runtime.threads=2',
    ];
    const { stdout, stderr } = await inProject(process.execPath, [
      ...[program, 'train', 'point/reach', '--steps', '300', '--json', '--quiet'],
      ...settings.flatMap((setting) => ['--set', setting]),
    ]);
    const { runDir } = JSON.parse(stdout);
    expect(stderr.match(/the native runtime is not installed/g)).toHaveLength(1);
    expect(stderr).toContain('npm install --ignore-scripts onnxruntime-node');
    const { versions } = JSON.parse(readFileSync(join(folder, runDir, 'config.json'), 'utf8'));
    expect(versions.runtime).toMatch(/^onnxruntime-web /);
    const evaluated = await inProject(process.execPath, [program, 'eval', runDir, '--episodes', '2', '--json']);
    expect(JSON.parse(evaluated.stdout).episodes).toBe(2);
  }, 60_000);

  test('the native runtime, asked for by name, says what to install', async () => {
    const code = "await import('anygoal/runtime/node').catch(({ name, message }) => console.log(name, message))";
    const { stdout } = await inProject(process.execPath, ['--input-type=module', '-e', code]);
    expect(stdout).toMatch(
      /^RunError the native runtime is not installed.*npm install --ignore-scripts onnxruntime-node/,
    );
  });

  test('the studio serves the WebAssembly of the dependencies', async () => {
    const code = `
      import { startStudio } from './node_modules/anygoal/dist/studio/server.js';
      import { readFileSync } from 'node:fs';
      const studio = await startStudio({ runsDir: 'runs', port: 0 });
      const { origin, searchParams } = new URL(studio.address);
      const headers = { authorization: 'Bearer ' + searchParams.get('token') };
      const left = JSON.parse(readFileSync('node_modules/anygoal/dist/studio-app/dependency-files.json', 'utf8'));
      for (const path of Object.keys(left)) {
        const response = await fetch(origin + path, { headers });
        const module = new WebAssembly.Module(await response.arrayBuffer());
        console.log(response.status, response.headers.get('content-type'), WebAssembly.Module.exports(module).length > 10);
      }
      await studio.close();
      process.exit();`;
    const { stdout } = await inProject(process.execPath, ['--input-type=module', '-e', code]);
    expect(stdout).toBe('200 application/wasm true\n'.repeat(2));
  });

  test('Vite builds a page with it, for which nothing of Node is needed', async () => {
    const page =
      "import { train, loadPolicy } from 'anygoal'; import 'anygoal/physics'; console.log(train, loadPolicy);";
    writeFileSync(join(folder, 'index.html'), '<!doctype html><script type="module" src="/main.js"></script>');
    writeFileSync(join(folder, 'main.js'), page);
    const vite = join(root, 'node_modules/vite/bin/vite.js');
    await inProject(process.execPath, [vite, 'build', '--logLevel', 'error', '--outDir', 'out']);
    const made = readdirSync(join(folder, 'out/assets'));
    for (const wasm of [/^mujoco-.*\.wasm$/, /^ort-wasm-simd-threaded-.*\.wasm$/]) {
      expect(made.filter((name) => wasm.test(name))).toHaveLength(1);
    }
    const scripts = made.filter((name) => name.endsWith('.js'));
    const ofNode = scripts.filter((name) =>
      /onnxruntime_binding|from\s*["']node:/.test(readFileSync(join(folder, 'out/assets', name), 'utf8')),
    );
    expect(ofNode).toEqual([]);
  }, 120_000);
});

test('CI installs the package', () => {
  expect(readFileSync(join(root, '.ci/run'), 'utf8')).toContain('export ANYGOAL_REQUIRE_PACKAGE=1');
});
