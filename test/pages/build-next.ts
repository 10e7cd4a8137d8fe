// Builds the example with Next.js, which it installs: a package of 300 MB that nothing else here needs.
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface NextBuild {
  /** Why Next.js could not be installed. */
  readonly missing?: string;
  /** What it said, where the build failed. */
  readonly failed?: string;
}

/** Installs the packed package and Next.js in the example's folder, and builds it as its package.json says. */
export async function buildNext(folder: string, archive: string, env: NodeJS.ProcessEnv): Promise<NextBuild> {
  const options = {
    cwd: folder,
    env: { ...env, NEXT_TELEMETRY_DISABLED: '1' },
    maxBuffer: 1 << 24,
    shell: process.platform === 'win32',
  };
  const said = (error: unknown) => {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    return `${stdout}${stderr}` || message;
  };
  try {
    await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', archive], options);
  } catch (error) {
    return { missing: said(error).trim().split('\n')[0] };
  }
  try {
    await run('npm', ['run', 'build'], options);
    return {};
  } catch (error) {
    return { failed: said(error) };
  } finally {
    rmSync(join(folder, '.next'), { recursive: true, force: true }); // what it builds with: 300 MB
  }
}
