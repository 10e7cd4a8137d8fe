// The package as others get it: packed, installed into an empty project without the native runtime, run there and built for a page.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browsers, type Serving, visit } from './pages/browsers.js';
import { buildNext, type NextBuild } from './pages/build-next.js';
import { actDriver, armDriver, settingsDriver, trainDriver } from './pages/drivers.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'anygoal-package-'));
/** As in the shell of somebody else: nothing of the npm that runs these tests. */
const environment = Object.fromEntries(
  Object.entries({ ...process.env, NO_COLOR: '1' }).filter(([name]) => !/^(npm_|NODE_|VITEST)/.test(name)),
);
const sum = (sizes: ReadonlyMap<string, number>) => [...sizes.values()].reduce((all, size) => all + size, 0);
const program = join(folder, 'node_modules/anygoal/dist/cli/main.js');
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
  afterAll(() => rmSync(folder, { recursive: true, force: true }), 300_000);

  test('it is small: no WebAssembly that its dependencies bring, no native runtime', () => {
    expect(statSync(join(folder, archive)).size).toBeLessThan(5.3e6); // a fifth of it the table of words
    expect(readdirSync(join(folder, 'node_modules'))).not.toContain('onnxruntime-node');
  });

  test('the program trains, evaluates and says once what would be faster', async () => {
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
    /** What Next.js says; it installs and builds beside everything else, for it takes as long. */
    let next: Promise<NextBuild>;
    beforeAll(() => {
      cpSync(join(root, 'examples/pages'), pages, { recursive: true });
      next = buildNext(join(pages, 'next'), join(folder, archive), environment);
    });
    afterAll(async () => void (await next), 300_000);

    test('Vite builds them, for which nothing of Node is needed', async () => {
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
      cpSync(join(folder, trained), join(pages, 'vite/dist/run'), { recursive: true, dereference: true });
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
      await node(program, 'browser-files', join(pages, 'plain/anygoal'));
      // The page with an arm has a policy of one update.
      const steps = ['--steps', '60', '--json', '--quiet'];
      const settings = ['warmupSteps=50', 'batchSize=8'].flatMap((setting) => ['--set', `training.${setting}`]);
      const { stdout } = await node(
        program,
        ...['train', 'arm/reach', ...steps, ...settings, '--set', 'evaluation.episodes=1'],
      );
      cpSync(join(folder, JSON.parse(stdout).runDir), join(pages, 'plain/arm-run'), {
        recursive: true,
        dereference: true,
      });
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
      describe.skipIf(browser.path === undefined && !required)(browser.name, () => {
        /** Trains, saves, loads the page again and goes on; what the page said, and what it loaded. */
        async function trainIn(from: string, address: string, serving?: Serving) {
          const { said, problems, loaded } = await visit(browser, from, address, trainDriver, serving);
          expect(problems).toEqual([]);
          expect(said).toEqual([
            'ready',
            expect.stringMatching(/^\d+% at \d+ steps after .* s; acts \[-?[\d.,-]+\]$/),
            expect.stringMatching(/^saved .*__sac__0__/),
            expect.stringMatching(/^kept: .*__sac__0__/),
            expect.stringMatching(/^\d+% at \d+ steps after .*; acts/),
          ]);
          const [first, further] = [said[1], said[4]].map((text) => Number(/at (\d+) steps/.exec(text)?.[1]));
          expect(further).toBeGreaterThan(first);
          return { said, loaded };
        }

        test('a plain script trains arm/reach, saves, is loaded again and goes on; in Chromium to 95%', async () => {
          // The same bytes of WebAssembly learn the same: once to the end is enough.
          const steps = browser.name === 'Chromium' ? '' : '&steps=600';
          const { said } = await trainIn(pages, `/plain/index.html?env=arm/reach${steps}`);
          if (steps === '') expect(said[1]).toMatch(/^(9[5-9]|100)% at/);
        }, 300_000);

        test('a page without a bundler: what it cannot have is said, it pauses, stops, keeps and downloads', async () => {
          const { said, problems } = await visit(browser, pages, '/plain/index.html', settingsDriver);
          expect(problems).toEqual([]);
          expect(said).toEqual([
            expect.stringMatching(/^store: a page has no disk for runs; .*createMemoryStore/),
            expect.stringMatching(/^workers is 2, but in a page/),
            expect.stringMatching(/^runtime\.overlap is true, but in a page/),
            expect.stringMatching(/^runtime\.threads is 2, but a page whose headers do not isolate it/),
            ...['pauses', 'aborted', 'kept 1', '100 more: 100', 'point-reach.zip: PK'],
          ]);
        }, 300_000);

        test('the page with an arm draws it as the pointer moves', async () => {
          const { said, problems } = await visit(browser, pages, '/plain/arm.html', armDriver);
          expect([said, problems]).toEqual([['10 pictures'], []]);
        }, 300_000);

        test("Vite's train under any path, and under the content security policy of docs/pages.md", async () => {
          const policy = "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";
          expect(readFileSync(join(root, 'docs/pages.md'), 'utf8')).toContain(policy);
          const headers = () => ({ 'content-security-policy': policy });
          await trainIn(join(pages, 'vite'), '/dist/index.html?steps=600', { headers });
        }, 300_000);

        test("webpack's train point/reach with at most 5 MB, and no physics", async () => {
          const { loaded } = await trainIn(join(pages, 'webpack'), '/out/index.html?steps=600');
          expect([...loaded.keys()].filter((path) => /mujoco.*wasm/.test(path))).toEqual([]);
          expect(sum(loaded)).toBeLessThan(5e6);
        }, 300_000);

        test('Next.js builds them, and they train', async (context) => {
          const { missing, failed } = await next;
          if (missing) console.log(`Next.js cannot be had here (npm install), so it builds no page: ${missing}`);
          context.skip(missing !== undefined);
          expect(failed).toBeUndefined();
          await trainIn(join(pages, 'next/out'), '/index.html?steps=600');
        }, 400_000);

        test.each([
          ['', "default-src 'self' 'wasm-unsafe-eval'"],
          [', nor can be had', "default-src 'self'"],
        ])(
          'a page that only acts loads little; no WebAssembly is loaded%s',
          async (_, policy) => {
            const headers = () => ({ 'content-security-policy': policy });
            const from = join(pages, 'vite/dist');
            const { said, problems, loaded } = await visit(browser, from, '/act.html', actDriver, { headers });
            expect([said, problems]).toEqual([[expect.stringMatching(/^acts \[/)], []]);
            const scripts = new Map([...loaded].filter(([path]) => !path.startsWith('/run/')));
            expect([...scripts.keys()].filter((path) => path.endsWith('.wasm'))).toEqual([]);
            expect(sum(scripts)).toBeLessThan(150e3);
          },
          300_000,
        );
      });
    }
  });
});

test('CI installs the package', () => {
  expect(readFileSync(join(root, '.ci/run'), 'utf8')).toContain('export ANYGOAL_REQUIRE_PACKAGE=1');
});
