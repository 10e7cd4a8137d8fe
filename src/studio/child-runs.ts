// Runs that the studio trains, each in a process of its own: start, go on, stop, and what became of them.
import { type ChildProcess, fork } from 'node:child_process';
import { basename } from 'node:path';
import type { TrainConfig } from '../config/config.js';
import { RunError, UsageError } from '../errors.js';
import type { Progress } from '../training/types.js';
import type { FromChild, ToChild } from './child-messages.js';
import { RequestError } from './request-error.js';

export interface ChildRun {
  readonly state: 'running' | 'ended' | 'failed';
  readonly progress?: Progress;
  /** What went wrong. */
  readonly problem?: string;
  /** What its settings say against it, after what was taken from its data sets. */
  readonly warnings?: readonly string[];
}

export interface ChildRuns {
  /** Undefined for runs that this studio never trained. */
  get(name: string): ChildRun | undefined;
  /** Trains; the run's name once its folder exists. `notes`: what there is to tell of its settings. */
  start(config: TrainConfig, runsDir: string, notes?: readonly string[]): Promise<string>;
  /** Goes on with the run in the folder `path`. */
  resume(name: string, path: string, changes: { steps?: number; untilSuccess?: number }): Promise<void>;
  /** Asks it to save a checkpoint and end; resolves when it has. */
  stop(name: string): Promise<void>;
  readonly running: number;
  readonly most: number;
  /** Asks all to save and end, and waits for them. */
  close(): Promise<void>;
  /** Is called whenever something about a run has changed. */
  onChange: () => void;
}

interface Live {
  state: ChildRun['state'];
  progress?: Progress;
  problem?: string;
  warnings?: readonly string[];
  readonly process: ChildProcess;
  readonly ended: Promise<void>;
}

/** `script`: the compiled child-run.js. */
export function createChildRuns({ script, most }: { script: URL; most: number }): ChildRuns {
  const runs = new Map<string, Live>();
  const alive = new Set<Live>();
  let closed = false;

  function launch(message: ToChild, name?: string, notes: readonly string[] = []): Promise<string> {
    if (closed) throw new RequestError(503, 'the studio is ending; start it again.');
    if (alive.size >= most) {
      throw new RequestError(
        409,
        `${alive.size} runs are going already, as many as this computer can take at once; stop one first.`,
      );
    }
    const child = fork(script, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], serialization: 'advanced' });
    let errors = '';
    child.stderr?.on('data', (text) => {
      errors = (errors + text).slice(-2000);
    });
    let end = () => {};
    const run: Live = {
      state: 'running',
      process: child,
      ended: new Promise((resolve) => {
        end = resolve;
      }),
    };
    alive.add(run);
    if (name !== undefined) runs.set(name, run);

    return new Promise<string>((resolve, reject) => {
      child.on('message', (message: FromChild) => {
        if (message.kind === 'progress') run.progress = message.progress;
        else if (message.kind === 'ended') run.state = 'ended';
        else if (message.kind === 'started') {
          const started = basename(message.path);
          const warnings = [...notes, ...message.warnings];
          if (warnings.length > 0) run.warnings = warnings;
          runs.set(started, run);
          resolve(started);
        } else {
          run.state = 'failed';
          run.problem = message.message;
          const usage = message.name === 'UsageError';
          reject(usage ? new UsageError(message.message) : new RunError(message.message));
        }
        api.onChange();
      });
      child.on('error', (error) => reject(new RunError(`the run's process did not start: ${error.message}.`)));
      child.on('exit', (code, signal) => {
        if (run.state === 'running') {
          run.state = 'failed';
          const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
          const why = errors.trim().split('\n').at(-1);
          run.problem = `the run's process ${how}${why ? `: ${why}` : ''}. Resume goes on from the last checkpoint.`;
        }
        alive.delete(run);
        end();
        reject(new RunError(run.problem ?? 'the run ended before it began.'));
        api.onChange();
      });
      child.send(message, (error) => {
        if (error) child.kill();
      });
    });
  }

  const tellStop = ({ process }: Live): void => {
    if (process.connected) process.send({ kind: 'stop' } satisfies ToChild, () => {});
  };

  const api: ChildRuns = {
    onChange: () => {},
    get: (name) => runs.get(name),
    start: (config, runsDir, notes) => launch({ kind: 'train', config, runsDir }, undefined, notes),
    async resume(name, path, changes) {
      if (runs.get(name)?.state === 'running') throw new RequestError(409, `${name} is being trained already.`);
      const before = runs.get(name);
      await launch({ kind: 'resume', run: path, ...changes }, name).catch((error: Error) => {
        // Refused, nothing was changed: the run is what it was.
        if (error instanceof UsageError && before) runs.set(name, before);
        else if (error instanceof UsageError) runs.delete(name);
        throw error;
      });
    },
    async stop(name) {
      const run = runs.get(name);
      if (run?.state !== 'running') {
        throw new RequestError(
          409,
          `${name} is not trained by this studio; if it is going, stop it with Ctrl-C where it was started.`,
        );
      }
      tellStop(run);
      await run.ended;
    },
    get running() {
      return alive.size;
    },
    most,
    async close() {
      closed = true;
      for (const run of alive) tellStop(run);
      await Promise.all([...alive].map(({ ended }) => ended));
    },
  };
  return api;
}
