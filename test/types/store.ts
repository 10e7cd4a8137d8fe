// A store of one's own: the files of runs in a Map.
import { loadPolicy, type Policy, type Store, train } from 'anygoal';
import { typeOf } from './check.js';

export class MapStore implements Store {
  readonly location = 'map';
  readonly #files = new Map<string, Uint8Array>();
  async read(path: string): Promise<Uint8Array> {
    return this.#files.get(path) ?? new Uint8Array();
  }
  async write(path: string, bytes: Uint8Array): Promise<void> {
    this.#files.set(path, bytes);
  }
  async append(path: string, bytes: Uint8Array): Promise<void> {
    this.#files.set(path, bytes);
  }
  async truncate(path: string, length: number): Promise<void> {
    this.#files.set(path, new Uint8Array(length));
  }
  async sync(): Promise<void> {}
  async size(path: string): Promise<number | undefined> {
    return this.#files.get(path)?.length;
  }
  async list(): Promise<string[]> {
    return [...this.#files.keys()];
  }
  async rename(): Promise<void> {}
  async remove(path: string): Promise<void> {
    this.#files.delete(path);
  }
  async link(): Promise<void> {}
  async readLink(): Promise<undefined> {
    return undefined;
  }
}

export async function use(): Promise<void> {
  const store = new MapStore();
  await train({ env: 'point/reach', store });
  typeOf(await loadPolicy({ run: 'x', store })).is<Policy>();
  // @ts-expect-error a store that only reads
  await train({ env: 'point/reach', store: { location: 'x', read: store.read } });
}
