// `anygoal browser-files`: copies what a page without a bundler loads into a folder that is served.
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../../errors.js';
import { explainDiskError } from '../../runs/disk-store.js';
import type { Command } from '../command.js';

/** WebAssembly that scripts look for beside themselves. */
const WASM = ['onnxruntime-web/ort-wasm-simd-threaded.wasm', '@mujoco/mujoco/mujoco.wasm'];
/** Of the embedded sentence encoder, which looks for it in the same way. */
const TABLE = 'text/embedded.table';

export const browserFiles: Command = {
  spec: {
    name: 'browser-files',
    summary: 'Copy the scripts and the WebAssembly that a page without a bundler loads',
    positional: { name: 'DIR', required: true, help: 'a folder that your server serves, made if need be' },
    flags: {},
    examples: [['public/anygoal', "then: import { trainInWorker } from './anygoal/anygoal.js'"]],
  },
  async run(args, terminal) {
    const to = args.positional;
    if (!to) throw new UsageError('browser-files needs the folder to copy to, such as public/anygoal.');
    const { resolve } = createRequire(import.meta.url);
    const built = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
    const from = built('browser/');
    try {
      const scripts = (await readdir(from)).map((name) => join(from, name));
      const files = [...scripts, built(TABLE), ...WASM.map((file) => resolve(file))];
      await mkdir(to, { recursive: true });
      for (const file of files) await copyFile(file, join(to, basename(file)));
      terminal.print(`Copied ${files.length} files to ${to}; pages import from ${join(basename(to), 'anygoal.js')}.`);
    } catch (error) {
      throw explainDiskError(error, 'write', to);
    }
    return 0;
  },
};
