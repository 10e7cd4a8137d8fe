// Who acts in the bench of actors: programs of their own, or recorded episodes sent at a pace.
import type { ActorStatus, EpisodePart } from '../../src/actors/index.js';
import type { BeginActing } from './measure.js';
import { built, cli, ended } from './programs.js';

const { connectBroker, encodeEpisode }: typeof import('../../src/actors/index.js') = await built('actors/index');
const { createOrders }: typeof import('../../src/actors/orders.js') = await built('actors/orders');
const { createOutbox }: typeof import('../../src/actors/outbox.js') = await built('actors/outbox');
const { partId }: typeof import('../../src/actors/wire.js') = await built('actors/wire');

/** Steps a second of a simulated actor. */
export const PACE = 100;

/** Actors as programs of their own. */
export const realActors =
  (count: number): BeginActing =>
  async (address, run) => {
    const children = Array.from({ length: count }, () => cli('actor', '--broker', address, '--run', run));
    return {
      pids: children.map(({ pid }) => pid),
      async end() {
        await Promise.all(children.map(ended));
      },
    };
  };

/** Actors that send recorded episodes at a pace of their own, all in this program, each with a connection. */
export const simulatedActors =
  (count: number, recorded: readonly EpisodePart[]): BeginActing =>
  async (address, run) => {
    let isOpen = true;
    const brokers = await Promise.all(Array.from({ length: count }, () => connectBroker(address)));
    const all = brokers.map(async (broker, i) => {
      const channel = await broker.open(run);
      const actor = `simulated-${i}`;
      const outbox = createOutbox(channel);
      const orders = createOrders({ channel, actor, lockStep: false, maxPolicyLag: 100_000 });
      const begun = performance.now();
      let steps = 0;
      let episode = 0;
      const beat = setInterval(() => {
        const { messages, bytes } = outbox;
        const status: ActorStatus = {
          ...{ actor, envs: 1, steps, stepsPerSecond: PACE, episodes: episode, messages, bytes },
          ...{ policy: orders.policy?.steps ?? -1, lag: orders.lag, refused: orders.refused },
        };
        channel.tell(actor, JSON.stringify(status));
      }, 1000);
      while (isOpen) {
        const hinders = outbox.waiting > 4 || orders.hindrance(outbox, 0) !== undefined;
        if (hinders || steps > (PACE * (performance.now() - begun)) / 1000) {
          await orders.change(20);
          continue;
        }
        const { body, table: columns, ...part } = recorded[(7 * i + episode) % recorded.length];
        const facts = { ...part, actor, episode, policy: orders.policy?.steps ?? 0 };
        const rows = new Float32Array(body.slice().buffer);
        const messages = encodeEpisode(facts, columns, rows, channel.largest);
        outbox.add(messages.map((bytes, n) => ({ id: partId(facts, n), bytes })));
        episode++;
        steps += part.length;
      }
      clearInterval(beat);
      await outbox.close(1000);
      orders.dispose();
      await broker.close();
    });
    return {
      pids: [process.pid],
      async end() {
        isOpen = false;
        await Promise.all(all);
      },
    };
  };
