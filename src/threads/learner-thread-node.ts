// A learner in a worker thread of Node: requests go over as messages, buffers are transferred, errors come back whole.
import { Worker } from 'node:worker_threads';
import { RunError } from '../errors.js';
import type { Learner, LearnerSetup } from '../learners/learner.js';
import { type PlainError, reviveError } from '../platform/thread-errors.js';

/** A call to the learner's method of that name. */
export interface Request {
  readonly id: number;
  readonly method: 'start' | keyof Learner;
  readonly args: readonly unknown[];
}

export interface Response {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: PlainError;
}

export async function startThread(setup: LearnerSetup): Promise<Learner> {
  const worker = new Worker(new URL('./learner-worker-node.js', import.meta.url));
  const waiting = new Map<number, { resolve(value: unknown): void; reject(reason: Error): void }>();
  let nextId = 0;
  let ended: Error | undefined;

  const fail = (error: Error) => {
    ended ??= error; // the exit that follows a failure must not hide it
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.on('message', ({ id, result, error }: Response) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error) call?.reject(reviveError(error));
    else call?.resolve(result);
  });
  worker.on('error', (error) => fail(new RunError(`the learner's thread failed: ${error.message}`, { cause: error })));
  worker.on('exit', (code) => fail(new RunError(`the learner's thread ended with code ${code}.`)));

  function call<T>(method: Request['method'], args: readonly unknown[], transfer: ArrayBuffer[] = []): Promise<T> {
    if (ended) return Promise.reject(ended);
    return new Promise((resolve, reject) => {
      const id = nextId++;
      waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      worker.postMessage({ id, method, args } satisfies Request, transfer);
    });
  }

  try {
    await call('start', [setup]);
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  return {
    policy: () => call('policy', []),
    load: (episodes, rows) => call('load', [episodes, rows], [episodes.rows.buffer as ArrayBuffer]),
    learn: (pieces, updates, most) => call('learn', [pieces, updates, most], [pieces.rows.buffer as ArrayBuffer]),
    // Between two updates the thread hears it.
    stop: () => void call('stop', []).catch(() => undefined),
    beginTask: (task) => call('beginTask', [task]),
    save: () => call('save', []),
    restore: (parts, replay) => call('restore', [parts, replay]),
    adopt: (parts) => call('adopt', [parts]),
    async dispose() {
      if (!ended) await call('dispose', []).catch(() => undefined);
      await worker.terminate();
    },
  };
}
