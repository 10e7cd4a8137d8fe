// The files that a model names, for MuJoCo's own parser: read-only folders in the engine's file system while it compiles.
import type { FileNode, Mujoco } from './bindings.js';

/** Files by absolute path, with `/` between the parts and neither `.` nor `..` among them. */
export interface FileTree {
  /** Asked for what the engine opens, and for the folders above it; for nothing else. */
  find(path: string): Uint8Array | 'folder' | undefined;
}

/** An open file. */
interface Stream {
  node: FileNode;
  position: number;
}

const FOLDER = 0o040555;
const FILE = 0o100444;
// Its error numbers are WASI's.
const [ENOENT, EINVAL] = [44, 28];

/**
 * Runs `use` while the engine sees the tree's files under their paths. The engine resolves names itself (includes, folders
 * of `<compiler>`, attached models), so nothing of its rules is repeated here.
 */
export function withFiles<T>({ FS }: Mujoco, tree: FileTree, use: () => T): T {
  const { root } = FS;
  const created: FileNode[] = [];

  function add(parent: FileNode | null, name: string, path: string, found: Uint8Array | 'folder'): FileNode {
    const node: FileNode = FS.createNode(parent, name, found === 'folder' ? FOLDER : FILE, 0);
    node.path = path;
    node.node_ops = nodeOps;
    node.stream_ops = streamOps;
    if (found !== 'folder') node.bytes = found;
    created.push(node);
    return node;
  }

  const nodeOps = {
    lookup(parent: FileNode, name: string): FileNode {
      // ROS's `package://` is no relative path, though MuJoCo looks for it where it works.
      const path = name === 'package:' ? '/package:' : `${parent === root ? '' : parent.path}/${name}`;
      const found = tree.find(path);
      if (found === undefined) throw new FS.ErrnoError(ENOENT);
      return add(parent, name, path, found);
    },
    getattr(node: FileNode) {
      const size = node.bytes?.length ?? 0;
      // The engine keeps parsed meshes and textures as long as a file's time stays the same: here, its content.
      node.print ??= node.bytes ? fingerprint(node.bytes) : 0; // asked for several times per file
      const time = new Date(1000 * node.print);
      const times = { atime: time, mtime: time, ctime: time };
      return {
        dev: 1,
        ino: 1,
        mode: node.mode,
        nlink: 1,
        uid: 0,
        gid: 0,
        rdev: 0,
        size,
        ...times,
        blksize: 4096,
        blocks: 1,
      };
    },
  };
  const streamOps = {
    read({ node }: Stream, buffer: Uint8Array, offset: number, length: number, position: number): number {
      const part = node.bytes.subarray(position, position + length);
      buffer.set(part, offset);
      return part.length;
    },
    llseek({ node, position }: Stream, offset: number, whence: number): number {
      const to = offset + [0, position, node.bytes.length][whence];
      if (!(to >= 0)) throw new FS.ErrnoError(EINVAL);
      return to;
    },
  };

  // The root asks the tree for what it has not itself; the engine's own folders give way, but for its devices.
  const mount = ({ mountpoint }: { mountpoint: string }) => add(null, '/', mountpoint, 'folder');
  const own = root.node_ops;
  const mounted: string[] = [];
  try {
    for (const name of FS.readdir('/')) {
      if (['.', '..', 'dev', 'proc'].includes(name)) continue;
      FS.mount({ mount }, {}, `/${name}`);
      mounted.push(`/${name}`);
    }
    root.node_ops = { ...own, lookup: nodeOps.lookup };
    return use();
  } finally {
    root.node_ops = own;
    for (const path of mounted) FS.unmount(path);
    for (const node of created) FS.destroyNode(node);
  }
}

/**
 * A hash of the bytes, word by word. The shift mixes high bits into low ones: without it two signs that change, as in a
 * mirrored mesh, would cancel each other.
 */
export function fingerprint(bytes: Uint8Array): number {
  const { buffer, byteOffset, length } = bytes;
  const count = length >>> 2;
  const words =
    byteOffset % 4 === 0
      ? new Uint32Array(buffer, byteOffset, count)
      : new Uint32Array(bytes.slice(0, 4 * count).buffer, 0, count);
  let hash = 0x811c9dc5 ^ length;
  for (let i = 0; i < count; i++) {
    hash = Math.imul(hash ^ words[i], 0x01000193);
    hash ^= hash >>> 15;
  }
  for (let i = 4 * count; i < length; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  return hash >>> 0;
}

/** The path in full: `name` from the folder on, unless it is absolute; `\` counts as `/`, as it does to MuJoCo. */
export function resolvePath(folder: string, name: string): string {
  const given = name.replaceAll('\\', '/');
  const whole = /^(\/|[a-zA-Z]:\/|package:\/)/.test(given) ? given : `${folder}/${given}`;
  const parts: string[] = [];
  for (const part of whole.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** Files in memory, by absolute path. */
export function treeOf(files: ReadonlyMap<string, Uint8Array>): FileTree {
  const folders = new Set<string>();
  for (const path of files.keys()) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) folders.add(path.slice(0, at));
  }
  return { find: (path) => files.get(path) ?? (folders.has(path) ? 'folder' : undefined) };
}
