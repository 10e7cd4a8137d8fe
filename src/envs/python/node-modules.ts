// Node's modules, asked of the process rather than imported, so that bundlers for browsers find nothing to resolve.
import { UsageError } from '../../errors.js';

export interface NodeModules {
  readonly process: NodeJS.Process;
  readonly fs: typeof import('fs');
  readonly os: typeof import('os');
  readonly path: typeof import('path');
  readonly url: typeof import('url');
  readonly children: typeof import('child_process');
  readonly threads: typeof import('worker_threads');
}

/** @throws UsageError where there is no Node, or no named pipes */
export function nodeModules(what: string): NodeModules {
  const { process } = globalThis as { process?: NodeJS.Process };
  if (!process?.getBuiltinModule) {
    throw new UsageError(
      `${what} steps in a Python process, which pages cannot start; train it from the command line.`,
    );
  }
  if (process.platform === 'win32') {
    throw new UsageError(`${what} is reached through named pipes, which Windows has not; use WSL, Linux or macOS.`);
  }
  return {
    process,
    fs: process.getBuiltinModule('fs'),
    os: process.getBuiltinModule('os'),
    path: process.getBuiltinModule('path'),
    url: process.getBuiltinModule('url'),
    children: process.getBuiltinModule('child_process'),
    threads: process.getBuiltinModule('worker_threads'),
  };
}
