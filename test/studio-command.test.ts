// `anygoal studio` as people start it: its address, a port that is taken, bad options, Ctrl-C.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const program = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'anygoal-studio-command-'));
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Starts it; resolves with its output once that fits, or with everything at its end. */
function studio(args: readonly string[], until = /token=\S+/) {
  const env = { ...process.env, npm_package_name: '', NO_COLOR: '1' };
  const child = spawn(process.execPath, [program, 'studio', ...args], { cwd: folder, env });
  started.push(child);
  let output = '';
  const ended = new Promise<number | null>((done) => child.on('exit', done));
  const seen = new Promise<string>((done) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (part) => {
        output += part;
        if (until.test(output)) done(output);
      });
    }
    void ended.then(() => done(output));
  });
  return { child, seen, ended };
}

test('serves its pages under the printed address until Ctrl-C', async () => {
  const { child, seen, ended } = studio(['my-runs', '--port', '0']);
  expect(await seen).toContain('There was no folder my-runs; it is made, and holds no runs yet.');
  const address = /Studio of my-runs: (http:\/\/127\.0\.0\.1:\d+\/\?token=\S+)/.exec(await seen)?.[1] ?? '';
  expect(existsSync(join(folder, 'my-runs'))).toBe(true);
  const opened = await fetch(address);
  const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? '';
  const page = await fetch(new URL('/runs', address), { headers: { cookie } });
  const html = await page.text();
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(html)?.[1] ?? '';
  expect((await fetch(new URL(script, address), { headers: { cookie } })).headers.get('content-type')).toMatch(
    /javascript/,
  );
  child.kill('SIGINT');
  expect(await ended).toBe(0);
}, 30_000);

test('a named port that is taken is an error, the usual one gives way', async () => {
  const first = await studio(['--port', '0']).seen;
  const port = /127\.0\.0\.1:(\d+)/.exec(first)?.[1] ?? '';
  const second = studio(['--port', port]);
  expect(await second.seen).toMatch(/^error: the studio cannot listen: port \d+ is taken; name another with --port/);
  expect(await second.ended).toBe(2);
  const [third, fourth] = [await studio([]).seen, await studio([]).seen];
  const ports = [third, fourth].map((text) => /127\.0\.0\.1:(\d+)/.exec(text)?.[1]);
  expect(ports[0]).not.toBe(ports[1]);
}, 30_000);

test.each([
  [['--port', 'high'], '--port must be a whole number, at least 0, not "high"'],
  [['--port', '70000'], '--port must be at most 65535, not 70000'],
  [['--opne'], 'unknown option "--opne" of studio'],
  [[program], `cannot open the runs folder ${program}: a file is in its place. Name another folder.`],
])('%s', async (args, message) => {
  const { seen, ended } = studio(args, /never/);
  expect(await seen).toContain(message);
  expect(await ended).not.toBe(0);
});

test('listening for other computers is said to be dangerous', async () => {
  expect(await studio(['--host', '0.0.0.0', '--port', '0'], /use your computer/).seen).toContain(
    'Other computers can reach it, unencrypted',
  );
});
