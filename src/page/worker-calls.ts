// Calls into a worker as if its functions were here: one message there, one back, errors included.
import { RunError } from '../errors.js';
import { type PlainError, plainError, reviveError } from '../platform/thread-errors.js';

/** What a worker offers; arguments and results must be things that messages can carry. */
export type Offers = Readonly<Record<string, (...args: never[]) => unknown>>;

type Calls<T extends Offers> = {
  [K in keyof T]: (...args: Parameters<T[K]>) => Promise<Awaited<ReturnType<T[K]>>>;
};

interface Request {
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: PlainError;
}

/** In the worker: answers calls with these functions. */
export function offer(functions: Offers): void {
  self.addEventListener('message', async ({ data: { id, name, args } }: MessageEvent<Request>) => {
    if (id === undefined) return; // of somebody else, such as a bundler's development server
    let answer: Answer;
    try {
      const call = functions[name] as (...args: readonly unknown[]) => unknown;
      answer = { id, result: await call(...args) };
    } catch (error) {
      answer = { id, error: plainError(error) };
    }
    self.postMessage(answer);
  });
}

/** In the page: `calls(worker).name(...)` for each function that the worker offers. */
export function calls<T extends Offers>(worker: Worker): Calls<T> {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let nextId = 0;
  worker.addEventListener('message', ({ data: { id, result, error } }: MessageEvent<Answer>) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error) call?.reject(reviveError(error));
    else call?.resolve(result);
  });
  worker.addEventListener('error', (event) => {
    const error = new RunError(
      `the worker failed: ${event.message || 'its script did not load, or does not come from the origin of the page; the console names its address (docs/pages.md says what it needs)'}`,
    );
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  });
  return new Proxy({} as Calls<T>, {
    get:
      (_, name: string) =>
      (...args: readonly unknown[]) =>
        new Promise((resolve, reject) => {
          const id = nextId++;
          waiting.set(id, { resolve, reject });
          worker.postMessage({ id, name, args } satisfies Request);
        }),
  });
}
