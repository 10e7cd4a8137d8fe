// Requests for who acts for the runs of a broker.
import { Hono } from 'hono';
import type { Broker } from '../actors/index.js';
import { createPresence, type Presence } from '../actors/presence.js';
import type { ActorsAnswer } from './api-types.js';

/** Milliseconds between two looks for new runs. */
const LOOK = 3000;

/** Listens to a broker's runs while it is open. */
export interface BrokerWatch {
  look(): ActorsAnswer;
  close(): void;
}

/** The broker belongs to the caller. */
export function watchBroker(broker: Broker): BrokerWatch {
  const runs = new Map<string, { presence: Presence; silence: () => void }>();
  let problem: string | undefined;
  let isOpen = true;
  let looks = false;

  /** One look at a time: a broker that is slow to answer would have every run listened to twice. */
  async function find(): Promise<void> {
    if (looks) return;
    looks = true;
    try {
      const names = await broker.runs();
      for (const run of names) {
        if (runs.has(run)) continue;
        const presence = createPresence();
        const channel = await broker.open(run);
        if (!isOpen) return;
        runs.set(run, { presence, silence: channel.listen(undefined, presence.hear) });
      }
      for (const [run, { silence }] of runs) {
        if (names.includes(run)) continue;
        silence();
        runs.delete(run);
      }
      problem = undefined;
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    } finally {
      looks = false;
    }
  }

  void find();
  const timer = setInterval(find, LOOK);
  timer.unref();
  return {
    look: () => ({
      broker: broker.address,
      ...(problem !== undefined && { problem }),
      runs: [...runs].map(([run, { presence }]) => {
        const learner = presence.learner();
        return {
          run,
          ...(learner && { learner: learner.status, silentSeconds: Math.round(learner.silent / 1000) }),
          actors: presence.alive(),
        };
      }),
    }),
    close() {
      isOpen = false;
      clearInterval(timer);
      for (const { silence } of runs.values()) silence();
    },
  };
}

/** `watch` absent: the studio was started without a broker, and says so. */
export function actorsApi(watch: BrokerWatch | undefined): Hono {
  const api = new Hono();
  api.get('/', (c) => c.json(watch?.look() ?? ({ runs: [] } satisfies ActorsAnswer)));
  return api;
}
