// A store in memory, for tests and for browsers without a file system.
import { RunError } from '../errors.js';
import type { Store } from './store.js';

/** An empty store that lives as long as the program. Runs in browsers. */
export function createMemoryStore(location = 'memory'): Store {
  // Each buffer may be longer than its file, so that appending costs amortised constant time per byte.
  const files = new Map<string, { buffer: Uint8Array; length: number }>();
  const links = new Map<string, string>();

  const inside = (folder: string, path: string) => folder === '' || path.startsWith(`${folder}/`);
  const paths = () => [...files.keys(), ...links.keys()];
  const exists = (path: string) => paths().some((other) => other === path || inside(path, other));
  const missing = (path: string) => new RunError(`${location}/${path} does not exist`);

  return {
    location,
    async read(path) {
      const file = files.get(path);
      if (file === undefined) throw missing(path);
      return file.buffer.slice(0, file.length);
    },
    async write(path, bytes) {
      links.delete(path);
      files.set(path, { buffer: bytes.slice(), length: bytes.length });
    },
    async append(path, bytes) {
      const file = files.get(path) ?? { buffer: new Uint8Array(0), length: 0 };
      const length = file.length + bytes.length;
      if (length > file.buffer.length) {
        const grown = new Uint8Array(Math.max(length, 2 * file.buffer.length));
        grown.set(file.buffer.subarray(0, file.length));
        file.buffer = grown;
      }
      file.buffer.set(bytes, file.length);
      file.length = length;
      files.set(path, file);
    },
    async truncate(path, length) {
      const file = files.get(path);
      if (file === undefined && length === 0) return;
      if (file === undefined) throw missing(path);
      if (file.length < length) {
        throw new RunError(
          `${location}/${path} has ${file.length} bytes, fewer than the ${length} it should be cut to`,
        );
      }
      file.length = length;
    },
    async sync() {},
    async size(path) {
      return files.get(path)?.length;
    },
    async list(path) {
      const skip = path === '' ? 0 : path.length + 1;
      const names = paths()
        .filter((other) => inside(path, other))
        .map((other) => other.slice(skip).split('/')[0]);
      return [...new Set(names)].sort();
    },
    async rename(from, to) {
      if (!exists(from)) throw missing(from);
      if (exists(to)) throw new RunError(`${location}/${to} exists already`);
      for (const map of [files, links] as Map<string, unknown>[]) {
        for (const [path, value] of [...map]) {
          if (path !== from && !inside(from, path)) continue;
          map.delete(path);
          map.set(to + path.slice(from.length), value);
        }
      }
    },
    async remove(path) {
      for (const map of [files, links]) {
        for (const other of [...map.keys()]) if (other === path || inside(path, other)) map.delete(other);
      }
    },
    async link(path, target) {
      files.delete(path);
      links.set(path, target);
    },
    async readLink(path) {
      return links.get(path);
    },
  };
}
