// `anygoal studio`: runs, curves and policies in the browser.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { UsageError } from '../../errors.js';
import { brokerAddress, brokerFlags, connect } from '../broker.js';
import type { Command } from '../command.js';
import { watchInterrupt } from '../interrupt.js';
import { wholeNumber } from '../numbers.js';
import { placeFlags, usePlaces } from '../places.js';

export const studio: Command = {
  spec: {
    name: 'studio',
    summary: 'Show runs and curves in the browser, start and stop runs from there',
    positional: { name: 'RUNS_DIR', required: false, help: 'folder of runs (default: runs); made where there is none' },
    flags: {
      port: { value: 'N', help: 'port to listen on (default: 4747, or a free one)' },
      host: { value: 'H', help: 'address to listen on (default: 127.0.0.1, this computer only)' },
      ...placeFlags,
      ...brokerFlags,
      broker: { ...brokerFlags.broker, help: 'NATS server whose actors are shown (else ANYGOAL_BROKER)' },
      'no-open': { help: 'print the address, but open no browser' },
    },
    examples: [
      ['', 'the runs of this folder'],
      ['results/runs --port 8080 --no-open', 'another folder, on a computer reached by ssh -L 8080:127.0.0.1:8080'],
    ],
  },
  async run(args, terminal, program) {
    const port = args.value('port');
    const runsDir = args.positional ?? 'runs';
    const number = port === undefined ? undefined : wholeNumber('--port', port, 0);
    if (number !== undefined && number > 65_535) throw new UsageError(`--port must be at most 65535, not ${number}.`);
    await usePlaces(args);
    const isMade = args.positional !== undefined && !existsSync(runsDir);
    const { startStudio } = await import('../../studio/server.js');
    const broker = brokerAddress(args) ? await connect(args, 'studio') : undefined;
    const server = await startStudio({ runsDir, host: args.value('host'), port: number, program, broker });
    if (isMade) terminal.print(`There was no folder ${runsDir}; it is made, and holds no runs yet.`);
    terminal.print(`Studio of ${runsDir}: ${server.address}`);
    if (server.open) {
      terminal.print(
        terminal.tone(
          'Other computers can reach it, unencrypted: whoever sees this address can use your computer.',
          'bad',
        ),
      );
    }
    terminal.note('Ctrl-C ends it; runs started from its pages are saved first.');
    if (!args.has('no-open') && terminal.live) openBrowser(server.address);

    await new Promise<void>((ended) => {
      const interrupt = watchInterrupt(terminal.note, () => {
        const running = server.running();
        return running > 0 ? `Saving ${running} run${running > 1 ? 's' : ''}` : undefined;
      });
      interrupt.signal.addEventListener('abort', () => {
        void server.close().then(() => {
          interrupt.dispose();
          ended();
        });
      });
    });
    await broker?.close();
    return 0;
  },
};

/** Where there is no browser the printed address is enough. */
function openBrowser(address: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', address]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', address]
        : ['xdg-open', address];
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
