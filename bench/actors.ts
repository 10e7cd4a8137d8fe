// Actors and a learner over a NATS server on this machine: steps a second, messages, bytes, lag, and what each program costs:
// npm run build && npx tsx --tsconfig bench/tsconfig.built.json bench/actors.ts [--seconds 15] [--actors 1,2,4] [--simulated 50]
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ActorStatus, Broker, EpisodePart, LearnerStatus } from '../src/actors/index.js';
import { startNats } from '../test/actors/nats.js';
import { record, table } from './record.js';

const built = (path: string) => import(new URL(`../dist/${path}.js`, import.meta.url).href);
const { connectBroker, createPresence, decodePart, encodeEpisode }: typeof import('../src/actors/index.js') =
  await built('actors/index');
const { createOrders }: typeof import('../src/actors/orders.js') = await built('actors/orders');
const { createOutbox }: typeof import('../src/actors/outbox.js') = await built('actors/outbox');
const { createIntake }: typeof import('../src/actors/intake.js') = await built('actors/intake');
const { partId, decodePolicy }: typeof import('../src/actors/wire.js') = await built('actors/wire');

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '15' },
    actors: { type: 'string', default: '1,2,4' },
    simulated: { type: 'string', default: '50' },
    env: { type: 'string', default: 'arm/reach' },
  },
});
const SECONDS = Number(options.seconds);
/** Before a measurement, for programs to start and queues to fill. */
const WARM = 5;
/** Steps a second of a simulated actor. */
const PACE = 100;
/** Kernel ticks a second, in which Linux counts the processor's time. */
const TICKS = 100;

const main = new URL('../dist/cli/main.js', import.meta.url).pathname;
const root = mkdtempSync(join(tmpdir(), 'anygoal-actors-'));
const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
const cli = (...words: string[]) =>
  spawn(process.execPath, [main, ...words, '--quiet'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });

/** Seconds of processor that a process has taken, with all its threads. */
function processorSeconds(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

interface Measured {
  readonly actors: number;
  readonly simulated: boolean;
  /** A second, of all actors together, and of what the learner took. */
  readonly stepsPerSecond: number;
  readonly takenPerSecond: number;
  readonly messagesPerSecond: number;
  readonly bytesPerStep: number;
  /** Mean over the actors at the end, in the learner's steps. */
  readonly lag: number;
  readonly waitingShare: number;
  /** Microseconds of processor for each step: of the actors, the learner, the broker. */
  readonly actorMicroseconds: number;
  readonly learnerMicroseconds: number;
  readonly brokerMicroseconds: number;
}

interface Moment {
  readonly at: number;
  readonly actors: readonly ActorStatus[];
  readonly learner: LearnerStatus;
  readonly processor: { readonly actors: number; readonly learner: number; readonly broker: number };
}

/** A run with its learner, and whoever acts for it. */
async function measure(
  updatesPerStep: number,
  begin: (
    broker: Broker,
    address: string,
    run: string,
  ) => Promise<{ pids: (number | undefined)[]; end(): Promise<void> }>,
  simulated: boolean,
): Promise<{ measured: Measured; recorded: EpisodePart[]; policy: Uint8Array }> {
  const server = await startNats();
  const learner = cli(
    ...['train', options.env, '--broker', server.address, '--steps', '100000000'],
    ...['--set', `training.updatesPerStep=${updatesPerStep}`, '--set', 'evaluation.every=0'],
    ...['--set', 'training.cycleSteps=100', '--set', 'checkpoint.every=20000', '--set', 'actors.backlog=10000'],
  );
  const broker = await connectBroker(server.address);
  const presence = createPresence();
  try {
    let run = '';
    while (run === '' || !(await (await broker.open(run)).kept('policy'))) {
      await pause(0.1);
      run = (await broker.runs())[0] ?? '';
      if (run !== '') (await broker.open(run)).listen(undefined, presence.hear);
    }
    const channel = await broker.open(run);
    const acting = await begin(broker, server.address, run);
    const look = (): Moment => ({
      at: performance.now(),
      actors: presence.alive(),
      learner: presence.learner()?.status as LearnerStatus,
      processor: {
        actors: acting.pids.reduce((sum: number, pid) => sum + processorSeconds(pid), 0),
        learner: processorSeconds(learner.pid),
        broker: processorSeconds(server.pid()),
      },
    });
    while (presence.alive().reduce((sum, { steps }) => sum + steps, 0) === 0) await pause(0.1);
    await pause(WARM);
    const [first, shares] = [look(), [] as number[]];
    for (let second = 0; second < SECONDS; second++) {
      await pause(1);
      shares.push(look().learner.waitingShare);
    }
    const last = look();
    const recorded: EpisodePart[] = [];
    const incoming = channel.receive(0);
    while (recorded.length < 100 && !simulated) {
      const message = await incoming.next();
      if (message) recorded.push(decodePart(message.bytes));
    }
    await incoming.close();
    await acting.end();
    const policy = (await channel.kept('policy')) as Uint8Array;
    return { measured: summary(first, last, shares, simulated), recorded, policy };
  } finally {
    await ended(learner);
    await broker.close();
    await server.end();
  }
}

function summary(first: Moment, last: Moment, shares: readonly number[], simulated: boolean): Measured {
  const seconds = (last.at - first.at) / 1000;
  const sum = (moment: Moment, field: 'steps' | 'messages' | 'bytes') =>
    moment.actors.reduce((total, actor) => total + actor[field], 0);
  const gained = (field: 'steps' | 'messages' | 'bytes') => sum(last, field) - sum(first, field);
  const steps = gained('steps');
  const cost = (who: 'actors' | 'learner' | 'broker') => (1e6 * (last.processor[who] - first.processor[who])) / steps;
  return {
    actors: last.actors.length,
    simulated,
    stepsPerSecond: steps / seconds,
    takenPerSecond: (last.learner.steps - first.learner.steps) / seconds,
    messagesPerSecond: gained('messages') / seconds,
    bytesPerStep: gained('bytes') / steps,
    lag: last.actors.reduce((total, { lag }) => total + lag, 0) / last.actors.length,
    waitingShare: shares.reduce((total, share) => total + share, 0) / shares.length,
    actorMicroseconds: cost('actors'),
    learnerMicroseconds: cost('learner'),
    brokerMicroseconds: cost('broker'),
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}

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
async function measureCosts(recorded: readonly EpisodePart[], policy: Uint8Array) {
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
function plan(
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

/** Actors as programs of their own. */
const realActors = (count: number) => async (_: Broker, address: string, run: string) => {
  const children = Array.from({ length: count }, () => cli('actor', '--broker', address, '--run', run));
  return {
    pids: children.map(({ pid }) => pid),
    async end() {
      await Promise.all(children.map(ended));
    },
  };
};

/** Actors that send recorded episodes at a pace of their own, all in this program, each with a connection. */
const simulatedActors =
  (count: number, recorded: readonly EpisodePart[]) => async (_: Broker, address: string, run: string) => {
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

try {
  const results: Measured[] = [];
  let recorded: EpisodePart[] = [];
  for (const count of options.actors.split(',').map(Number)) {
    const outcome = await measure(0.01, realActors(count), false);
    results.push(outcome.measured);
    recorded = outcome.recorded;
    console.log(JSON.stringify(outcome.measured));
  }
  const outcome = await measure(0.01, simulatedActors(Number(options.simulated), recorded), true);
  results.push(outcome.measured);
  console.log(
    table([
      [
        'actors',
        'steps/s',
        'taken/s',
        'messages/s',
        'bytes/step',
        'lag',
        'waits',
        'us actor',
        'us learner',
        'us broker',
      ],
      ...results.map((row) => [
        `${row.actors}${row.simulated ? ' simulated' : ''}`,
        ...[row.stepsPerSecond, row.takenPerSecond, row.messagesPerSecond, row.bytesPerStep, row.lag].map((value) =>
          value.toFixed(0),
        ),
        `${(100 * row.waitingShare).toFixed(0)}%`,
        ...[row.actorMicroseconds, row.learnerMicroseconds, row.brokerMicroseconds].map((value) => value.toFixed(1)),
      ]),
    ]),
  );
  const costs = await measureCosts(recorded, outcome.policy);
  const rounded = (value: unknown) =>
    JSON.parse(JSON.stringify(value, (_, x) => (typeof x === 'number' ? Number(x.toPrecision(3)) : x)));
  console.log(JSON.stringify(rounded(costs)));
  const plans = [10, 100, 1000].map((actors) => plan(actors, costs, recorded[0].length));
  console.log(
    table([Object.keys(plans[0]), ...plans.map((row) => Object.values(row).map((value) => value.toPrecision(3)))]),
  );
  record('actors', {
    costs: rounded(costs),
    plans: rounded(plans),
    env: options.env,
    seconds: SECONDS,
    load: loadavg().map((load) => Number(load.toFixed(1))),
    results,
  });
} finally {
  rmSync(root, { recursive: true, force: true });
}
