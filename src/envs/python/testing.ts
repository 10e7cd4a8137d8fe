// For tests of environments in Python: whether there is a Python with Gymnasium here, and the environments of test/python.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../test/python', import.meta.url));
process.env.PYTHONPATH = folder;

/** What a skipped test says; undefined where there is a Python with Gymnasium. */
export function whyNoGymnasium(): string | undefined {
  const python = process.env.ANYGOAL_PYTHON ?? 'python3';
  const { status } = spawnSync(python, ['-c', 'import gymnasium, numpy'], { timeout: 60_000 });
  return status === 0 ? undefined : `${python} has no gymnasium (pip install gymnasium, ANYGOAL_PYTHON=PATH)`;
}

/** An environment of test/python/anygoal_test_envs.py. */
export const testEnv = (name: string): string => `gym:anygoal_test_envs:${name}`;
