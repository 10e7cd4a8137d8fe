// The worker of a watched stage, as a part of a page: opened for what is watched, frames to who draws, readings now and then.
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { calls } from '../../src/page/worker-calls.js';
import type { StageFacts } from '../../src/view/facts.js';
import type { Field } from '../../src/view/field.js';
import type { Frame } from '../../src/view/frame.js';
import type { WatchNews, WatchWorker } from '../workers/watch.worker.js';
import type { WatchedRun } from './stage.js';

/** Readings change more often than people read. */
const READ_MS = 120;

export type Ask = ReturnType<typeof calls<WatchWorker>>;

export interface FrameListener {
  frame(frame: Frame, interval: number): void;
  field(field: Field): void;
}

/** A stage that can be drawn. */
export interface ShownStage {
  readonly facts: StageFacts;
  /** Who draws; returns a function that stops it. */
  listen(listener: FrameListener): () => void;
  /** The latest frame, a few times a second. */
  readonly readings: Readings<Frame | undefined>;
}

export interface OpenStage extends ShownStage {
  readonly ask: Ask;
  readonly fields: Readings<Field | undefined>;
}

export interface Readings<T> {
  subscribe(listener: () => void): () => void;
  get(): T;
}

/** A value that is told to its subscribers at most every `READ_MS`. */
export function createReadings<T>(first: T): Readings<T> & { set(value: T): void } {
  let current = first;
  let told = first;
  let waiting: number | undefined;
  const listeners = new Set<() => void>();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get: () => told,
    set(value) {
      current = value;
      if (waiting !== undefined) return;
      waiting = window.setTimeout(() => {
        waiting = undefined;
        told = current;
        for (const listener of listeners) listener();
      }, READ_MS);
    },
  };
}

export const useReadings = <T>({ subscribe, get }: Readings<T>): T => useSyncExternalStore(subscribe, get);

export interface StageState {
  readonly stage?: OpenStage;
  readonly error?: Error;
}

/** `runs` must be the same array as long as the same is watched; undefined: nothing yet. */
export function useStage(runs: readonly WatchedRun[] | undefined, goals: number): StageState & { retry(): void } {
  const [state, setState] = useState<StageState>({});
  const [attempt, setAttempt] = useState(0);
  const seed = useRef(1 + Math.floor(1e6 * Math.random()));
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt opens again
  useEffect(() => {
    setState({});
    if (!runs) return;
    const worker = new Worker(new URL('../workers/watch.worker.ts', import.meta.url), { type: 'module' });
    const ask = calls<WatchWorker>(worker);
    const listeners = new Set<FrameListener>();
    const readings = createReadings<Frame | undefined>(undefined);
    const fields = createReadings<Field | undefined>(undefined);
    const fail = (error: Error) => setState((before) => ({ ...before, error }));
    worker.addEventListener('message', ({ data }: MessageEvent<WatchNews | { news?: undefined }>) => {
      if (data.news === 'frame') {
        for (const listener of listeners) listener.frame(data.frame, data.interval);
        readings.set(data.frame);
      } else if (data.news === 'field') {
        for (const listener of listeners) listener.field(data.field);
        fields.set(data.field);
      } else if (data.news === 'failed') fail(new Error(data.message));
    });
    const listen = (listener: FrameListener) => {
      listeners.add(listener);
      void ask.whole();
      return () => listeners.delete(listener);
    };
    ask
      .open(runs, goals, seed.current)
      .then((facts) => setState({ stage: { ask, facts, listen, readings, fields } }), fail);
    return () => worker.terminate();
  }, [runs, goals, attempt]);
  return useMemo(() => ({ ...state, retry: () => setAttempt((n) => n + 1) }), [state]);
}
