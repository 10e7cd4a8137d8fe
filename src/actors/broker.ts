// What actors and a learner need of a broker, whichever it is: messages that are kept, the newest of a few things, and talk.
import { RunError } from '../errors.js';

/** A message as the broker keeps it. */
export interface KeptMessage {
  /** Grows with every message of the run. */
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** Messages in the order of their numbers, as they come. */
export interface Incoming {
  /** The next one, as soon as there is one; undefined once closed. Ask again only after the answer. */
  next(): Promise<KeptMessage | undefined>;
  close(): Promise<void>;
}

/** What a run keeps the newest of. */
export type StateName = 'run' | 'policy';

/** One run's part of a broker. */
export interface Channel {
  readonly run: string;
  /** Bytes of the largest message that `send` takes. */
  readonly largest: number;
  /**
   * Has a message kept, and resolves with its number once it is safe. A message whose `id` was sent lately is kept once.
   * @throws RunError where the broker does not answer or has no room; send it again with the same `id`
   */
  send(id: string, message: Uint8Array): Promise<number>;
  /** The messages behind number `after`. */
  receive(after: number): Incoming;
  /** Messages up to this number are needed no longer. */
  forget(upTo: number): Promise<void>;
  /** Replaces what is kept under this name; of any size. */
  keep(name: StateName, bytes: Uint8Array): Promise<void>;
  /** What was kept last; undefined: nothing yet. */
  kept(name: StateName): Promise<Uint8Array | undefined>;
  /** Says something to whoever listens at this moment; it may be lost. */
  tell(who: string, text: string): void;
  /** Hears what is told by `who`, or by everybody. Returns what ends it. */
  listen(who: string | undefined, hear: (who: string, text: string) => void): () => void;
}

export interface Broker {
  /** Where it is, without secrets. */
  readonly address: string;
  /** Names of the runs that it knows. */
  runs(): Promise<readonly string[]>;
  /** A run's part, made where it is not there yet. `mostBytes`: how much of messages it may keep. */
  create(run: string, mostBytes: number): Promise<Channel>;
  /** @throws UsageError naming the runs that there are */
  open(run: string): Promise<Channel>;
  /** Removes everything of a run; whoever waits for its messages is told (`removed`). */
  remove(run: string): Promise<void>;
  close(): Promise<void>;
}

export const removed = (run: string): RunError =>
  new RunError(`run ${run} is no longer at the broker: somebody removed it, and its messages with it.`);

/** So many random letters and digits; pages that are not served securely have no `randomUUID`. */
export const randomLetters = (count: number): string =>
  Array.from(globalThis.crypto.getRandomValues(new Uint8Array(count)), (byte) => (byte % 36).toString(36)).join('');

/** Letters that every broker takes in a name. */
export const safeName = (name: string): string => name.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '');
