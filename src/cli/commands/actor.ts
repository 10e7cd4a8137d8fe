// `anygoal actor`: acts for a run that learns elsewhere.
import type { ActorStatus } from '../../actors/index.js';
import { brokerFlags, connect } from '../broker.js';
import type { Command } from '../command.js';
import { watchInterrupt } from '../interrupt.js';
import { wholeNumber } from '../numbers.js';
import { placeFlags, usePlaces } from '../places.js';
import type { Terminal } from '../terminal.js';

/** Milliseconds between two lines where there is no terminal. */
const LINE_EVERY = 5000;

export const actor: Command = {
  spec: {
    name: 'actor',
    summary: 'Act for a run that learns elsewhere, over a broker',
    flags: {
      ...brokerFlags,
      run: {
        value: 'NAME',
        help: 'the run, as its training says it (default: the only one, or the only one whose learner is at work)',
      },
      env: { value: 'ENV', help: "the run's environment, where it does not come with anygoal: a path or gym:NAME" },
      envs: { value: 'N', help: 'environments stepped side by side (default: 1)' },
      name: { value: 'NAME', help: 'what this actor is called (default: actor)' },
      ...placeFlags,
      json: { help: 'print one JSON object at the end, everything else on standard error' },
      quiet: { help: 'no progress, only the result' },
    },
    examples: [
      ['--broker nats://10.0.0.1:4222', 'for the only run there'],
      ['--broker tls://10.0.0.1:4222 --creds actor.creds --run point-reach-1 --envs 8', 'with credentials'],
    ],
  },
  async run(args, terminal) {
    const envs = args.value('envs');
    const count = envs === undefined ? undefined : wholeNumber('--envs', envs, 1);
    await usePlaces(args);
    const [broker, { runActor }] = await Promise.all([connect(args, 'actor'), import('../../actors/index.js')]);
    const interrupt = watchInterrupt(terminal.note, () => 'Sending what is finished, then stopping');
    try {
      const report = await runActor({
        broker,
        run: args.value('run'),
        env: args.value('env'),
        envs: count,
        name: args.value('name'),
        signal: interrupt.signal,
        onStatus: createTeller(terminal),
      });
      terminal.status('');
      const why = report.ended === 'run' ? 'the run is over' : 'stopped';
      terminal.print(`${report.actor}: ${report.episodes} episodes, ${report.steps} steps for ${report.run}; ${why}.`);
      terminal.json(report);
      return report.ended === 'run' ? 0 : (interrupt.exitCode ?? 130);
    } finally {
      terminal.status('');
      interrupt.dispose();
      await broker.close();
    }
  },
};

/** A live line on a terminal, else a line every few seconds and at each change of what is waited for. */
function createTeller(terminal: Terminal): (status: ActorStatus) => void {
  let printedAt = 0;
  let refused = 0;
  return (status) => {
    const { actor: name, steps, stepsPerSecond, episodes, lag, waiting } = status;
    const speed = `${Math.round(stepsPerSecond)} steps/s, ${episodes} episodes, ${steps} steps, policy ${lag} steps old`;
    const line = `${name}: ${speed}${waiting === undefined ? '' : `; waits for ${waiting}`}`;
    if (terminal.live) terminal.status(line);
    else if (Date.now() - printedAt >= LINE_EVERY) {
      terminal.note(line);
      printedAt = Date.now();
    }
    if (status.refused > refused) {
      terminal.note(
        `${status.refused} episodes in a row were refused: their policies were older than the run allows (actors.maxPolicyLag). This machine acts too slowly for it, or --envs is too high.`,
      );
    }
    refused = status.refused;
  };
}
