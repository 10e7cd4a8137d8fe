// What differs between Node and browsers, here for pages and their workers.
import { UsageError } from '../errors.js';
import { type ByteSink, type ByteSource, memorySource } from '../runs/byte-source.js';
import { createFetchStore } from '../runs/fetch-store.js';
import type { Store } from '../runs/store.js';
import type { Runtime } from '../runtime/runtime.js';

export const defaultRuntime = async (): Promise<Runtime> => (await import('../runtime/web.js')).webRuntime;

/** For policies that act, one state at a time: small ones need no WebAssembly. */
export const actingRuntime = async (): Promise<Runtime> => (await import('../runtime/acting-web.js')).actingRuntime;

/** Files under a URL, to read; pass a store of your own to write. */
export const openStore = (location: string): Store => createFetchStore(location);

/** Pages have no folder that runs go to unasked. */
export function runStore(): Store {
  throw new UsageError(
    "store: a page has no disk for runs; give train a store, such as createMemoryStore(), or await openBrowserStore() for the browser's own files.",
  );
}

/** A file behind a URL, read whole: few servers send parts. */
export async function openFile(url: string): Promise<ByteSource> {
  const folder = url.lastIndexOf('/') + 1;
  return memorySource(url, await createFetchStore(url.slice(0, folder) || '.').read(url.slice(folder)));
}

const noDisk = (path: string): never => {
  throw new UsageError(`${path}: pages have no disk to write files to.`);
};

export const createFile = async (path: string): Promise<ByteSink> => noDisk(path);

export const createFolder = async (path: string, _fill: (folder: string) => Promise<void>): Promise<void> =>
  noDisk(path);

/** There are no folders behind URLs. */
export const listFolder = async (_path: string): Promise<string[] | undefined> => undefined;

/** How a package is had that is imported by its name. */
export const packageAdvice = (name: string): string =>
  `A page finds ${name} by its import map, which does not count in workers; or convert the file first: npx anygoal data convert`;

/** An address that means the same on any page. */
export const fullPath = (url: string): string => new URL(url, globalThis.location?.href).href;

/** Programs run on one thread in a page, unless its headers allow more. */
export const cores = (): number => 1;

/** A page's training lives in one worker: learner and environments get no threads of their own. */
export const ownThreads = false as boolean;

/** Threads that an operation can have: more than one where the page's headers isolate it (docs/pages.md). */
export const mostThreads = (): number =>
  globalThis.crossOriginIsolated ? (globalThis.navigator?.hardwareConcurrency ?? 1) : 1;

export const versions = (): Record<string, string> => ({ browser: globalThis.navigator?.userAgent ?? 'unknown' });
