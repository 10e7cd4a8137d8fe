// An actor's episodes on their way: in their order, one at a time, again and again until the broker has them.
import type { Channel } from './broker.js';

/** Milliseconds between two attempts. */
const AGAIN = 250;

export interface Outbox {
  /** Sends messages one behind the other; `sent` is called once the broker has them all. */
  add(messages: readonly { readonly id: string; readonly bytes: Uint8Array }[], sent?: () => void): void;
  /** Messages that the broker does not have yet. */
  readonly waiting: number;
  /** Why the last attempt failed; undefined: it did not. */
  readonly problem: string | undefined;
  readonly messages: number;
  readonly bytes: number;
  /** The broker's numbers of the first and the last message of this actor; 0 before. */
  readonly first: number;
  readonly last: number;
  /** Resolves when everything is sent, or after so many milliseconds; then nothing more is. */
  close(milliseconds: number): Promise<void>;
}

export function createOutbox(channel: Pick<Channel, 'send'>): Outbox {
  let tail: Promise<void> = Promise.resolve();
  let waiting = 0;
  let problem: string | undefined;
  let messages = 0;
  let bytes = 0;
  let first = 0;
  let last = 0;
  let isOpen = true;

  async function send(id: string, message: Uint8Array): Promise<void> {
    while (isOpen) {
      try {
        last = await channel.send(id, message);
        if (first === 0) first = last;
        messages++;
        bytes += message.length;
        problem = undefined;
        return;
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error);
        await new Promise((resolve) => setTimeout(resolve, AGAIN));
      }
    }
  }

  return {
    add(list, sent) {
      waiting += list.length;
      tail = tail.then(async () => {
        for (const { id, bytes: message } of list) {
          await send(id, message);
          waiting--;
        }
        if (isOpen) sent?.();
      });
    },
    get waiting() {
      return waiting;
    },
    get problem() {
      return problem;
    },
    get messages() {
      return messages;
    },
    get bytes() {
      return bytes;
    },
    get first() {
      return first;
    },
    get last() {
      return last;
    },
    async close(milliseconds) {
      const late = setTimeout(() => {
        isOpen = false;
      }, milliseconds);
      await tail;
      clearTimeout(late);
      isOpen = false;
    },
  };
}
