// Where a data set lies: a file or a folder of files, on disk, behind a URL or in memory.
import * as platform from '#platform';
import { UsageError } from '../errors.js';
import { type ByteSource, memorySource } from '../runs/byte-source.js';
import { joinPath } from '../runs/run-layout.js';

export interface DataPlace {
  /** For people: the path, or what it was called. */
  readonly name: string;
  readonly isFolder: boolean;
  /** Names in a folder of it, sorted; empty where there is none. */
  list(folder: string): Promise<string[]>;
  /** A file in it; '' is the place itself. @throws RunError where there is none */
  open(path: string): Promise<ByteSource>;
}

/** What a path stands for, or bytes that are in memory, with a name for them. */
export async function findPlace(name: string, bytes?: Uint8Array): Promise<DataPlace> {
  if (bytes) {
    return {
      name,
      isFolder: false,
      list: async () => [],
      open: async (path) => {
        if (path !== '') throw new UsageError(`${name} is in memory and has no ${path}.`);
        return memorySource(name, bytes);
      },
    };
  }
  const path = name.length > 1 ? name.replace(/[/\\]+$/, '') : name;
  const isFolder = (await platform.listFolder(path)) !== undefined;
  return {
    name,
    isFolder,
    list: async (folder) => ((await platform.listFolder(joinPath(path, folder))) ?? []).sort(),
    open: (file) => platform.openFile(joinPath(path, file)),
  };
}

/** What `use` makes of a file of the place, which is closed again where that fails. */
export async function openWith<T>(place: DataPlace, path: string, use: (source: ByteSource) => Promise<T>): Promise<T> {
  const source = await place.open(path);
  try {
    return await use(source);
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** A whole small file, as text. */
export async function readText(place: DataPlace, path: string): Promise<string> {
  const source = await place.open(path);
  try {
    return new TextDecoder().decode(await source.read(0, source.size));
  } finally {
    await source.close();
  }
}
