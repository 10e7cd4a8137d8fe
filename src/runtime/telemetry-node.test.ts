// Nothing is recorded about the machine: after native programs have run, a new home folder is still empty.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const built = new URL('../../dist/', import.meta.url);

const compute = `
  const { nodeRuntime } = await import('${new URL('runtime/node.js', built)}');
  const { program } = await import('${new URL('tensor/index.js', built)}');
  const made = program('square', (g) => { const x = g.input('x', [3]); return { y: x.mul(x) }; });
  const { y } = await (await nodeRuntime.compile(made)).run({ x: Float32Array.of(1, 2, 3) });
  console.log(y.join());
  console.log('switch ' + process.env.ORT_DISABLE_TELEMETRY);
`;

const inWorker = `
  import { Worker } from 'node:worker_threads';
  new Worker(new URL('data:text/javascript,' + encodeURIComponent(${JSON.stringify(compute)})));
`;

const run = promisify(execFile);

/** Of the process, with a home folder of its own: what it printed, and what it left there. */
async function inNewHome(code: string, env: Record<string, string> = {}) {
  if (!existsSync(new URL('runtime/node.js', built))) throw new Error('build first: npm run build');
  const home = mkdtempSync(join(tmpdir(), 'anygoal-home-'));
  try {
    const { ORT_DISABLE_TELEMETRY: _, XDG_CACHE_HOME: __, ...inherited } = process.env;
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', code], {
      env: { ...inherited, HOME: home, ...env },
    });
    return { stdout, stderr, left: readdirSync(home, { recursive: true }) };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

test.each([
  ['the main thread', compute],
  ["a user's thread, where the main thread has loaded nothing of ours", inWorker],
])('in %s', async (_, code) => {
  expect(await inNewHome(code)).toEqual({ stdout: '1,4,9\nswitch 1\n', stderr: '', left: [] });
});

test("the user's own setting stays", async () => {
  const { stdout } = await inNewHome(compute, { ORT_DISABLE_TELEMETRY: 'true' });
  expect(stdout).toBe('1,4,9\nswitch true\n');
});
