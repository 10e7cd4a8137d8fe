// Which run an actor acts for where none is named: the only one of a broker, or the only one with a learner at work.
import { UsageError } from '../errors.js';
import type { Broker } from './broker.js';
import { BEAT, LEARNER } from './presence.js';

/** @throws UsageError naming the runs, where there is none or it cannot be told which is meant */
export async function onlyRun(broker: Broker, patience = 2 * BEAT): Promise<string> {
  const runs = await broker.runs();
  if (runs.length === 1) return runs[0];
  if (runs.length === 0) {
    throw new UsageError(`${broker.address} knows no run; start one first: anygoal train ENV --broker ADDRESS.`);
  }
  const led = await ledRuns(broker, runs, patience);
  if (led.length === 1) return led[0];
  const learners = led.length === 0 ? 'none with a learner at work' : `${led.length} with a learner at work`;
  throw new UsageError(
    `${broker.address} knows several runs, ${learners}; name one with --run: ${(led.length === 0 ? runs : led).join(', ')}. Those that are over go with anygoal actors --remove RUN.`,
  );
}

/** Those whose learner is heard within so many milliseconds: runs that are over stay at the broker. */
async function ledRuns(broker: Broker, runs: readonly string[], patience: number): Promise<string[]> {
  const led = new Set<string>();
  const channels = await Promise.all(runs.map((run) => broker.open(run)));
  const ends = channels.map((channel) => channel.listen(LEARNER, () => void led.add(channel.run)));
  await new Promise((resolve) => setTimeout(resolve, patience));
  for (const end of ends) end();
  return runs.filter((run) => led.has(run));
}
