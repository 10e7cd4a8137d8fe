// For tests: folders as browsers give them (the origin private file system), in memory.

const notFound = (name: string) => new DOMException(`${name} is not here`, 'NotFoundError');

interface Entry {
  readonly kind: 'file' | 'directory';
}

/** What `openBrowserStore` uses of files, without writing in place as in a page's main thread. */
function fakeFile() {
  let content = new Uint8Array(0);
  return {
    kind: 'file' as const,
    getFile: async () => new Blob([content]),
    async createWritable({ keepExistingData = false } = {}) {
      let next = keepExistingData ? content.slice() : new Uint8Array(0);
      const resize = (length: number) => {
        const sized = new Uint8Array(length);
        sized.set(next.subarray(0, length));
        next = sized;
      };
      return {
        truncate: async (length: number) => resize(length),
        async write({ position, data }: { position: number; data: Uint8Array }) {
          if (next.length < position + data.length) resize(position + data.length);
          next.set(data, position);
        },
        async close() {
          content = next;
        },
      };
    },
  };
}

export function fakeFolder() {
  const inside = new Map<string, Entry>();
  function entry<T extends Entry>(name: string, kind: T['kind'], create: boolean, make: () => T): T {
    const found = inside.get(name) as T | undefined;
    if (found && found.kind !== kind) throw new DOMException(`${name} is no ${kind}`, 'TypeMismatchError');
    if (found) return found;
    if (!create) throw notFound(name);
    const made = make();
    inside.set(name, made);
    return made;
  }
  const folder = {
    kind: 'directory' as const,
    getFileHandle: async (name: string, { create = false } = {}) => entry(name, 'file', create, fakeFile),
    getDirectoryHandle: async (name: string, { create = false } = {}): Promise<Entry> =>
      entry<Entry>(name, 'directory', create, fakeFolder),
    async removeEntry(name: string) {
      if (!inside.delete(name)) throw notFound(name);
    },
    async *entries() {
      yield* inside;
    },
  };
  return folder;
}
