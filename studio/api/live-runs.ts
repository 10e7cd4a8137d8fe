// All runs, kept up to date by the server's events; one connection for the whole window.
import { useSyncExternalStore } from 'react';
import type { RunSummary, StudioEvents } from '../../src/studio/api-types.js';

export type Connection = 'connecting' | 'open' | 'lost' | 'refused';

interface State {
  readonly connection: Connection;
  /** Newest first; undefined until they were first told. */
  readonly runs?: readonly RunSummary[];
}

let state: State = { connection: 'connecting' };
let source: EventSource | undefined;
const listeners = new Set<() => void>();

const RETRY_MS = 2000;
/** The server says it is alive every ten seconds. */
const SILENCE_MS = 25_000;
let silence: number | undefined;

function set(change: Partial<State>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

const newestFirst = (a: RunSummary, b: RunSummary): number =>
  (b.created ?? '').localeCompare(a.created ?? '') || a.name.localeCompare(b.name);

function connect(): void {
  source?.close();
  source = new EventSource('/api/events');
  const heard = () => {
    window.clearTimeout(silence);
    silence = window.setTimeout(() => lost(), SILENCE_MS);
  };
  source.addEventListener('runs', (event) => {
    heard();
    set({ connection: 'open', runs: JSON.parse(event.data) as StudioEvents['runs'] });
  });
  source.addEventListener('change', (event) => {
    heard();
    const { changed, removed } = JSON.parse(event.data) as StudioEvents['change'];
    const gone = new Set([...removed, ...changed.map(({ name }) => name)]);
    const rest = (state.runs ?? []).filter(({ name }) => !gone.has(name));
    set({ runs: [...rest, ...changed].sort(newestFirst) });
  });
  source.addEventListener('alive', heard);
  source.onerror = () => lost();
}

async function lost(): Promise<void> {
  source?.close();
  window.clearTimeout(silence);
  const status = await fetch('/api/info').then(
    (response) => response.status,
    () => 0,
  );
  set({ connection: status === 401 ? 'refused' : 'lost' });
  window.setTimeout(connect, RETRY_MS);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (source === undefined) {
    connect();
    window.addEventListener('offline', () => lost());
  }
  return () => listeners.delete(listener);
}

/** Undefined until the list has been told. */
export const useRuns = (): readonly RunSummary[] | undefined => useSyncExternalStore(subscribe, () => state.runs);

export const useConnection = (): Connection => useSyncExternalStore(subscribe, () => state.connection);
