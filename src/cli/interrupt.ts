// Ctrl-C: the first one asks the work to save and end, the next one ends the program at once. A terminal that closes or a
// system that shuts down asks too.

import { StoppedError } from '../errors.js';

/** npm forwards the Ctrl-C that the terminal has sent to us already; both arrive within this time. */
const SAME_KEYPRESS_MS = 300;

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type Signal = keyof typeof EXIT_CODES;
const SIGNALS = Object.keys(EXIT_CODES) as Signal[];

/** Behind what is done about each: why, and what ends the program at once. */
const REASONS: Readonly<Record<Signal, string>> = {
  SIGINT: '. Ctrl-C again stops at once.',
  SIGTERM: ', because SIGTERM came. A second one, or Ctrl-C, stops at once.',
  SIGHUP: ', because the terminal has closed (SIGHUP). SIGTERM stops at once.',
};

/** The work ended as it was asked to, before there was anything to keep: what to say, and the exit code. */
export class Interrupted extends Error {
  constructor(
    message: string,
    readonly exitCode: number,
  ) {
    super(message);
  }
}

export interface Interrupt {
  readonly signal: AbortSignal;
  /** The exit code that a shell expects, once interrupted. */
  readonly exitCode: number | undefined;
  /** The error that ended the work, as `Interrupted` where it is what was asked for. */
  explain(error: unknown): unknown;
  dispose(): void;
}

/** What a stream of the program that breaks means: its terminal has gone, which the work may want to hear of first. */
export function onBrokenOutput(error: NodeJS.ErrnoException): void {
  // A reader that goes away (| head) ends us quietly, with what a shell would report for it.
  if (error.code === 'EPIPE') process.exit(141);
  const hungUp = error.code === 'EIO' || error.code === 'ERR_STREAM_DESTROYED';
  if (!hungUp || process.listenerCount('SIGHUP') === 0) process.exit(1);
  process.emit('SIGHUP', 'SIGHUP');
}

/** Ends the program. Where the terminal has gone, by its signal: Node aborts when it cannot put a terminal in order. */
export function end(exitCode: number): void {
  if (exitCode !== EXIT_CODES.SIGHUP) process.exit(exitCode);
  process.removeAllListeners('SIGHUP');
  process.kill(process.pid, 'SIGHUP');
}

/**
 * Watches for Ctrl-C, SIGTERM and SIGHUP; of the first, `tell` has a line for the person: what is done about it (`doing`;
 * undefined: nothing worth a line), why, and what ends at once.
 */
export function watchInterrupt(
  tell: (line: string) => void,
  doing: () => string | undefined = () => 'Stopping',
): Interrupt {
  const controller = new AbortController();
  let first: number | undefined;
  let exitCode: number | undefined;
  const handle = (name: NodeJS.Signals) => {
    const now = performance.now();
    if (first === undefined) {
      first = now;
      exitCode = EXIT_CODES[name as Signal];
      const done = doing();
      if (done !== undefined) tell(done + REASONS[name as Signal]);
      controller.abort();
      // A terminal that closes says so more than once (itself, its shell), and nobody is there who could mean it.
    } else if (name !== 'SIGHUP' && now - first > SAME_KEYPRESS_MS) {
      // By the signal itself: `process.exit` would tear the learner's thread down in the middle of native code, which
      // aborts the program with a crash report. A shell reports a death by SIGINT as 130 too.
      process.removeAllListeners(name);
      process.kill(process.pid, name);
    }
  };
  for (const name of SIGNALS) process.on(name, handle);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    explain: (error) =>
      error instanceof StoppedError && exitCode !== undefined
        ? new Interrupted(`S${error.message.slice(1)}`, exitCode)
        : error,
    dispose() {
      for (const name of SIGNALS) process.off(name, handle);
    },
  };
}
