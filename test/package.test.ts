// The package as others get it: packed, installed into an empty project without the native runtime, run there and built for a page.
import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browsers, trainDriver, visit } from './pages/browsers.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'anygoal-package-'));
/** As in the shell of somebody else: nothing of the npm that runs these tests. */
const environment = Object.fromEntries(
  Object.entries({ ...process.env, NO_COLOR: '1' }).filter(([name]) => !/^(npm_|NODE_|VITEST)/.test(name)),
);
const sum = (sizes: ReadonlyMap<string, number>) => [...sizes.values()].reduce((all, size) => all + size, 0);
/** The folder of the run that the first test trains. */
let trained = '';
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
  afterAll(() => rmSync(folder, { recursive: true, force: true }), 60_000);

  test('it is small: no WebAssembly that its dependencies bring, no native runtime', () => {
    expect(statSync(join(folder, archive)).size).toBeLessThan(5.2e6); // a fifth of it the table of words
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
    trained = runDir;
    expect(stderr.match(/the native runtime is not installed/g)).toHaveLength(1);
    expect(stderr).toContain('npm install --ignore-scripts onnxruntime-node');
    const { versions } = JSON.parse(readFileSync(join(folder, runDir, 'config.json'), 'utf8'));
    expect(versions.runtime).toMatch(/^onnxruntime-web /);
    const evaluated = await inProject(process.execPath, [program, 'eval', runDir, '--episodes', '2', '--json']);
    expect(JSON.parse(evaluated.stdout).episodes).toBe(2);
  }, 180_000);

  test('the native runtime, asked for by name, says what to install', async () => {
    const code = "await import('anygoal/runtime/node').catch(({ name, message }) => console.log(name, message))";
    const { stdout } = await inProject(process.execPath, ['--input-type=module', '-e', code]);
    expect(stdout).toMatch(
      /^RunError the native runtime is not installed.*npm install --ignore-scripts onnxruntime-node/,
    );
  });

  test('the studio serves the WebAssembly of the dependencies, and the table of words', async () => {
    const code = `
      import { startStudio } from './node_modules/anygoal/dist/studio/server.js';
      import { readFileSync } from 'node:fs';
      const studio = await startStudio({ runsDir: 'runs', port: 0 });
      const { origin, searchParams } = new URL(studio.address);
      const headers = { authorization: 'Bearer ' + searchParams.get('token') };
      const left = JSON.parse(readFileSync('node_modules/anygoal/dist/studio-app/dependency-files.json', 'utf8'));
      for (const path of Object.keys(left)) {
        const response = await fetch(origin + path, { headers });
        const bytes = await response.arrayBuffer();
        const isWhole = path.endsWith('.wasm')
          ? WebAssembly.Module.exports(new WebAssembly.Module(bytes)).length > 10
          : bytes.byteLength > 1e6;
        console.log(response.status, response.headers.get('content-type'), isWhole);
      }
      await studio.close();
      process.exit();`;
    const { stdout } = await inProject(process.execPath, ['--input-type=module', '-e', code]);
    const lines = stdout.trim().split('\n').sort();
    expect(lines).toEqual([...Array(2).fill('200 application/wasm true'), '200 application/octet-stream true'].sort());
  });

  describe('pages', () => {
    const pages = join(folder, 'pages');
    const node = (...args: string[]) => inProject(process.execPath, args);

    test('Vite builds them, for which nothing of Node is needed', async () => {
      cpSync(join(root, 'examples/pages'), pages, { recursive: true });
      symlinkSync(join(root, 'node_modules/vite'), join(folder, 'node_modules/vite'));
      await node(join(root, 'node_modules/vite/bin/vite.js'), 'build', join(pages, 'vite'), '--logLevel', 'error');
      const assets = join(pages, 'vite/dist/assets');
      const made = readdirSync(assets);
      for (const wasm of [/^mujoco-.*\.wasm$/, /^ort-wasm-simd-threaded-.*\.wasm$/]) {
        expect(made.filter((name) => wasm.test(name))).toHaveLength(1);
      }
      const ofNode = made.filter(
        (name) =>
          name.endsWith('.js') && /onnxruntime_binding|from\s*["']node:/.test(readFileSync(join(assets, name), 'utf8')),
      );
      expect(ofNode).toEqual([]);
    }, 120_000);

    test('webpack builds them', async () => {
      // Not minimised, which takes longer than everything else.
      const code = `
        import webpack from ${JSON.stringify(join(root, 'node_modules/webpack/lib/index.js'))};
        import config from ${JSON.stringify(join(pages, 'webpack/webpack.config.js'))};
        webpack({ ...config, optimization: { minimize: false } }, (error, stats) => {
          console.log(error ?? stats.toString({ all: false, errors: true, warnings: true }));
        });`;
      expect((await node('--input-type=module', '-e', code)).stdout.trim()).toBe('');
      cpSync(join(pages, 'webpack/index.html'), join(pages, 'webpack/out/index.html'));
    }, 180_000);

    test('without a bundler, `browser-files` copies what they load', async () => {
      await node(join(folder, 'node_modules/anygoal/dist/cli/main.js'), 'browser-files', join(pages, 'plain/anygoal'));
      expect(readdirSync(join(pages, 'plain/anygoal'))).toEqual(
        expect.arrayContaining([
          'anygoal.js',
          'train-worker.js',
          'embedded.table',
          'ort-wasm-simd-threaded.wasm',
          'mujoco.wasm',
        ]),
      );
    }, 60_000);

    for (const browser of browsers) {
      const required = browser.name === 'Chromium' && process.env.ANYGOAL_REQUIRE_BROWSER === '1';
      if (browser.path === undefined && !required) console.log(`No ${browser.name} here: pages are not tried in it.`);
      const served = [
        ['a plain script', pages, '/plain/index.html'],
        ...(browser.name === 'Chromium'
          ? [
              ['Vite', join(pages, 'vite/dist'), '/index.html'],
              ['webpack', join(pages, 'webpack/out'), '/index.html'],
            ]
          : []),
      ];
      describe.skipIf(browser.path === undefined && !required)(browser.name, () => {
        test.each(served)(
          '%s: trains, saves, is loaded again and goes on',
          async (_, from, address) => {
            const { said, problems, loaded } = await visit(browser, from, `${address}?steps=600`, trainDriver);
            expect(problems).toEqual([]);
            expect(said).toEqual([
              'ready',
              expect.stringMatching(/^\d+% at 600 steps after .* s; acts \[-?[\d.]+,-?[\d.]+\]$/),
              expect.stringMatching(/^saved point-reach__sac__0__/),
              expect.stringMatching(/^kept: point-reach__sac__0__/),
              expect.stringMatching(/^\d+% at 1200 steps after .* acts/),
            ]);
            expect([...loaded.keys()].filter((path) => /mujoco.*wasm/.test(path))).toEqual([]);
            expect(sum(loaded)).toBeLessThan(5e6);
          },
          300_000,
        );

        test('a page that only acts loads little, and no WebAssembly', async () => {
          const to = join(pages, 'vite/dist/run');
          if (!existsSync(to)) cpSync(join(folder, trained), to, { recursive: true, dereference: true });
          const driver = 'await until(() => /acts/.test(output())); say(output()); await done();';
          const { said, problems, loaded } = await visit(browser, join(pages, 'vite/dist'), '/act.html', driver);
          expect([said, problems]).toEqual([[expect.stringMatching(/^acts \[/)], []]);
          const scripts = new Map([...loaded].filter(([path]) => !path.startsWith('/run/')));
          expect([...scripts.keys()].filter((path) => path.endsWith('.wasm'))).toEqual([]);
          expect(sum(scripts)).toBeLessThan(150e3);
        }, 300_000);
      });
    }
  });
});

test('CI installs the package', () => {
  expect(readFileSync(join(root, '.ci/run'), 'utf8')).toContain('export ANYGOAL_REQUIRE_PACKAGE=1');
});
