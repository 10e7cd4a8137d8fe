// A program in a worker thread of Node: runs begin and end by atomics over shared memory, without a message.
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { RunError } from '../errors.js';
import { type Program, toOnnx } from '../tensor/index.js';
import { outputName } from '../tensor/onnx/emit.js';
import { sizeOf } from '../tensor/shape.js';
import type { ProgramThread, ThreadOptions } from './runtime.js';

/** A value's place in the shared memory, in numbers. */
export interface Place {
  readonly name: string;
  /** Its name in the model. */
  readonly modelName: string;
  readonly offset: number;
  readonly size: number;
}

/** What the thread is given. */
export interface ProgramThreadData {
  readonly model: Uint8Array;
  readonly threads: number;
  readonly memory: SharedArrayBuffer;
  readonly control: SharedArrayBuffer;
  readonly inputs: readonly Place[];
  readonly outputs: readonly Place[];
  readonly wanted: readonly string[];
}

/** Places in the control words (int32). */
export const CONTROL = {
  /** Runs asked for, a number that grows; `STOP` ends the thread. */
  asked: 0,
  /** Runs done. */
  done: 1,
  /** What the run asked for does beside: a sum of `LOAD` and `STORE`. */
  options: 2,
  /** 1 after a run that failed; its error comes as a message. */
  failed: 3,
} as const;
const CONTROL_WORDS = 4;
export const LOAD = 1;
export const STORE = 2;
export const STOP = -1;

/** Milliseconds of looking again and again before a thread goes to sleep: waking takes longer than most waits. */
const SPIN = 0.2;
/** Looks between two glances at the clock. */
const LOOKS = 50;

/** Waits until the word is no longer `value`; false after `timeout` milliseconds asleep. */
export function awaitChange(words: Int32Array, index: number, value: number, timeout: number): boolean {
  if (Atomics.load(words, index) !== value) return true;
  const end = performance.now() + SPIN;
  do {
    for (let i = 0; i < LOOKS; i++) if (Atomics.load(words, index) !== value) return true;
  } while (performance.now() < end);
  return Atomics.wait(words, index, value, timeout) !== 'timed-out';
}

/** Milliseconds asleep after which a thread looks whether the other one still lives. */
const PATIENCE = 1000;

export async function startProgramThread(program: Program, options: ThreadOptions): Promise<ProgramThread> {
  let length = 0;
  const place = (name: string, modelName: string, shape: readonly number[]): Place => {
    const size = sizeOf(shape);
    const offset = length;
    length += size;
    return { name, modelName, offset, size };
  };
  const inputs = program.inputs.filter(({ unused }) => !unused).map(({ name, shape }) => place(name, name, shape));
  const outputs = program.outputs.map(({ name, shape }) => place(name, outputName(program, name), shape));
  const memory = new SharedArrayBuffer(4 * length);
  const control = new SharedArrayBuffer(4 * CONTROL_WORDS);
  const words = new Int32Array(control);
  const { threads = 1, wanted } = options;
  const data: ProgramThreadData = { model: toOnnx(program), threads, memory, control, inputs, outputs, wanted };
  const worker = new Worker(new URL('./program-worker-node.js', import.meta.url), { workerData: data });
  let broken: Error | undefined;
  const breaks = new Promise<never>((_, reject) => {
    const fail = (reason: string, cause?: Error) => {
      broken ??= new RunError(`the thread of program "${program.name}" ${reason}`, { cause }); // the first says why
      reject(broken);
    };
    worker.on('message', ({ error }: { error?: Error }) => error && fail(`failed: ${error.message}`, error));
    worker.on('error', (error) => fail(`failed: ${error.message}`, error));
    worker.on('exit', (code) => fail(`ended with code ${code}.`));
  });
  breaks.catch(() => undefined); // told to whoever waits next

  try {
    await Promise.race([once(worker, 'message'), breaks]);
    if (broken) throw broken;
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  const views = (places: readonly Place[]) =>
    Object.fromEntries(places.map(({ name, offset, size }) => [name, new Float32Array(memory, 4 * offset, size)]));
  let runs = 0;
  return {
    inputs: views(inputs),
    outputs: views(outputs),
    start({ load, store }) {
      words[CONTROL.options] = (load ? LOAD : 0) + (store ? STORE : 0);
      Atomics.store(words, CONTROL.asked, ++runs);
      Atomics.notify(words, CONTROL.asked);
    },
    async finish() {
      while (!awaitChange(words, CONTROL.done, runs - 1, PATIENCE)) {
        if (broken) throw broken;
        await setImmediate(); // its end is an event
      }
      if (words[CONTROL.failed] === 1) await breaks;
    },
    async dispose() {
      if (!broken) {
        const ended = once(worker, 'exit');
        Atomics.store(words, CONTROL.asked, STOP);
        Atomics.notify(words, CONTROL.asked);
        await ended;
      }
      await worker.terminate();
    },
  };
}
