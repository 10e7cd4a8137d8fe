// A model's files where there are folders.
import type { FileTree } from '../../physics/file-tree.js';

/** Files somewhere, by absolute path with `/`. */
export interface FolderFiles extends FileTree {
  /** Gets files that `find` shall know from now on. Whether there are more than before. */
  fetch(paths: readonly string[]): Promise<boolean>;
  /** Why a file is not there. */
  problem(path: string): string;
}

export function fromDisk(): FolderFiles {
  // Asked of the process rather than imported, so that bundlers for browsers find nothing to resolve.
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  const fs = process?.getBuiltinModule?.('fs') as typeof import('node:fs') | undefined;
  /** `/C:/robots` is how `C:/robots` looks in a URL. */
  const host = (path: string) => path.replace(/^\/([a-zA-Z]:)/, '$1');
  return {
    find(path) {
      try {
        const kind = fs?.statSync(host(path));
        if (kind?.isDirectory()) return 'folder';
        return kind?.isFile() ? new Uint8Array(fs?.readFileSync(host(path)) ?? []) : undefined;
      } catch {
        return undefined;
      }
    },
    fetch: async () => false,
    problem(path) {
      if (!fs) return 'there are no files here';
      try {
        fs.readFileSync(host(path));
        return 'MuJoCo cannot open it';
      } catch (error) {
        return (error as Error).message;
      }
    },
  };
}
