// The Python package: our environments in Gymnasium's own checker, their rewards, and policies with ONNX Runtime.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { makeEnv } from '../src/envs/index.js';
import { whyNoGymnasium } from '../src/envs/python/testing.js';
import { createDiskStore } from '../src/runs/disk-store.js';
import { exportPolicy, loadPolicy } from '../src/training/policy.js';
import { train } from '../src/training/train.js';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const missing = whyNoGymnasium();
if (missing) console.log(`The Python package is not tested: ${missing}.`);

const folder = mkdtempSync(join(tmpdir(), 'anygoal-python-package-'));
afterAll(() => rmSync(folder, { recursive: true }));

it.skipIf(missing)(
  'makes environments that Gymnasium accepts, and policies act alike there',
  async () => {
    const config = {
      agent: { options: { hidden: [8, 8] } },
      evaluation: { every: 0, episodes: 1 },
      runtime: { worker: false, overlap: false },
    };
    const { runDir } = await train({ env: 'point/reach', steps: 120, seed: 1, store: createDiskStore(folder), config });
    const file = join(folder, 'policy.onnx');
    writeFileSync(file, await exportPolicy({ run: runDir }));
    const { stdout } = await promisify(execFile)(
      process.env.ANYGOAL_PYTHON ?? 'python3',
      [path('python/check_package.py'), file],
      {
        env: {
          ...process.env,
          PYTHONPATH: path('../python'),
          ANYGOAL_COMMAND: `"${process.execPath}" "${path('../dist/cli/main.js')}"`,
        },
      },
    );
    expect(stdout).toMatch(/checked pendulum[\s\S]*checked point\/camera[\s\S]*rewards agree/);
    const acted = /policy acts (.*)/.exec(stdout)?.[1].split(' ').map(Number);
    if (!acted) return expect(stdout).toContain('skipped: policies need ONNX Runtime');
    const [policy, env] = [await loadPolicy({ run: runDir }), await makeEnv('point/reach')];
    const { observation, goal } = env.reset({ seed: 1 });
    const action = await policy.act({ observation, goal });
    for (const [i, number] of acted.entries()) expect(number).toBeCloseTo(action[i], 4);
    await policy.dispose();
  },
  120_000,
);
