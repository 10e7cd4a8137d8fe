// Environments in worker threads of Node: steps over shared memory without a message, everything else by messages.
import { Worker } from 'node:worker_threads';
import type { EnvThreadsSetup } from '../acting/env-threads.js';
import { envMemoryBytes, packEnvs, unpackEnvs, viewEnvMemory } from '../envs/env-columns.js';
import type { EnvGroup } from '../envs/vector-env.js';
import { RunError } from '../errors.js';
import { type PlainError, reviveError } from '../platform/thread-errors.js';

/** What a thread is given: the rows `first` to `end` of the shared memory are its own. */
export interface EnvThreadData extends Omit<EnvThreadsSetup, 'spec' | 'workers'> {
  readonly memory: ArrayBufferLike;
  readonly control: ArrayBufferLike;
  readonly first: number;
  readonly end: number;
}

/** Places in the control words (int32). */
export const CONTROL = {
  /** Grows by one with each command; the threads sleep on it. */
  command: 0,
  /** Whether the command is a step, or to read a message. */
  isStep: 1,
  /** Threads that have not finished the step; the main thread is woken when it becomes 0. */
  pending: 2,
  /** 1 after a step in which a thread failed; its error comes as a message. */
  failed: 3,
} as const;
const CONTROL_WORDS = 4;

export type EnvRequest =
  | { readonly method: 'reset'; readonly seed?: number }
  | { readonly method: 'save' }
  | { readonly method: 'restore'; readonly states: readonly Uint8Array[] }
  | { readonly method: 'dispose' };

/** The answer to a request (`states` to save), or what broke. The first one says that the environments are there. */
export interface EnvResponse {
  readonly states?: readonly Uint8Array[];
  readonly error?: PlainError;
}

/** Node has it since version 16; TypeScript's library of this language version does not. */
type WaitAsync = (
  words: Int32Array,
  index: number,
  value: number,
) => { async: false; value: string } | { async: true; value: Promise<string> };
const { waitAsync } = Atomics as unknown as { waitAsync: WaitAsync };

/**
 * Starts the threads and creates the environments in them. Row i is the same environment with the same seed wherever it
 * lives, so the number of threads changes no transition, and saved states go on with any other number.
 */
export async function startEnvThreads(setup: EnvThreadsSetup): Promise<EnvGroup> {
  const { spec, envs, workers } = setup;
  const memory = new SharedArrayBuffer(envMemoryBytes(spec, envs));
  const control = new Int32Array(new SharedArrayBuffer(4 * CONTROL_WORDS));
  const { columns, actions } = viewEnvMemory(spec, envs, memory);
  const firstOf = (worker: number) => Math.floor((worker * envs) / workers);
  /** What is waited for: a step, or an answer of every thread. */
  let waiting: { resolve(): void; reject(error: Error): void } | undefined;
  let answers: (EnvResponse | undefined)[] = [];
  let broken: Error | undefined;

  const threads = Array.from({ length: workers }, (_, i) => {
    const data: EnvThreadData = {
      env: setup.env,
      goals: setup.goals,
      envs,
      memory,
      control: control.buffer,
      first: firstOf(i),
      end: firstOf(i + 1),
    };
    const thread = new Worker(new URL('./env-worker-node.js', import.meta.url), { workerData: data });
    thread.on('message', (response: EnvResponse) => {
      if (response.error) return fail(reviveError(response.error));
      answers[i] = response;
      if (answers.every((answer) => answer !== undefined)) waiting?.resolve();
    });
    const who = `environments ${firstOf(i)} to ${firstOf(i + 1) - 1} of ${spec.name}`;
    thread.on('error', (cause) => fail(new RunError(`the thread of ${who} failed: ${cause.message}`, { cause })));
    thread.on('exit', (code) => fail(new RunError(`the thread of ${who} ended with code ${code}.`)));
    return thread;
  });

  function fail(error: Error): void {
    broken ??= error; // the exit that follows a failure must not hide it
    waiting?.reject(broken);
  }

  /** Waits for what `begin` sets going. */
  function until(begin: () => void): Promise<void> {
    if (broken) return Promise.reject(broken);
    return new Promise((resolve, reject) => {
      waiting = { resolve, reject };
      begin();
    });
  }

  function wake(isStep: boolean): void {
    Atomics.store(control, CONTROL.isStep, isStep ? 1 : 0);
    Atomics.add(control, CONTROL.command, 1);
    Atomics.notify(control, CONTROL.command);
  }

  /** Looks whether the step is done, now and whenever woken. After a failure the error is already on its way. */
  function watch(): void {
    for (;;) {
      const left = Atomics.load(control, CONTROL.pending);
      if (left === 0) {
        if (Atomics.load(control, CONTROL.failed) === 0) waiting?.resolve();
        return;
      }
      const change = waitAsync(control, CONTROL.pending, left);
      if (change.async) {
        change.value.then(watch);
        return;
      }
    }
  }
  const beginStep = () => {
    Atomics.store(control, CONTROL.pending, workers);
    wake(true);
    watch();
  };

  async function ask(requestOf: (first: number, end: number) => EnvRequest): Promise<EnvResponse[]> {
    answers = new Array(workers).fill(undefined);
    await until(() => {
      threads.forEach((thread, i) => {
        thread.postMessage(requestOf(firstOf(i), firstOf(i + 1)));
      });
      wake(false);
    });
    return answers as EnvResponse[];
  }

  async function dispose(): Promise<void> {
    if (!broken) await ask(() => ({ method: 'dispose' })).catch(() => undefined);
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  try {
    answers = new Array(workers).fill(undefined);
    await until(() => undefined);
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    spec,
    count: envs,
    ...columns,
    async reset(seed) {
      await ask(() => ({ method: 'reset', seed }));
    },
    step(given) {
      actions.set(given);
      return until(beginStep);
    },
    async saveState() {
      const saved = await ask(() => ({ method: 'save' }));
      return packEnvs(
        spec,
        columns,
        saved.flatMap(({ states }) => states ?? []),
      );
    },
    async restoreState(bytes) {
      const states = unpackEnvs(spec, columns, bytes);
      await ask((first, end) => ({ method: 'restore', states: states.slice(first, end) }));
    },
    dispose,
  };
}
