// Something fetched for a part of a page: loading, there, or failed with a way to try again.
import { useEffect, useState } from 'react';
import { getJson } from './client.js';

export interface Fetched<T> {
  readonly data?: T;
  readonly error?: Error;
  retry(): void;
}

/** Fetches whenever the path changes; undefined fetches nothing. What was there stays until its successor arrives. */
export function useJson<T>(path: string | undefined): Fetched<T> {
  const [state, setState] = useState<{ data?: T; error?: Error }>({});
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt fetches again
  useEffect(() => {
    if (path === undefined) return;
    const controller = new AbortController();
    getJson<T>(path, controller.signal).then(
      (data) => setState({ data }),
      (error: Error) => {
        if (!controller.signal.aborted) setState({ error });
      },
    );
    return () => controller.abort();
  }, [path, attempt]);
  return { ...state, retry: () => setAttempt(attempt + 1) };
}
