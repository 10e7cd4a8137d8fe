// Connects to a NATS server: over TCP in Node, over a websocket in pages; credentials and TLS by its own means.
import { importNamed } from '../datasets/optional-package.js';
import { RunError, UsageError } from '../errors.js';
import type { Broker } from './broker.js';
import { createNatsBroker } from './nats-broker.js';

/** The client's packages, for pages whose bundler shall find them: `{ core: await import('@nats-io/nats-core'), ... }`. */
export interface NatsPackages {
  /** `@nats-io/nats-core` for websockets, `@nats-io/transport-node` else. */
  readonly core: unknown;
  /** `@nats-io/jetstream`. */
  readonly jetstream: unknown;
}

export interface ConnectOptions {
  /** Text of a credentials file (`nsc generate creds`). */
  readonly creds?: string;
  readonly user?: string;
  readonly pass?: string;
  readonly token?: string;
  /** Certificates, in Node: `{ caFile, certFile, keyFile }`; with the scheme tls:// the server must speak TLS. */
  readonly tls?: Readonly<Record<string, string>>;
  /** What the client takes besides (https://nats-io.github.io/nats.js), such as `reconnectTimeWait`. */
  readonly client?: Readonly<Record<string, unknown>>;
  readonly packages?: NatsPackages;
}

const INSTALL = '@nats-io/transport-node @nats-io/jetstream';
const schemes = ['nats', 'tls', 'ws', 'wss'] as const;

/** What is used of the client. */
interface Client {
  connect?(options: Readonly<Record<string, unknown>>): Promise<Connection>;
  wsconnect?(options: Readonly<Record<string, unknown>>): Promise<Connection>;
  credsAuthenticator(creds: Uint8Array): unknown;
}
type Connection = Parameters<typeof createNatsBroker>[0];

/**
 * Connects to `nats://`, `tls://`, `ws://` or `wss://` and a host, with `user:password@` or `token@` before it where it needs
 * them. A server that goes away later is waited for.
 * @throws UsageError for another address; RunError where the server cannot be reached or a package is missing
 */
export async function connectBroker(address: string, options: ConnectOptions = {}): Promise<Broker> {
  const url = parseAddress(address);
  const isSocket = url.protocol.startsWith('ws');
  const shown = `${url.protocol}//${url.host}`;
  const core = (options.packages?.core ??
    (await load(isSocket ? '@nats-io/nats-core' : '@nats-io/transport-node'))) as Client;
  const jetstream = options.packages?.jetstream ?? (await load('@nats-io/jetstream'));
  const { user, pass, token } = { ...inAddress(url), ...options };
  const connect = isSocket ? core.wsconnect : core.connect;
  if (!connect) throw new UsageError(`packages.core of connectBroker has no way to connect to ${shown}.`);
  if (isSocket && typeof globalThis.WebSocket === 'undefined') {
    throw new RunError(
      `${shown}: this Node has no WebSocket (version 22 has); use nats:// or tls://, ws:// is for pages.`,
    );
  }
  const connection = await connect({
    servers: isSocket ? `${shown}${url.pathname === '/' ? '' : url.pathname}` : url.host,
    ...(user !== undefined && { user, pass }),
    ...(token !== undefined && { token }),
    ...(options.creds !== undefined && {
      authenticator: core.credsAuthenticator(new TextEncoder().encode(options.creds)),
    }),
    ...((options.tls || url.protocol === 'tls:') && { tls: options.tls ?? {} }),
    name: 'anygoal',
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
    ...options.client,
  }).catch((error: Error) => {
    throw new RunError(`${shown}: ${error.message || error}. Is the server there, and may this user connect?`, {
      cause: error,
    });
  });
  try {
    return await createNatsBroker(connection, jetstream as Parameters<typeof createNatsBroker>[1], shown);
  } catch (error) {
    await connection.close(); // it would keep the program alive
    throw error;
  }
}

const load = (name: string): Promise<unknown> =>
  importNamed(name).catch((cause: unknown) => {
    throw new RunError(
      `a broker needs packages of NATS, and ${name} is not installed here or does not load. Install them: npm install ${INSTALL}`,
      { cause },
    );
  });

function parseAddress(address: string): URL {
  try {
    const url = new URL(address);
    if (schemes.some((scheme) => url.protocol === `${scheme}:`) && url.host !== '') return url;
  } catch {
    // told below
  }
  throw new UsageError(
    `broker "${address.replace(/^(.*\/\/)?.*@/, '$1')}" must be an address such as nats://127.0.0.1:4222, with ${schemes.map((scheme) => `${scheme}://`).join(', ')} in front.`,
  );
}

/** `nats://user:password@host`, or `nats://token@host`. */
function inAddress({ username, password }: URL): { user?: string; pass?: string; token?: string } {
  if (username === '') return {};
  if (password === '') return { token: decodeURIComponent(username) };
  return { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
}
