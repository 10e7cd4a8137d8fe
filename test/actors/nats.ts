// A NATS server for tests, on loopback with files of its own.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The server's program; undefined where there is none. */
export const natsServer: string | undefined = (() => {
  try {
    return execFileSync('sh', ['-c', 'command -v nats-server'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
})();

const required = process.env.ANYGOAL_REQUIRE_NATS === '1';
export const skipWithoutNats = natsServer === undefined && !required;
if (skipWithoutNats)
  console.log('No nats-server here: tests of brokers are skipped. Install it: apt install nats-server.');

export interface TestServer {
  readonly address: string;
  /** Of the websocket, where it was asked for. */
  readonly websocket: string;
  /** Of its process. */
  pid(): number | undefined;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again with the files that it has. */
  start(): Promise<void>;
  /** Ends it and removes its files. */
  end(): Promise<void>;
}

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

async function answers(port: number): Promise<void> {
  for (;;) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('connect', () => resolve(true));
      socket.on('error', () => resolve(false));
      setTimeout(() => resolve(false), 1000).unref();
      socket.unref();
      socket.on('connect', () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** `more`: further lines of its configuration. */
export async function startNats(more = ''): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'anygoal-nats-'));
  const [port, socketPort] = [await freePort(), await freePort()];
  const config = join(folder, 'nats.conf');
  writeFileSync(
    config,
    `host: 127.0.0.1
port: ${port}
jetstream { store_dir: ${JSON.stringify(join(folder, 'store'))}, max_file_store: 2GB }
websocket { host: 127.0.0.1, port: ${socketPort}, no_tls: true }
${more}
`,
  );
  let child: ChildProcess;
  const start = async () => {
    child = spawn(natsServer as string, ['-c', config], { stdio: 'ignore' });
    await answers(port);
  };
  const kill = () =>
    new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    });
  await start();
  return {
    address: `nats://127.0.0.1:${port}`,
    websocket: `ws://127.0.0.1:${socketPort}`,
    pid: () => child.pid,
    kill,
    start,
    async end() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
