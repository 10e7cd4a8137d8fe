// Lets a page pause and stop a training in its worker, and be heard while it goes on.
import { nextTurn } from '../platform/yield.js';

/** Longest stretch without a turn for messages, in milliseconds. */
const TURN_MS = 12;

export interface Pausing {
  /** Aborts by `stop`. */
  signal(): AbortSignal;
  /** What training waits for between iterations; undefined: nothing. */
  between(): Promise<void> | undefined;
  pause(): void;
  goOn(): void;
  /** Ends with a checkpoint. */
  stop(): void;
  /** For a further training, after one that was stopped. */
  again(): void;
}

export function createPausing(): Pausing {
  let controller = new AbortController();
  let waiting: { readonly over: Promise<void>; readonly end: () => void } | undefined;
  let turn = 0;
  const goOn = () => {
    waiting?.end();
    waiting = undefined;
  };
  return {
    signal: () => controller.signal,
    between() {
      if (waiting) return waiting.over;
      const now = performance.now();
      if (now - turn < TURN_MS) return undefined;
      return nextTurn().then(() => {
        turn = performance.now();
      });
    },
    pause() {
      let end = () => {};
      const over = new Promise<void>((resolve) => {
        end = resolve;
      });
      waiting ??= { over, end };
    },
    goOn,
    stop() {
      controller.abort();
      goOn();
    },
    again() {
      controller = new AbortController();
    },
  };
}
