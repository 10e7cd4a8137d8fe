// Threads that share updates, in Node: all but the first share of the rows, in step with this thread by atomics.
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { RunError } from '../errors.js';
import { type PlainError, reviveError } from '../platform/thread-errors.js';
import type { ShareSetup, ShareThreads, StartShares } from './share-threads.js';

/** What a thread is given. */
export interface ShareThreadData extends ShareSetup {
  readonly control: SharedArrayBuffer;
  readonly index: number;
}

/** What a thread says: that it is ready, or what broke. */
export interface ShareMessage {
  readonly error?: PlainError;
}

/** Control words (int32): how often each share has come to meet the others, and then what this thread has them do. */
export const controlOf = (shares: number) => ({
  /** Number of steps to take, each at most once, or `STOP`; they follow. */
  count: shares,
  reload: shares + 1,
  steps: shares + 2,
});
export const STOP = -1;

/** Milliseconds of looking again and again before a thread goes to sleep: waking takes longer than most waits. */
const SPIN = 0.2;
/** Looks between two glances at the clock. */
const LOOKS = 50;
/** Milliseconds asleep after which a thread looks whether the others still live. */
const PATIENCE = 1000;

/** Waits until the word is no longer `value`; false after a while asleep. */
function awaitChange(words: Int32Array, index: number, value: number): boolean {
  if (Atomics.load(words, index) !== value) return true;
  const end = performance.now() + SPIN;
  do {
    for (let i = 0; i < LOOKS; i++) if (Atomics.load(words, index) !== value) return true;
  } while (performance.now() < end);
  return Atomics.wait(words, index, value, PATIENCE) !== 'timed-out';
}

/** A place where as many threads meet as there are shares. `check` throws if another one will not come. */
export function createMeeting(words: Int32Array, index: number, shares: number, check: () => void) {
  let times = 0;
  /** Has come, without waiting. */
  const arrive = () => {
    times = (times + 1) | 0;
    Atomics.store(words, index, times);
    Atomics.notify(words, index);
  };
  return {
    arrive,
    async meet(): Promise<void> {
      arrive();
      for (let other = 0; other < shares; other++) {
        for (;;) {
          const seen = Atomics.load(words, other);
          if (((seen - times) | 0) >= 0) break;
          if (awaitChange(words, other, seen)) continue;
          await setImmediate(); // a thread's end is an event
          check();
        }
      }
    },
  };
}

async function startThreads({ plan, memory, models }: ShareSetup): Promise<ShareThreads> {
  const { shares } = plan;
  const control = new SharedArrayBuffer(4 * (controlOf(shares).steps + plan.steps.length));
  const words = new Int32Array(control);
  const places = controlOf(shares);
  let broken: Error | undefined;
  let breaks: (error: Error) => void = () => undefined;
  const breaking = new Promise<never>((_, reject) => {
    breaks = reject;
  });
  breaking.catch(() => undefined); // told to whoever waits next
  const fail = (error: Error) => {
    broken ??= error; // the first says why
    breaks(broken);
  };
  const threads = Array.from({ length: shares - 1 }, (_, i) => {
    const data: ShareThreadData = { plan, memory, models, control, index: i + 1 };
    const thread = new Worker(new URL('./share-worker-node.js', import.meta.url), { workerData: data });
    const who = `the thread of share ${i + 2} of ${shares} of each update`;
    thread.on('message', ({ error }: ShareMessage) => error && fail(reviveError(error)));
    thread.on('error', (cause) => fail(new RunError(`${who} failed: ${cause.message}`, { cause })));
    thread.on('exit', (code) => fail(new RunError(`${who} ended with code ${code}.`)));
    return thread;
  });
  const ends = threads.map((thread) => new Promise<void>((resolve) => thread.once('exit', () => resolve())));
  const { arrive, meet } = createMeeting(words, 0, shares, () => {
    if (broken) throw broken;
  });
  try {
    await Promise.race([Promise.all(threads.map((thread) => once(thread, 'message'))), breaking]);
    if (broken) throw broken;
  } catch (error) {
    await Promise.all(threads.map((thread) => thread.terminate()));
    throw error;
  }
  return {
    begin(steps, reload) {
      steps.forEach((step, i) => {
        words[places.steps + i] = step;
      });
      words[places.reload] = reload ? 1 : 0;
      words[places.count] = steps.length;
      return meet();
    },
    meet,
    async dispose() {
      Atomics.store(words, places.count, STOP);
      arrive();
      await Promise.all(ends);
    },
  };
}

/** Absent where this program runs from its sources: Node's threads load compiled files. */
export const startShares: StartShares = import.meta.url.endsWith('.js') ? startThreads : undefined;
