// What single messages and policies cost over a broker, and on paper so many actors.
import type { EpisodePart } from '../../src/actors/index.js';
import { startNats } from '../../test/actors/nats.js';
import { PACE } from './acting.js';
import { built, pause, processorSeconds } from './programs.js';

const { connectBroker, encodeEpisode }: typeof import('../../src/actors/index.js') = await built('actors/index');
const { createIntake }: typeof import('../../src/actors/intake.js') = await built('actors/intake');
const { decodePolicy }: typeof import('../../src/actors/wire.js') = await built('actors/wire');

/** Milliseconds of processor that one of `count` actions takes, here and at the broker; `lanes` go on at once. */
async function costOf(broker: number | undefined, count: number, action: (i: number) => Promise<unknown>, lanes = 8) {
  const before = { here: process.cpuUsage(), broker: processorSeconds(broker), at: performance.now() };
  let next = 0;
  const lane = async () => {
    while (next < count) await action(next++);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const { user, system } = process.cpuUsage(before.here);
  return {
    here: (user + system) / 1000 / count,
    broker: (1000 * (processorSeconds(broker) - before.broker)) / count,
    perSecond: (1000 * count) / (performance.now() - before.at),
  };
}

/** What messages and policies cost by themselves. */
export async function measureCosts(recorded: readonly EpisodePart[], policy: Uint8Array) {
  const server = await startNats();
  const broker = await connectBroker(server.address);
  try {
    const channel = await broker.create('costs', 2 ** 30);
    await channel.keep('policy', policy);
    const messages = Array.from({ length: 4000 }, (_, episode) => {
      const { body, table: columns, ...part } = recorded[episode % recorded.length];
      const rows = new Float32Array(body.slice().buffer);
      return encodeEpisode({ ...part, actor: 'one', episode }, columns, rows, channel.largest)[0];
    });
    const send = await costOf(server.pid(), messages.length, (i) => channel.send(`m${i}`, messages[i]));
    const incoming = channel.receive(0);
    const intake = createIntake({
      width: recorded[0].body.length / 4 / (recorded[0].length + 1),
      table: recorded[0].table,
      maxPolicyLag: Number.POSITIVE_INFINITY,
    });
    const take = async () => {
      const message = await incoming.next();
      if (message) intake.take(message, 0);
    };
    const receive = await costOf(server.pid(), messages.length, take, 1);
    if (intake.counts.episodes < 0.99 * messages.length) throw new Error(`only ${intake.counts.episodes} were taken.`);
    await incoming.close();
    const get = await costOf(server.pid(), 1000, async () =>
      decodePolicy((await channel.kept('policy')) as Uint8Array),
    );
    const word = JSON.stringify({ actor: 'one', steps: 0, words: 'x'.repeat(200) });
    channel.listen(undefined, () => undefined);
    const tell = await costOf(server.pid(), 10_000, async (i) => {
      channel.tell('one', word);
      if (i % 100 === 0) await pause(0);
    });
    const bytes = {
      message: messages.reduce((sum, { length }) => sum + length, 0) / messages.length,
      policy: policy.length,
    };
    return { bytes, send, receive, get, tell };
  } finally {
    await broker.close();
    await server.end();
  }
}

/** What so many actors would take of whole cores, each at `PACE` steps a second, from what single messages cost. */
export function plan(
  actors: number,
  { bytes, send, receive, get, tell }: Awaited<ReturnType<typeof measureCosts>>,
  length: number,
) {
  const messages = (actors * PACE) / length;
  const policies = Math.min(500, (actors * PACE * actors) / 250); // each of them gets every one, up to 500 a second in all
  const words = actors;
  return {
    actors,
    stepsPerSecond: actors * PACE,
    messagesPerSecond: messages,
    megabytesIn: (messages * bytes.message) / 1e6,
    megabytesOut: (messages * bytes.message + policies * bytes.policy) / 1e6,
    policyAge: actors * 2, // milliseconds between two policies of an actor
    brokerCores: (messages * (send.broker + receive.broker) + policies * get.broker + words * tell.broker) / 1000,
    learnerCores: (messages * receive.here) / 1000,
  };
}
