// `anygoal actors`: the runs of a broker, and who acts for them.
import type { Broker, Channel } from '../../actors/index.js';
import { UsageError } from '../../errors.js';
import { columns } from '../args.js';
import { brokerFlags, connect } from '../broker.js';
import type { Command } from '../command.js';

/** Milliseconds to listen: longer than anybody is silent who is alive. */
const LISTEN = 1500;

export const actors: Command = {
  spec: {
    name: 'actors',
    summary: 'Show the runs of a broker and who acts for them',
    flags: {
      ...brokerFlags,
      remove: { value: 'RUN', help: 'remove what the broker keeps of a run; it cannot go on there afterwards' },
      json: { help: 'print one JSON object, everything else on standard error' },
    },
    examples: [['--broker nats://10.0.0.1:4222', 'what is going on there']],
  },
  async run(args, terminal) {
    const broker = await connect(args, 'actors');
    try {
      const removed = args.value('remove');
      if (removed !== undefined) {
        await removeRun(broker, removed);
        terminal.print(`Removed ${removed} from ${broker.address}.`);
        return 0;
      }
      const found = await Promise.all((await broker.runs()).map(async (run) => look(await broker.open(run))));
      if (found.length === 0) terminal.print(`${broker.address} knows no run.`);
      for (const { run, learner, actors: alive } of found) {
        const state = learner
          ? `step ${learner.steps}, waits ${Math.round(100 * learner.waitingShare)}% of its time`
          : 'no learner';
        terminal.print(`${run}: ${state}, ${alive.length} ${alive.length === 1 ? 'actor' : 'actors'}`);
        const rows = alive.map(({ actor, stepsPerSecond, lag, messages, bytes, waiting = '' }) => [
          actor,
          `${Math.round(stepsPerSecond)} steps/s`,
          `policy ${lag} steps old`,
          `${messages} messages`,
          `${(bytes / 1e6).toFixed(1)} MB`,
          waiting && `waits for ${waiting}`,
        ]);
        for (const line of columns(rows, '  ')) terminal.print(line);
      }
      terminal.json({ broker: broker.address, runs: found });
      return 0;
    } finally {
      await broker.close();
    }
  },
};

async function removeRun(broker: Broker, run: string): Promise<void> {
  const { learner } = await look(await broker.open(run));
  if (learner && !learner.ended)
    throw new UsageError(`--remove ${run}: its learner is alive; end it first, and let it save.`);
  await broker.remove(run);
}

/** Who says something within a moment. */
async function look(channel: Channel) {
  const { createPresence } = await import('../../actors/index.js');
  const presence = createPresence();
  const silence = channel.listen(undefined, presence.hear);
  await new Promise((resolve) => setTimeout(resolve, LISTEN));
  silence();
  return { run: channel.run, learner: presence.learner()?.status, actors: presence.alive() };
}
