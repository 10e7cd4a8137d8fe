// What differs between Node and browsers, here for pages and their workers.
import { createFetchStore } from '../runs/fetch-store.js';
import type { Store } from '../runs/store.js';
import type { Runtime } from '../runtime/runtime.js';

export const defaultRuntime = async (): Promise<Runtime> => (await import('../runtime/web.js')).webRuntime;

/** Files under a URL, to read; pass a store of your own to write. */
export const openStore = (location: string): Store => createFetchStore(location);

/** Programs run on one thread in a page, unless its headers allow more. */
export const cores = (): number => 1;

export const versions = (): Record<string, string> => ({ browser: globalThis.navigator?.userAgent ?? 'unknown' });
