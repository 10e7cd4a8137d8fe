// `--broker ADDRESS` and what connects to it: credentials and certificates as NATS has them.
import { readFile } from 'node:fs/promises';
import type { Broker } from '../actors/index.js';
import { UsageError } from '../errors.js';
import { quoted } from '../quoted.js';
import type { Arguments, Flag } from './args.js';

export const brokerFlags: Readonly<Record<'broker' | 'creds' | 'tls-ca' | 'tls-cert' | 'tls-key', Flag>> = {
  broker: {
    value: 'ADDRESS',
    help: 'NATS server with JetStream, such as nats://HOST:4222 or tls://USER:PASSWORD@HOST (else ANYGOAL_BROKER)',
  },
  creds: { value: 'FILE', help: 'credentials file for the broker (else ANYGOAL_BROKER_CREDS)' },
  'tls-ca': { value: 'FILE', help: "certificates that vouch for the broker's own" },
  'tls-cert': { value: 'FILE', help: 'certificate to show to the broker, with --tls-key' },
  'tls-key': { value: 'FILE', help: 'its key' },
};

const withoutSecrets = (address: string) => address.replace(/\/\/.*@/, '//');

/** The address that was given, on the command line or by the environment, which may have the password of the former. */
export function brokerAddress(args: Arguments): string | undefined {
  const [given, kept] = [args.value('broker'), process.env.ANYGOAL_BROKER];
  return given === undefined || (kept !== undefined && withoutSecrets(kept) === given) ? kept : given;
}

/** @throws UsageError without an address, or where a file cannot be read */
export async function connect(args: Arguments, command: string): Promise<Broker> {
  const address = brokerAddress(args);
  if (address === undefined || address === '') {
    throw new UsageError(`${command} needs --broker ADDRESS, such as --broker nats://127.0.0.1:4222.`);
  }
  const file = args.value('creds') ?? process.env.ANYGOAL_BROKER_CREDS;
  const creds = file === undefined ? undefined : await readText('--creds', file);
  const files = { caFile: args.value('tls-ca'), certFile: args.value('tls-cert'), keyFile: args.value('tls-key') };
  const tls = Object.fromEntries(Object.entries(files).flatMap(([name, path]) => (path ? [[name, path]] : [])));
  const { connectBroker } = await import('../actors/index.js');
  return connectBroker(address, { creds, ...(Object.keys(tls).length > 0 && { tls }) });
}

async function readText(flag: string, path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      `cannot read ${flag} ${path}: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}.`,
    );
  });
}

/** What the commands that are printed as the next ones need at their end; a password is left out, as a terminal is seen. */
export function brokerSuffix(args: Arguments): string {
  return Object.keys(brokerFlags)
    .map((name) => [name, args.value(name)] as const)
    .map(([name, value]) => (value === undefined ? '' : ` --${name} ${quoted(withoutSecrets(value))}`))
    .join('');
}
