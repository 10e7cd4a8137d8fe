// A broker in memory: actors and learner in one program, for tests and for simulations; nothing outlives it.
import { RunError, unknownName } from '../errors.js';
import { type Broker, type Channel, type Incoming, type KeptMessage, removed, type StateName } from './broker.js';

/** `largest`: bytes of the largest message. */
export function createMemoryBroker({ largest = 1_000_000 } = {}): Broker {
  const channels = new Map<string, Channel & { remove(): void }>();
  return {
    address: 'memory',
    runs: async () => [...channels.keys()],
    async create(run, mostBytes) {
      const channel = channels.get(run) ?? createChannel(run, largest, mostBytes);
      channels.set(run, channel);
      return channel;
    },
    async open(run) {
      const channel = channels.get(run);
      if (!channel) throw unknownName('run', run, [...channels.keys()], ' of this broker');
      return channel;
    },
    async remove(run) {
      channels.get(run)?.remove();
      channels.delete(run);
    },
    close: async () => undefined,
  };
}

type Listener = { readonly who: string | undefined; hear(who: string, text: string): void };

function createChannel(run: string, largest: number, mostBytes: number): Channel & { remove(): void } {
  let messages: KeptMessage[] = [];
  const numbers = new Map<string, number>();
  const state = new Map<StateName, Uint8Array>();
  const listeners = new Set<Listener>();
  const waiting = new Set<() => void>();
  let last = 0;
  let bytes = 0;
  let isRemoved = false;

  function receive(after: number): Incoming {
    let at = after;
    let isOpen = true;
    let wake: (() => void) | undefined;
    return {
      async next() {
        while (isOpen) {
          const message = messages.find(({ number }) => number > at);
          if (message) {
            at = message.number;
            return message;
          }
          if (isRemoved) throw removed(run);
          await new Promise<void>((resolve) => {
            wake = resolve;
            waiting.add(resolve);
          });
        }
        return undefined;
      },
      async close() {
        isOpen = false;
        wake?.();
      },
    };
  }

  return {
    run,
    largest,
    async send(id, message) {
      const known = numbers.get(id);
      if (known !== undefined) return known;
      if (message.length > largest) throw new RunError(`a message of ${message.length} bytes exceeds ${largest}.`);
      if (bytes + message.length > mostBytes) throw new RunError(`the broker keeps no more than ${mostBytes} bytes.`);
      last++;
      numbers.set(id, last);
      messages.push({ number: last, bytes: message.slice() });
      bytes += message.length;
      for (const wake of waiting) wake();
      waiting.clear();
      return last;
    },
    receive,
    remove() {
      isRemoved = true;
      for (const wake of waiting) wake();
    },
    async forget(upTo) {
      messages = messages.filter(({ number }) => number > upTo);
      bytes = messages.reduce((sum, message) => sum + message.bytes.length, 0);
    },
    async keep(name, kept) {
      state.set(name, kept.slice());
    },
    kept: async (name) => state.get(name),
    tell(who, text) {
      for (const listener of [...listeners]) {
        if (listener.who === undefined || listener.who === who) queueMicrotask(() => listener.hear(who, text));
      }
    },
    listen(who, hear) {
      const listener = { who, hear };
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
