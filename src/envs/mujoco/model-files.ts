// Reads a MuJoCo model with all that MuJoCo opens for it, from disk or by URL.

import { UsageError } from '../../errors.js';
import type { Mujoco, MujocoModel } from '../../physics/bindings.js';
import { compileFile, MissingFileError, type ModelSource } from '../../physics/compile.js';
import { loadMujoco } from '../../physics/engine.js';
import { type FileTree, resolvePath, treeOf } from '../../physics/file-tree.js';
import { moduleUrl } from '../module.js';
import { type FolderFiles, fromDisk } from './disk-files.js';
import { fromWeb } from './web-files.js';

/**
 * @param path of the XML: relative to the working directory (in browsers, to the page), or a URL; in a module of one's
 * own, `new URL('./robot.xml', import.meta.url)`
 * @throws UsageError naming the file that cannot be read and where it is asked for
 */
export async function readModel(path: string | URL): Promise<ModelSource> {
  const { model, source } = await loadModel(await loadMujoco(), path);
  model.delete();
  return source;
}

/**
 * Compiles the model that lies somewhere; the caller frees it. What MuJoCo opens is read, nothing else: it looks for names
 * by its own rules.
 * `files` count instead of those that lie there.
 */
export async function loadModel(
  mujoco: Mujoco,
  path: string | URL,
  { files = {}, actuators }: Pick<ModelSource, 'files' | 'actuators'> = {},
): Promise<{ readonly model: MujocoModel; readonly source: ModelSource }> {
  const url = new URL(moduleUrl(String(path)));
  const main = url.protocol === 'blob:' ? '/model.xml' : decodeURIComponent(url.pathname);
  const folder = main.slice(0, main.lastIndexOf('/'));
  const given = treeOf(new Map(Object.entries(files).map(([name, bytes]) => [resolvePath(folder, name), bytes])));
  const there = url.protocol === 'file:' ? fromDisk() : fromWeb(url, main);

  /** ROS's `package://robot/hand.stl`, unknown to MuJoCo, lies in a folder `robot` beside the model or further up. */
  function elsewhere(name: string): Uint8Array | 'folder' | undefined {
    const [, packaged] = /^\/package:\/?(.*)/.exec(name) ?? [];
    if (packaged === undefined) return there.find(name);
    if (packaged === '') return 'folder';
    for (let at = folder; ; at = at.slice(0, at.lastIndexOf('/'))) {
      const found = there.find(`${at}/${packaged}`);
      if (found !== undefined || at === '') return found;
    }
  }

  const read = new Map<string, Uint8Array>();
  const tree: FileTree = {
    find(name) {
      const own = given.find(name);
      const found = own instanceof Uint8Array ? own : (elsewhere(name) ?? own);
      if (found instanceof Uint8Array) read.set(name, found);
      return found;
    },
  };

  await there.fetch([main]);
  if (!(tree.find(main) instanceof Uint8Array)) {
    throw new UsageError(`cannot read ${url.href}: ${there.problem(main)}.`);
  }
  for (;;) {
    try {
      const model = compileFile(mujoco, { tree, path: main, name: String(path), actuators });
      const xml = new TextDecoder().decode(read.get(main));
      read.delete(main);
      return { model, source: { xml, files: Object.fromEntries(read), path: main, name: String(path) } };
    } catch (error) {
      if (!(error instanceof MissingFileError)) throw error;
      if (await there.fetch([error.path])) continue;
      throw missing(error, there, read, main);
    }
  }
}

/** Says why a file cannot be read, and which file asks for it. */
function missing(error: MissingFileError, there: FolderFiles, read: ReadonlyMap<string, Uint8Array>, main: string) {
  const name = error.path.slice(error.path.lastIndexOf('/') + 1);
  const names = ([path, bytes]: [string, Uint8Array]) =>
    /\.(xml|urdf|mjcf)$/i.test(path) && new TextDecoder().decode(bytes).includes(name);
  const problem = error.path.startsWith('/package:')
    ? 'no folder of that package has it, beside the model or above; give its bytes in `files`'
    : there.problem(error.path);
  const [asker] = [...read].find(names) ?? [main];
  return new UsageError(`${error.message} There: cannot read ${error.path}, which ${asker} names: ${problem}.`, {
    cause: error.cause,
  });
}
