// Diagnoses of runs, computed in a process of their own, one at a time: `anygoal tasks diagnose` and `anygoal model diagnose`.
import { type ChildProcess, execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { RunError } from '../errors.js';
import { RequestError } from './request-error.js';

export interface Diagnoser {
  /** What the command prints with `--json`. @throws RequestError while another one goes */
  diagnose(words: readonly string[]): Promise<object>;
  close(): void;
}

/** Every layer of many tasks has a matrix. */
const MOST_OUTPUT = 64 << 20;
const MOST_MS = 600_000;

/** `script`: the compiled command line. `busy`: what is said while another one goes. */
export function createDiagnoser(
  script: URL,
  busy = 'another run is being diagnosed; wait until it is done.',
): Diagnoser {
  let child: ChildProcess | undefined;
  return {
    diagnose(words) {
      if (child) throw new RequestError(409, busy);
      return new Promise((resolve, reject) => {
        const options = { maxBuffer: MOST_OUTPUT, timeout: MOST_MS };
        const all = [fileURLToPath(script), ...words, '--json'];
        child = execFile(process.execPath, all, options, (error, stdout, stderr) => {
          child = undefined;
          const answer = error ? undefined : answerOf(stdout);
          if (answer) return resolve(answer);
          if (!error) return reject(new RunError('the diagnosis ended without an answer.'));
          const took = error.killed
            ? `the diagnosis was stopped, as after ${MOST_MS / 60_000} minutes.`
            : error.message;
          const why = stderr.trim().split('\n').at(-1) || took;
          // The command line explains its errors; 2 is what was asked for.
          reject(error.code === 2 ? new RequestError(400, why) : new RunError(why));
        });
      });
    },
    close: () => void child?.kill(),
  };
}

/** Undefined where it is none: what is thrown while a process ends would end the studio. */
function answerOf(text: string): object | undefined {
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}
