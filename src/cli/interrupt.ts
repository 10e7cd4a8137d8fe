// Ctrl-C: the first one asks the work to save and end, the next one ends the program at once.

/** npm forwards the Ctrl-C that the terminal has sent to us already; both arrive within this time. */
const SAME_KEYPRESS_MS = 300;

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

export interface Interrupt {
  readonly signal: AbortSignal;
  /** The exit code that a shell expects, once interrupted. */
  readonly exitCode: number | undefined;
  dispose(): void;
}

/** Watches for Ctrl-C (and SIGTERM); `onFirst` is called once, to tell the person. */
export function watchInterrupt(onFirst: () => void): Interrupt {
  const controller = new AbortController();
  let first: number | undefined;
  let exitCode: number | undefined;
  const handle = (name: NodeJS.Signals) => {
    const now = performance.now();
    if (first === undefined) {
      first = now;
      exitCode = EXIT_CODES[name as keyof typeof EXIT_CODES];
      onFirst();
      controller.abort();
    } else if (now - first > SAME_KEYPRESS_MS) {
      // By the signal itself: `process.exit` would tear the learner's thread down in the middle of native code, which
      // aborts the program with a crash report. A shell reports a death by SIGINT as 130 too.
      process.removeAllListeners(name);
      process.kill(process.pid, name);
    }
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    dispose() {
      process.off('SIGINT', handle);
      process.off('SIGTERM', handle);
    },
  };
}
