// A Python process with environments of one name: requests and answers as binary frames, one after the other.
import { RunError, UsageError } from '../../errors.js';
import type { Description } from './description.js';
import { type NodeModules, nodeModules } from './node-modules.js';
import { areLastWords, lastWords, type PythonPipes, startPython } from './start-python.js';

const MAGIC = 0x31474741; // "AGG1"
/** Bytes before the body: magic, command, rows, seconds that the answer may take, bytes of the body. */
const REQUEST_HEADER = 20;
/** Magic, status, bytes of the body, nothing; so the body is aligned for any number. */
const ANSWER_HEADER = 16;

/** As in python/server/anygoal_environments.py. */
export const COMMAND = { describe: 1, reset: 2, step: 3, rules: 4, replay: 5, close: 6, render: 7 } as const;
const STATUS = { ok: 0, failed: 1, refused: 2 } as const;
/** Seconds in which an environment is made and tried. */
const DESCRIBE_SECONDS = 300;
/** Characters of what is said instead of an answer. */
const MOST_WORDS = 100_000;

export interface PythonHost {
  readonly name: string;
  readonly about: Description;
  /** Memory for the body of the next request, of at least so many bytes; it is kept from one to the next. */
  body(bytes: number): Uint8Array<ArrayBuffer>;
  /**
   * Sends the first `bytes` of `body` and waits for the answer: this thread stands still meanwhile, as for any simulation.
   * The answer's bytes are aligned for numbers and change with the next one.
   * @throws RunError with Python's traceback, or with why there is no answer; UsageError for what the environment cannot do
   */
  ask(command: number, rows: number, bytes: number, seconds: number): Uint8Array<ArrayBuffer>;
  /** Reserves the number of an environment, which is made when it is first used. */
  reserve(): number;
  /** Closes that environment. */
  free(number: number): void;
}

interface Shared {
  readonly host: Promise<Host>;
  /** The same once it has begun. */
  made?: Host;
  users: number;
  idle?: ReturnType<typeof setTimeout>;
}
type Host = PythonHost & { end(): void; broken(): boolean };

const hosts = new Map<string, Shared>();
/** Milliseconds after which a process that nobody uses ends. */
const IDLE = 5000;

/**
 * The process of this thread for that name, which is started if need be, or anew where it has broken. `releaseHost` it once
 * for each time.
 */
export async function acquireHost(name: string): Promise<PythonHost> {
  let shared = hosts.get(name);
  if (!shared || shared.made?.broken()) {
    shared = { host: startHost(name), users: 0 };
    hosts.set(name, shared);
  }
  clearTimeout(shared.idle);
  shared.users++;
  try {
    shared.made = await shared.host;
    return shared.made;
  } catch (error) {
    forget(name, shared);
    throw error;
  }
}

/** One that has broken has ended, whoever still has it; another may be in its place. */
export function releaseHost(host: PythonHost): void {
  const { name } = host;
  const shared = hosts.get(name);
  if (shared?.made !== host || --shared.users > 0) return;
  shared.idle = setTimeout(() => {
    forget(name, shared);
    shared.made?.end();
  }, IDLE);
  (shared.idle as { unref?(): void }).unref?.();
}

function forget(name: string, shared: Shared): void {
  if (hosts.get(name) === shared) hosts.delete(name);
}

async function startHost(name: string): Promise<Host> {
  const node = nodeModules(name);
  const pipes = await startPython(name, node);
  const frames = createFrames(name, node, pipes);
  let about: Description;
  try {
    about = JSON.parse(new TextDecoder().decode(await frames.askLater(COMMAND.describe, DESCRIBE_SECONDS)));
  } catch (error) {
    frames.end();
    throw error;
  }
  const taken = new Set<number>();
  return {
    name,
    about,
    body: frames.body,
    ask: frames.ask,
    end: frames.end,
    broken: frames.broken,
    reserve() {
      let number = 0;
      while (taken.has(number)) number++;
      taken.add(number);
      return number;
    },
    free(number) {
      taken.delete(number);
      if (frames.broken()) return;
      new Uint32Array(frames.body(4).buffer, REQUEST_HEADER, 1)[0] = number;
      frames.ask(COMMAND.close, 1, 4, DESCRIBE_SECONDS);
    },
  };
}

/** The frames on the pipes, in memory that grows and is kept. */
function createFrames(name: string, { fs }: NodeModules, pipes: PythonPipes) {
  let request = new Uint8Array(4096);
  let answer = new Uint8Array(65_536);
  let failure: Error | undefined;
  let open = true;

  function body(bytes: number): Uint8Array<ArrayBuffer> {
    if (request.length < REQUEST_HEADER + bytes) request = new Uint8Array(2 * (REQUEST_HEADER + bytes));
    return request.subarray(REQUEST_HEADER, REQUEST_HEADER + bytes);
  }
  function writeHeader(command: number, rows: number, bytes: number, seconds: number): number {
    const words = new Uint32Array(request.buffer, 0, 5);
    words[0] = MAGIC;
    words[1] = command;
    words[2] = rows;
    words[3] = Math.ceil(seconds);
    words[4] = bytes;
    return REQUEST_HEADER + bytes;
  }
  function end(): void {
    if (!open) return;
    open = false;
    failure ??= new RunError(`${name}: its Python process was ended already.`);
    pipes.close();
    fs.closeSync(pipes.requests);
    fs.closeSync(pipes.answers);
  }
  function fail(error: Error): never {
    failure = error;
    end();
    throw error;
  }
  /** How many bytes of the answer are to come, once there are enough of them to tell. */
  function wanted(got: number): number {
    if (got < ANSWER_HEADER) return ANSWER_HEADER;
    const words = new Uint32Array(answer.buffer, 0, 4);
    if (words[0] !== MAGIC) return -1;
    const all = ANSWER_HEADER + words[2];
    if (answer.length < all) {
      const larger = new Uint8Array(2 * all);
      larger.set(answer.subarray(0, got));
      answer = larger;
    }
    return all;
  }
  function read(at: number): number {
    for (;;) {
      try {
        return fs.readSync(pipes.answers, answer, at, answer.length - at, null);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EINTR') return 0;
      }
    }
  }
  /** Takes in an answer; yields where the next bytes go and is given how many came. */
  function* receive(seconds: number): Generator<number, Uint8Array<ArrayBuffer>, number> {
    let got = 0;
    let all = ANSWER_HEADER;
    while (got < all) {
      const more = yield got;
      got += more;
      all = wanted(got);
      if (more === 0 || all < 0) return fail(lastWords(name, yield* words(got, more), seconds));
    }
    const [, status] = new Uint32Array(answer.buffer, 0, 2);
    const content = answer.subarray(ANSWER_HEADER, all);
    if (status === STATUS.ok) return content;
    const text = textOf(content).trimEnd();
    if (status === STATUS.refused) throw new UsageError(`${name}: ${text}`);
    throw new RunError(`${name}: Python threw.\n${text}`);
  }
  /** What was said instead of an answer, to its end. */
  function* words(got: number, last: number): Generator<number, string, number> {
    let text = textOf(answer.subarray(0, got));
    if (!areLastWords(text)) pipes.close(); // else it may wait for us, and we for it
    for (let more = last; more > 0 && text.length < MOST_WORDS; text += textOf(answer.subarray(0, more)))
      more = yield 0;
    return text;
  }
  function write(bytes: number): void {
    try {
      for (let done = 0; done < bytes; ) done += fs.writeSync(pipes.requests, request, done, bytes - done);
    } catch {
      // It has gone; its last words wait to be read.
    }
  }

  return {
    body,
    end,
    broken: () => failure !== undefined,
    ask(command: number, rows: number, bytes: number, seconds: number) {
      if (failure) throw failure;
      write(writeHeader(command, rows, bytes, seconds));
      const receiving = receive(seconds);
      let next = receiving.next();
      while (!next.done) next = receiving.next(read(next.value));
      return next.value;
    },
    /** The same without a body, while this thread goes on with other things. */
    async askLater(command: number, seconds: number) {
      write(writeHeader(command, 0, 0, seconds));
      const readLater = (at: number) =>
        new Promise<number>((resolve) => {
          fs.read(pipes.answers, answer, at, answer.length - at, null, (error, count) => resolve(error ? 0 : count));
        });
      const receiving = receive(seconds);
      let next = receiving.next();
      while (!next.done) next = receiving.next(await readLater(next.value));
      return next.value;
    },
  };
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
