// Compiles models: the text and what it names are laid out as files, and MuJoCo's own parser finds its way among them.

import { UsageError } from '../errors.js';
import { type Actuators, compileWith } from './actuators.js';
import type { Mujoco, MujocoModel, MujocoSpec } from './bindings.js';
import { type FileTree, resolvePath, treeOf, withFiles } from './file-tree.js';
import { needingMemory } from './memory.js';

/** A MuJoCo model in its XML format (MJCF or URDF). */
export interface ModelSource {
  readonly xml: string;
  /**
   * Contents of the files that the XML names (includes, attached models, meshes, textures), by their path from where the
   * XML lies, or in full.
   */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  /** Where the XML lies among the files, in full. Only needed where files are named in full too. */
  readonly path?: string;
  /** Where the XML comes from, for messages. */
  readonly name?: string;
  /** What drives the joints of a model that has no actuators, such as any in URDF. */
  readonly actuators?: Actuators;
}

/** A model names a file that is not there. */
export class MissingFileError extends UsageError {
  /** @param path of the file, in full */
  constructor(
    message: string,
    readonly path: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Compiles a model; the caller frees it (`delete`). @throws UsageError with MuJoCo's own message. */
export function compileModel(mujoco: Mujoco, source: ModelSource): MujocoModel {
  const { files = {}, name, actuators } = source;
  // As many folders above it as the files' names go up.
  const ups = Object.keys(files).map((file) => file.split(/[\\/]/).filter((part) => part === '..').length);
  const path = source.path ?? `/model${'/from'.repeat(Math.max(0, ...ups))}/model.xml`;
  const folder = path.slice(0, path.lastIndexOf('/'));
  const all = new Map(Object.entries(files).map(([file, bytes]) => [resolvePath(folder, file), bytes]));
  all.set(path, new TextEncoder().encode(source.xml));
  try {
    const hide = source.path === undefined ? folder : undefined;
    return compileFile(mujoco, { tree: treeOf(all), path, name, actuators, hide });
  } catch (error) {
    if (!(error instanceof MissingFileError)) throw error;
    const given = Object.keys(files).join(', ') || 'none';
    throw new UsageError(`${error.message} Give its bytes in \`files\` (given: ${given}).`, { cause: error.cause });
  }
}

export interface FileSource {
  readonly tree: FileTree;
  /** Of the main file in the tree. */
  readonly path: string;
  readonly name?: string;
  readonly actuators?: Actuators;
  /** A folder that means nothing to the user, for messages. */
  readonly hide?: string;
}

/** Compiles a model whose files are in a tree. @throws UsageError with MuJoCo's own message; MissingFileError */
export function compileFile(mujoco: Mujoco, { tree, path, name, actuators, hide }: FileSource): MujocoModel {
  const called = name ? `the model "${name}"` : 'the model';
  const absent: string[] = [];
  const watched: FileTree = {
    find(name) {
      const found = tree.find(name);
      if (found === undefined) absent.push(name);
      return found;
    },
  };
  try {
    return needingMemory(called, () =>
      withFiles(mujoco, watched, () => {
        if (actuators === undefined) return mujoco.MjModel.from_xml_path(path);
        return compileParsed(mujoco, watched, path, actuators);
      }),
    );
  } catch (error) {
    if (!(error instanceof Error) || error instanceof UsageError || error.name === 'RunError') throw error;
    const text = hide === undefined ? error.message : error.message.replaceAll(`${hide}/`, '');
    const message = `${called} does not compile: ${text.replace(/\s+/g, ' ').trim().replace(/\.$/, '')}.`;
    const missing = /opening file '(.*)'/.exec(error.message)?.[1];
    if (missing === undefined) throw new UsageError(message, { cause: error });
    // Some messages give the name as the XML does; where it was looked for is known better here.
    const name = missing.slice(missing.lastIndexOf('/') + 1);
    const where = absent.findLast((asked) => asked.endsWith(`/${name}`)) ?? resolvePath('', missing);
    throw new MissingFileError(message, where, { cause: error });
  }
}

/** The bindings parse text only; from within the model's folder that finds the same files. */
function compileParsed(mujoco: Mujoco, tree: FileTree, path: string, actuators: Actuators): MujocoModel {
  const xml = tree.find(path);
  mujoco.FS.chdir(path.slice(0, path.lastIndexOf('/')) || '/');
  let spec: MujocoSpec | undefined;
  try {
    spec = mujoco.parseXMLString(new TextDecoder().decode(xml instanceof Uint8Array ? xml : undefined));
    return compileWith(mujoco, spec, actuators);
  } finally {
    spec?.delete();
    mujoco.FS.chdir('/');
  }
}
