// Environments of one process that step together: their actions go over in one request, their results come in one answer.
import type { EnvSpec } from '../env.js';
import { COMMAND, type PythonHost } from './host.js';

/** Bits of an answer's flags. */
export const FLAG = { terminated: 1, truncated: 2, success: 4, next: 8 } as const;

/** An environment as its process knows it, and where its results go. */
export interface StepSlot {
  readonly number: number;
  /** As the environment takes it; read when the request is sent. */
  readonly action: Float32Array;
  /** The seed of the next episode, should this one end. */
  nextSeed(): number;
  /** Takes the results of a step; `next` begins with the first state of the next episode where that has begun. */
  receive(result: StepResult): void;
}

/** Views of an answer; they change with the next one. */
export interface StepResult {
  reward: number;
  flags: number;
  shown: Float32Array;
  info: Float32Array;
  bytes: Uint8Array;
  nextShown?: Float32Array;
  nextBytes?: Uint8Array;
}

export interface StepBatch {
  /** The slot's step shall be taken together with others. */
  add(slot: StepSlot): void;
  /** Whether it waits for its step. */
  has(slot: StepSlot): boolean;
  remove(slot: StepSlot): void;
  /** Takes the steps of all that wait. `begins`: where an episode ends, the next one begins at once. */
  run(begins: boolean, seconds: number): void;
}

const batches = new WeakMap<PythonHost, StepBatch>();

/** The one of this process. */
export function stepBatch(host: PythonHost, spec: EnvSpec): StepBatch {
  let batch = batches.get(host);
  if (!batch) {
    batch = createBatch(host, spec);
    batches.set(host, batch);
  }
  return batch;
}

function createBatch(host: PythonHost, spec: EnvSpec): StepBatch {
  const pictures = Object.values(spec.parts ?? {}).reduce((sum, { size }) => sum + size, 0);
  const floats = spec.observation.size + spec.achieved.size + spec.goal.size;
  const infos = spec.info.length;
  const waiting: StepSlot[] = [];

  function send(begins: boolean, seconds: number): Uint8Array<ArrayBuffer> {
    const n = waiting.length;
    const width = waiting[0].action.length;
    const bytes = 4 * (2 * n + 1 + n * width);
    const body = host.body(bytes);
    const words = new Uint32Array(body.buffer, body.byteOffset, 2 * n + 1);
    const actions = new Float32Array(body.buffer, body.byteOffset + 4 * (2 * n + 1), n * width);
    for (let i = 0; i < n; i++) {
      words[i] = waiting[i].number;
      words[n + i] = waiting[i].nextSeed();
      actions.set(waiting[i].action, i * width);
    }
    words[2 * n] = begins ? 1 : 0;
    return host.ask(COMMAND.step, n, bytes, seconds);
  }

  return {
    add(slot) {
      if (!waiting.includes(slot)) waiting.push(slot);
    },
    has: (slot) => waiting.includes(slot),
    remove(slot) {
      const i = waiting.indexOf(slot);
      if (i >= 0) waiting.splice(i, 1);
    },
    run(begins, seconds) {
      const slots = waiting.slice();
      try {
        const answer = send(begins, seconds);
        spread(slots, answer);
      } finally {
        waiting.length = 0;
      }
    },
  };

  /** The answer: rewards, numbers shown, info, of episodes begun their numbers; flags, pictures, pictures of those begun. */
  function spread(slots: readonly StepSlot[], answer: Uint8Array<ArrayBuffer>): void {
    const n = slots.length;
    const perRow = 1 + floats + infos;
    // What is left of a whole answer says how many episodes have begun.
    const begun = (answer.length - n * (4 * perRow + 1 + pictures)) / (4 * floats + pictures) || 0;
    const numbers = new Float32Array(answer.buffer, answer.byteOffset, n * perRow + begun * floats);
    const rest = answer.subarray(4 * numbers.length);
    let following = 0;
    for (let i = 0; i < n; i++) {
      const flags = rest[i];
      const result: StepResult = {
        reward: numbers[i],
        flags,
        shown: numbers.subarray(n + i * floats, n + (i + 1) * floats),
        info: numbers.subarray(n * (1 + floats) + i * infos, n * (1 + floats) + (i + 1) * infos),
        bytes: rest.subarray(n + i * pictures, n + (i + 1) * pictures),
      };
      if ((flags & FLAG.next) !== 0) {
        const at = n * perRow + following * floats;
        result.nextShown = numbers.subarray(at, at + floats);
        const byte = n + (n + following) * pictures;
        result.nextBytes = rest.subarray(byte, byte + pictures);
        following++;
      }
      slots[i].receive(result);
    }
  }
}
