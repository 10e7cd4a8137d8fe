// Notices what changes in the runs folder and tells all listeners: one watcher, however many pages are open.
import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import type { RunSummary, StudioEvents } from './api-types.js';
import type { RunIndex } from './run-index.js';

export type Change = StudioEvents['change'];

export interface LiveRuns {
  /** All runs now; afterwards `listener` gets what changes, until the returned function is called. */
  subscribe(listener: (change: Change) => void): Promise<{ runs: RunSummary[]; end: () => void }>;
  /** Looks soon, because something is known to have changed. */
  nudge(): void;
  close(): void;
}

/** Polling finds everything; watching only makes it quick, where the file system can. */
const POLL_MS = 2000;
const SOON_MS = 150;

export function createLiveRuns({ root, index }: { root: string; index: RunIndex }): LiveRuns {
  const listeners = new Set<(change: Change) => void>();
  const watchers = new Map<string, FSWatcher>();
  /** As last told, by name. */
  let known = new Map<string, { run: RunSummary; text: string }>();
  let timer: NodeJS.Timeout | undefined;
  let due = 0;
  let scanning: Promise<RunSummary[]> | undefined;

  const schedule = (ms: number): void => {
    if (listeners.size === 0) return;
    const at = performance.now() + ms;
    if (timer !== undefined && due <= at) return;
    clearTimeout(timer);
    due = at;
    timer = setTimeout(() => {
      timer = undefined;
      scan()
        .catch(() => undefined) // the folder may be unreadable for a moment; the next look tells
        .finally(() => schedule(POLL_MS));
    }, ms);
  };

  const scan = (): Promise<RunSummary[]> => {
    scanning ??= look().finally(() => {
      scanning = undefined;
    });
    return scanning;
  };

  async function look(): Promise<RunSummary[]> {
    const runs = await index.list();
    const now = new Map(runs.map((run) => [run.name, { run, text: JSON.stringify(run) }]));
    const changed = runs.filter(({ name }) => known.get(name)?.text !== now.get(name)?.text);
    const removed = [...known.keys()].filter((name) => !now.has(name));
    known = now;
    watchFolders(['', ...runs.filter(({ state }) => state === 'running').map(({ name }) => name)]);
    if (changed.length > 0 || removed.length > 0) for (const tell of listeners) tell({ changed, removed });
    return runs;
  }

  function watchFolders(folders: readonly string[]): void {
    const wanted = new Set(listeners.size > 0 ? folders : []);
    for (const [folder, watcher] of watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of wanted) {
      if (watchers.has(folder)) continue;
      try {
        const watcher = watch(join(root, folder), { persistent: false }, () => schedule(SOON_MS));
        watcher.on('error', () => {
          watcher.close();
          watchers.delete(folder);
        });
        watchers.set(folder, watcher);
      } catch {
        // No watching here (network drives, too many watches): polling is enough.
      }
    }
  }

  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
    for (const watcher of watchers.values()) watcher.close();
    watchers.clear();
  };

  return {
    async subscribe(listener) {
      // Listens before it looks, so that nothing falls between.
      let ready = false;
      const tell = (change: Change) => {
        if (ready) listener(change);
      };
      listeners.add(tell);
      const end = () => {
        listeners.delete(tell);
        if (listeners.size === 0) stop();
      };
      try {
        await scanning; // one that began before us may be too old
        const runs = await scan();
        ready = true;
        schedule(POLL_MS);
        return { runs, end };
      } catch (error) {
        end();
        throw error;
      }
    },
    nudge: () => schedule(SOON_MS),
    close() {
      listeners.clear();
      stop();
    },
  };
}
