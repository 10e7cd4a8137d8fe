// The library without its adapters must run in browsers: bundling it for one fails on any import of Node.
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const bundle = (contents: string) =>
  build({
    stdin: { contents, resolveDir: new URL('..', import.meta.url).pathname, loader: 'ts' },
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'esm',
    logLevel: 'silent',
    tsconfigRaw: {}, // as in a user's project: the paths of this project's own type check do not apply
    // Loads its own WebAssembly at run time; its browser build hides an unused Node branch behind a check.
    external: ['@mujoco/mujoco', 'onnxruntime-web', 'onnxruntime-web/*'],
  });

describe('browser bundle', () => {
  it.each([
    'anygoal',
    'anygoal/actors',
    'anygoal/agents',
    'anygoal/envs',
    'anygoal/multitask',
    'anygoal/nets',
    'anygoal/page',
    'anygoal/physics',
    'anygoal/replay',
    'anygoal/tensor',
    'anygoal/text',
    'anygoal/training',
    'anygoal/view',
    'anygoal/worker',
    'anygoal/runtime/plain',
    'anygoal/runtime/web',
  ])('bundles %s', async (entry) => {
    const { outputFiles } = await bundle(`import * as all from '${entry}'; console.log(Object.keys(all));`);
    expect(outputFiles[0].text).not.toMatch(/["']node:/);
  });

  it('fails on a Node import', async () => {
    await expect(bundle(`import 'anygoal/runtime/node';`)).rejects.toThrow(/Could not resolve|node/);
  });
});
