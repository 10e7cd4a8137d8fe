// Steps an environment for the program that started this one: requests and answers as frames over two pipes.
import { readSync, writeSync } from 'node:fs';
import { columnsOf } from '../envs/columns.js';
import type { EnvSpec, GoalEnv, GoalTransition, TimeStep } from '../envs/env.js';
import { actionSize } from '../envs/space.js';
import { RunError, UsageError } from '../errors.js';

/** As in python/anygoal/process.py. Every number is 32 bits, the lowest byte first. */
export const COMMAND = { describe: 1, reset: 2, step: 3, rules: 4 } as const;
/** A request begins with command, rows and bytes of its body; an answer with status and bytes. */
const REQUEST = 12;
const STATUS = { ok: 0, failed: 1 } as const;

/** Names and sizes of what an answer shows, in its order: numbers, then bytes. */
export interface Shown {
  readonly name: string;
  readonly size: number;
  readonly bytes: boolean;
}

/** What `describe` answers, as JSON: spaces and limits, and how answers to `reset` and `step` are laid out. */
export const describeEnv = (spec: EnvSpec): { spec: EnvSpec; shown: readonly Shown[] } => ({
  spec,
  shown: shownOf(spec),
});

function shownOf(spec: EnvSpec): Shown[] {
  const left = ['action', 'reward'];
  const all = columnsOf(spec)
    .filter(({ name }) => !left.includes(name))
    .map(({ name, size, dtype }) => ({ name, size, bytes: dtype === 'uint8' }));
  return [...all.filter(({ bytes }) => !bytes), ...all.filter(({ bytes }) => bytes)];
}

/** Answers one request. @throws whatever the environment throws */
export function createAnswers(env: GoalEnv): (command: number, rows: number, body: Uint8Array) => Uint8Array {
  const { spec } = env;
  const shown = shownOf(spec);
  const size = (bytes: boolean) => shown.reduce((sum, one) => sum + (one.bytes === bytes ? one.size : 0), 0);
  /** Reward, terminated, truncated and success come first. */
  const row = new Uint8Array(4 * (4 + size(false)) + size(true));
  const numbers = new Float32Array(row.buffer, 0, 4 + size(false));

  function show(now: TimeStep & Partial<GoalTransition>): Uint8Array {
    const { reward = 0, terminated = false, truncated = false, isSuccess = false } = now;
    numbers.set([reward, terminated ? 1 : 0, truncated ? 1 : 0, isSuccess ? 1 : 0]);
    let at = 16;
    for (const { name, size, bytes } of shown) {
      const values = now.columns?.[name] ?? now[name as 'observation'];
      if (bytes) row.set(values, at);
      else numbers.set(values, at / 4);
      at += bytes ? size : 4 * size;
    }
    return row;
  }

  function rules(n: number, given: Float32Array): Uint8Array {
    const sizes = [spec.achieved.size, spec.goal.size, spec.info.length];
    let at = 0;
    const [achieved, desired, info] = sizes.map((width) => {
      at += n * width;
      return given.subarray(at - n * width, at);
    });
    const out = new Uint8Array(5 * n);
    env.computeReward(achieved, desired, info, new Float32Array(out.buffer, 0, n));
    env.computeSuccess(achieved, desired, info, out.subarray(4 * n));
    return out;
  }

  return (command, rows, body) => {
    const text = () => new TextDecoder().decode(body);
    const floats = () => new Float32Array(body.slice().buffer);
    switch (command) {
      case COMMAND.describe:
        return new TextEncoder().encode(JSON.stringify(describeEnv(spec)));
      case COMMAND.reset:
        return show(env.reset(JSON.parse(text())));
      case COMMAND.step: {
        const action = floats();
        if (action.length !== actionSize(spec.action)) {
          throw new UsageError(
            `${spec.name}: an action has ${action.length} numbers; it must have ${actionSize(spec.action)}.`,
          );
        }
        return show(env.step(action));
      }
      case COMMAND.rules:
        return rules(rows, floats());
      default:
        throw new RunError(`serve: command ${command} is unknown; use the package of the same version.`);
    }
  };
}

/** Answers until the other end closes. This process does nothing else, so it waits for each request. */
export function serveEnv(env: GoalEnv, requests: number, answers: number): void {
  const answer = createAnswers(env);
  for (;;) {
    const head = read(requests, REQUEST);
    if (!head) return;
    const [command, rows, size] = new Uint32Array(head.buffer, 0, 3);
    const body = read(requests, size);
    if (!body) return;
    let status: number = STATUS.ok;
    let content: Uint8Array;
    try {
      content = answer(command, rows, body);
    } catch (error) {
      status = STATUS.failed;
      const expected = error instanceof RunError || error instanceof UsageError;
      content = new TextEncoder().encode(expected ? error.message : String((error as Error)?.stack ?? error));
    }
    const frame = new Uint8Array(8 + content.length);
    new Uint32Array(frame.buffer, 0, 2).set([status, content.length]);
    frame.set(content, 8);
    for (let done = 0; done < frame.length; ) done += writeSync(answers, frame, done);
  }
}

/** So many bytes; undefined where the other end closes before. */
function read(from: number, size: number): Uint8Array<ArrayBuffer> | undefined {
  const bytes = new Uint8Array(size);
  for (let got = 0; got < size; ) {
    const more = readSync(from, bytes, got, size - got, null);
    if (more === 0) return undefined;
    got += more;
  }
  return bytes;
}
