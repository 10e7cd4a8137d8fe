// A read-only store over HTTP: the files of a run under a URL, for policies in pages.
import { RunError } from '../errors.js';
import type { CheckpointHeader } from './run-layout.js';
import type { Store } from './store.js';

/** Reads files under `location`; writing is refused. Servers follow the links `best` and `last` themselves. */
export function createFetchStore(location: string): Store {
  const root = location.endsWith('/') ? location.slice(0, -1) : location;
  const refuse = () =>
    Promise.reject(
      new RunError(`${root} can only be read; pass a store that can be written, such as createMemoryStore().`),
    );
  const get = (path: string, init?: RequestInit): Promise<Response> => {
    const url = `${root}/${path}`;
    return fetch(url, init).catch((error: Error) => {
      throw new RunError(`cannot load ${url}: ${error.message}.`);
    });
  };
  const header = async (path: string): Promise<Pick<CheckpointHeader, 'steps' | 'best' | 'bestSteps'> | undefined> => {
    const response = await get(`${path}/checkpoint.json`);
    return response.ok ? await response.json() : undefined;
  };
  /** The last checkpoint says which is the best, so that nothing is asked for that is not there. */
  const target = async (path: string): Promise<string | undefined> => {
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    const last = path.endsWith('/best') ? await header(`${folder}last`) : undefined;
    if (last?.bestSteps !== undefined) return last.bestSteps === null ? undefined : String(last.bestSteps);
    const found = await header(path);
    return found && String(found.steps);
  };
  return {
    location: root,
    async read(path) {
      const response = await get(path);
      if (!response.ok) throw new RunError(`cannot load ${root}/${path}: the server answers ${response.status}.`);
      return new Uint8Array(await response.arrayBuffer());
    },
    async size(path) {
      const response = await get(path, { method: 'HEAD' });
      if (!response.ok) return undefined;
      // A compressed answer's length is not the file's.
      const length = response.headers.has('content-encoding') ? null : response.headers.get('content-length');
      return length === null ? (await this.read(path)).length : Number(length);
    },
    // HTTP has no folders to list and follows links itself, so a link's target is what its checkpoint.json says.
    async list(path) {
      const targets = await Promise.all([target(`${path}/best`), target(`${path}/last`)]);
      return [...new Set(targets.filter((name) => name !== undefined))];
    },
    readLink: target,
    write: refuse,
    append: refuse,
    truncate: refuse,
    rename: refuse,
    remove: refuse,
    link: refuse,
    sync: refuse,
  };
}
