// A broker that is a NATS server with JetStream: https://docs.nats.io/nats-concepts/jetstream
import type * as JetStream from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { RunError, unknownName } from '../errors.js';
import {
  type Broker,
  type Channel,
  type Incoming,
  type KeptMessage,
  randomLetters,
  removed,
  type StateName,
} from './broker.js';

/** Messages asked for at once, and milliseconds that the server may gather them. */
const FETCH = 256;
const FETCH_TIME = 2000;
/** Milliseconds before a failed request is made again. */
const AGAIN = 200;
/** Milliseconds that the server has to answer. */
const TIMEOUT = 5000;
/** The same for a message, which is sent again without harm: a server that was away may have lost the first one. */
const SEND_TIMEOUT = 1000;
/** What a server takes in one message, less what it needs itself. */
const OVERHEAD = 4096;
/** What JetStream answers where there is no such stream. */
const NO_STREAM = 10059;
/** Attempts to read what is being replaced. */
const TRIES = 5;

const prefix = 'anygoal';
/** Streams: messages in files until they are forgotten; the newest of what a run keeps. */
const messagesOf = (run: string) => `${prefix}_${run}`;
const stateOf = (run: string) => `${prefix}_${run}_state`;
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const text = new TextDecoder();
/** Not one of Node's Buffers, whose `slice` copies nothing. */
const plain = ({ buffer, byteOffset, byteLength }: Uint8Array) => new Uint8Array(buffer, byteOffset, byteLength);

export async function createNatsBroker(
  connection: NatsConnection,
  jetStream: typeof JetStream,
  address: string,
): Promise<Broker> {
  const { jetstreamManager, DiscardPolicy, RetentionPolicy, StorageType } = jetStream;
  const manager = await jetstreamManager(connection, { timeout: TIMEOUT }).catch((error: Error) => {
    throw new RunError(
      `${address}: ${error.message}. The server needs JetStream: start it with nats-server --jetstream.`,
      { cause: error },
    );
  });
  const channelOf = (run: string) => createChannel(connection, jetStream, manager, run);

  async function runs(): Promise<string[]> {
    const names: string[] = [];
    for await (const { config } of manager.streams.list()) {
      const { name } = config;
      if (name.startsWith(`${prefix}_`) && name.endsWith('_state')) names.push(name.slice(prefix.length + 1, -6));
    }
    return names.sort();
  }

  async function ensure(config: Partial<JetStream.StreamConfig> & { name: string }): Promise<void> {
    try {
      await manager.streams.info(config.name);
      await manager.streams.update(config.name, config);
    } catch (error) {
      if (!(error instanceof jetStream.JetStreamApiError) || error.code !== NO_STREAM) throw error;
      await manager.streams.add(config);
    }
  }

  return {
    address,
    runs,
    async create(run, mostBytes) {
      await ensure({
        name: messagesOf(run),
        subjects: [`${prefix}.${run}.messages`],
        storage: StorageType.File,
        retention: RetentionPolicy.Limits,
        discard: DiscardPolicy.New, // whoever sends too much waits; nothing that is kept goes
        max_bytes: mostBytes,
        duplicate_window: 120 * 1e9,
      });
      await ensure({
        name: stateOf(run),
        subjects: [`${prefix}.${run}.state.>`],
        storage: StorageType.File,
        retention: RetentionPolicy.Limits,
        discard: DiscardPolicy.Old,
        max_msgs_per_subject: 1,
        allow_direct: true,
      });
      return channelOf(run);
    },
    async open(run) {
      const known = await runs();
      if (!known.includes(run)) throw unknownName('run', run, known, ` of ${address}`);
      return channelOf(run);
    },
    async remove(run) {
      for (const name of [messagesOf(run), stateOf(run)]) await manager.streams.delete(name);
    },
    close: () => connection.close(),
  };
}

function createChannel(
  connection: NatsConnection,
  jetStream: typeof JetStream,
  manager: JetStream.JetStreamManager,
  run: string,
): Channel {
  const stream = jetStream.jetstream(connection, { timeout: TIMEOUT });
  const largest = (connection.info?.max_payload ?? 1_048_576) - OVERHEAD;

  function receive(after: number): Incoming {
    let at = after;
    let isOpen = true;
    let queue: KeptMessage[] = [];
    let wake: (() => void) | undefined;
    const push = (message: KeptMessage) => {
      if (message.number <= at) return; // a consumer that was made anew may begin earlier
      at = message.number;
      queue.push(message);
      wake?.();
    };

    /** A consumer of its own for each stretch: nothing of it need outlive a restart of the server. */
    async function read(): Promise<void> {
      const consumer = await stream.consumers.get(messagesOf(run), {
        deliver_policy: jetStream.DeliverPolicy.StartSequence,
        opt_start_seq: at + 1,
        inactive_threshold: 30_000,
      });
      while (isOpen) {
        const before = at;
        const messages = await consumer.fetch({ max_messages: FETCH, expires: FETCH_TIME });
        for await (const message of messages) {
          push({ number: message.seq, bytes: plain(message.data) });
          if (!isOpen) return;
        }
        while (isOpen && queue.length > 2 * FETCH) await pause(AGAIN);
        if (at === before && (await manager.streams.info(messagesOf(run))).state.last_seq > at) return; // it is lost
      }
    }

    let failure: RunError | undefined;
    async function readOn(): Promise<void> {
      while (isOpen && !failure) {
        await read().catch((error) => {
          // Of other errors the server is away, or lost the consumer with its memory: files outlive both.
          if (!(error instanceof jetStream.JetStreamApiError) || error.code !== NO_STREAM) return;
          failure = removed(run);
          wake?.();
        });
        if (isOpen) await pause(AGAIN);
      }
    }
    void readOn();

    return {
      async next() {
        while (isOpen && queue.length === 0 && !failure) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        if (isOpen && queue.length === 0 && failure) throw failure;
        return isOpen ? queue.shift() : undefined;
      },
      async close() {
        isOpen = false;
        queue = [];
        wake?.();
      },
    };
  }

  return {
    run,
    largest,
    async send(id, message) {
      const { seq } = await stream.publish(`${prefix}.${run}.messages`, message, {
        msgID: id,
        timeout: SEND_TIMEOUT,
      });
      return seq;
    },
    receive,
    async forget(upTo) {
      await manager.streams.purge(messagesOf(run), { seq: upTo + 1 });
    },
    async keep(name, bytes) {
      // In parts where it is larger than a message; the first one comes last, so that it vouches for the others.
      const parts = Math.max(1, Math.ceil(bytes.length / largest));
      const stamp = randomLetters(12);
      for (let part = parts - 1; part >= 0; part--) {
        const subject = `${prefix}.${run}.state.${name}.${part}`;
        const head = new TextEncoder().encode(`${stamp} ${parts}\n`);
        const piece = bytes.subarray(part * largest, (part + 1) * largest);
        const message = new Uint8Array(head.length + piece.length);
        message.set(head);
        message.set(piece, head.length);
        await stream.publish(subject, message, { timeout: TIMEOUT });
      }
    },
    async kept(name) {
      for (let attempt = 0; attempt < TRIES; attempt++) {
        const found = await readState(name);
        if (found !== 'changed') return found;
      }
      throw new RunError(`"${name}" of run ${run} changed while it was read, ${TRIES} times.`);
    },
    tell(who, words) {
      if (!connection.isClosed()) connection.publish(`${prefix}.${run}.told.${who}`, words);
    },
    listen(who, hear) {
      const subject = `${prefix}.${run}.told.${who ?? '*'}`;
      const subscription = connection.subscribe(subject, {
        callback: (error, message) => {
          if (!error) hear(message.subject.slice(message.subject.lastIndexOf('.') + 1), message.string());
        },
      });
      return () => {
        if (!connection.isClosed()) subscription.unsubscribe();
      };
    },
  };

  async function readState(name: StateName): Promise<Uint8Array | undefined | 'changed'> {
    const read = async (part: number) => {
      const subject = `${prefix}.${run}.state.${name}.${part}`;
      const message = await manager.direct.getMessage(stateOf(run), { last_by_subj: subject });
      if (!message) return undefined;
      const data = plain(message.data);
      const end = data.indexOf(0x0a);
      const [stamp, parts] = text.decode(data.subarray(0, end)).split(' ');
      return { stamp, parts: Number(parts), bytes: data.subarray(end + 1) };
    };
    const first = await read(0);
    if (!first) return undefined;
    const pieces = [first.bytes];
    for (let part = 1; part < first.parts; part++) {
      const next = await read(part);
      if (next?.stamp !== first.stamp) return 'changed';
      pieces.push(next.bytes);
    }
    if (pieces.length === 1) return pieces[0].slice();
    const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
      out.set(piece, at);
      at += piece.length;
    }
    return out;
  }
}
