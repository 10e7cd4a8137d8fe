// A run over a broker with whoever acts for it, measured for some seconds.
import type { ActorStatus, EpisodePart, LearnerStatus } from '../../src/actors/index.js';
import { startNats } from '../../test/actors/nats.js';
import { built, cli, ended, pause, processorSeconds } from './programs.js';

const { connectBroker, createPresence, decodePart }: typeof import('../../src/actors/index.js') =
  await built('actors/index');

/** Before a measurement, for programs to start and queues to fill. */
const WARM = 5;

/** Begins to act for a run; `pids` are the processes in which that is done. */
export type BeginActing = (
  address: string,
  run: string,
) => Promise<{ readonly pids: readonly (number | undefined)[]; end(): Promise<void> }>;

export interface Measured {
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
export async function measure(
  begin: BeginActing,
  { env, seconds, simulated }: { readonly env: string; readonly seconds: number; readonly simulated: boolean },
): Promise<{ measured: Measured; recorded: EpisodePart[]; policy: Uint8Array }> {
  const server = await startNats();
  const learner = cli(
    ...['train', env, '--broker', server.address, '--steps', '100000000'],
    ...['--set', 'training.updatesPerStep=0.01', '--set', 'evaluation.every=0'],
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
    const acting = await begin(server.address, run);
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
    for (let second = 0; second < seconds; second++) {
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
