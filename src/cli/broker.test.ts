// The broker's address: from the command line, with the password that the environment keeps.
import { afterEach, expect, it, vi } from 'vitest';
import { parseArguments } from './args.js';
import { brokerAddress, brokerFlags, brokerSuffix } from './broker.js';

afterEach(() => void vi.unstubAllEnvs());

const argumentsOf = (...words: string[]) =>
  parseArguments({ name: 'train', summary: '', flags: brokerFlags, examples: [] }, words);

it.each([
  [undefined, 'nats://h:1', 'nats://h:1'],
  ['nats://a:b@h:1', undefined, 'nats://a:b@h:1'],
  ['nats://a:b@h:1', 'nats://h:1', 'nats://a:b@h:1'],
  ['nats://a:b@h:1', 'nats://other:1', 'nats://other:1'],
  ['nats://a:b@h:1', 'nats://c:d@h:1', 'nats://c:d@h:1'],
  [undefined, undefined, undefined],
])('ANYGOAL_BROKER %s and --broker %s: %s', (kept, given, address) => {
  vi.stubEnv('ANYGOAL_BROKER', kept);
  expect(brokerAddress(argumentsOf(...(given ? ['--broker', given] : [])))).toBe(address);
});

it('commands to copy have no password, and are understood again', () => {
  const suffix = brokerSuffix(argumentsOf('--broker', 'nats://a:b@h:1', '--creds', 'my file'));
  expect(suffix).toBe(" --broker nats://h:1 --creds 'my file'");
  vi.stubEnv('ANYGOAL_BROKER', 'nats://a:b@h:1');
  expect(brokerAddress(argumentsOf('--broker', 'nats://h:1'))).toBe('nats://a:b@h:1');
});
