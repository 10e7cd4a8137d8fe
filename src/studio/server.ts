// The studio on a port: parts put together, listening, and an orderly end.
import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { availableParallelism, hostname, networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type ServerType, serve } from '@hono/node-server';
import type { Broker } from '../actors/index.js';
import { UsageError } from '../errors.js';
import { VERSION } from '../runs/version.js';
import { watchBroker } from './actors-api.js';
import { createApp } from './app.js';
import { openAppFiles } from './app-files.js';
import { createChildRuns } from './child-runs.js';
import { createDiagnoser } from './diagnosis.js';
import { createLiveRuns } from './live-runs.js';
import { createRunIndex } from './run-index.js';
import { openSafeFolder } from './safe-folder.js';

export interface StudioOptions {
  readonly runsDir: string;
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** Default: 4747, or a free one where it is taken. 0: a free one. */
  readonly port?: number;
  /** How people call the command line, for the pages. */
  readonly program?: string;
  /** The compiled package, where the built pages and the process of a run lie; default: where this file is. */
  readonly dist?: URL;
  /** Whose actors are shown; it belongs to the caller. */
  readonly broker?: Broker;
}

export interface Studio {
  /** With the token. */
  readonly address: string;
  readonly port: number;
  /** Whether other computers can reach it. */
  readonly open: boolean;
  /** Runs that are going now. */
  readonly running: () => number;
  /** Has the runs saved and ended, then stops listening. */
  close(): Promise<void>;
}

const PORT = 4747;
export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|::1)$/.test(host);

export async function startStudio(options: StudioOptions): Promise<Studio> {
  const { runsDir, host = '127.0.0.1', program = 'anygoal', dist = new URL('../', import.meta.url) } = options;
  const folder = await openSafeFolder(runsDir);
  const files = await openAppFiles(fileURLToPath(new URL('studio-app', dist)));
  const most = Math.max(2, availableParallelism());
  const children = createChildRuns({ script: new URL('studio/child-run.js', dist), most });
  const index = createRunIndex(folder, children);
  const live = createLiveRuns({ root: folder.root, index });
  children.onChange = live.nudge;

  let hosts: readonly string[] = [];
  const token = randomBytes(24).toString('base64url');
  const info = { version: VERSION, runsDir, program, maxRunning: most };
  const commandLine = new URL('cli/main.js', dist);
  const diagnoser = createDiagnoser(commandLine);
  const player = createDiagnoser(commandLine, 'another episode is being played; wait until it is done.');
  const brokerWatch = options.broker && watchBroker(options.broker);
  const app = createApp({
    brokerWatch,
    folder,
    diagnoser,
    player,
    files,
    index,
    children,
    live,
    info,
    token,
    hosts: () => hosts,
  });
  const { server, port } = await listen(app.fetch, host, options.port);
  hosts = namesOf(host).map((name) => `${name.toLowerCase()}:${port}`);
  return {
    address: `http://${hosts[0]}/?token=${token}`,
    port,
    open: !isLoopback(host),
    running: () => children.running,
    async close() {
      diagnoser.close();
      player.close();
      brokerWatch?.close();
      await children.close();
      live.close();
      await new Promise<void>((done) => {
        server.close(() => done());
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
    },
  };
}

/** The given port or none; without one, the usual port or any that is free. */
async function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  hostname: string,
  port?: number,
): Promise<{ server: ServerType; port: number }> {
  const attempt = (wanted: number) =>
    new Promise<{ server: ServerType; port: number }>((resolve, reject) => {
      const server = serve({ fetch, hostname, port: wanted }, ({ port }) => resolve({ server, port }));
      server.on('error', reject);
    });
  try {
    return await attempt(port ?? PORT);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE' && port === undefined) return attempt(0);
    const reasons: Record<string, string> = {
      EADDRINUSE: `port ${port} is taken; name another with --port, or leave it out for a free one`,
      EACCES: `port ${port} is not allowed to you; take one above 1023`,
      EADDRNOTAVAIL: `${hostname} is no address of this computer`,
      ENOTFOUND: `${hostname} is not known`,
    };
    throw new UsageError(`the studio cannot listen: ${reasons[code ?? ''] ?? message}.`);
  }
}

/** What browsers may call this host: the first for the printed address. */
function namesOf(host: string): string[] {
  const bracketed = (name: string) => (isIP(name) === 6 ? `[${name}]` : name);
  if (isLoopback(host)) return [...new Set([bracketed(host), '127.0.0.1', 'localhost', '[::1]'])];
  if (host !== '0.0.0.0' && host !== '::') return [bracketed(host)];
  const addresses = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
  return [hostname(), ...addresses.map(bracketed), 'localhost'];
}
