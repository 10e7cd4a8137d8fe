// A real NATS server: what goes over it comes back, also after it was killed; credentials, several runs, the commands.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Broker, connectBroker } from '../../src/actors/index.js';
import { createCli, quick, shows } from '../cli-process.js';
import { skipWithoutNats, startNats, type TestServer } from './nats.js';

const bytes = (...values: number[]) => Uint8Array.from(values);

describe.skipIf(skipWithoutNats)('a NATS server', () => {
  let server: TestServer;
  let broker: Broker;
  beforeAll(async () => {
    server = await startNats();
    broker = await connectBroker(server.address, { client: { reconnectTimeWait: 50 } });
  });
  afterAll(async () => {
    await broker?.close();
    await server?.end();
  });

  it('keeps messages in their order, each id once, until they are given up', async () => {
    const channel = await broker.create('order', 1e6);
    const numbers = [];
    for (const [id, value] of [
      ['a', 1],
      ['b', 2],
      ['a', 1],
      ['c', 3],
    ] as const)
      numbers.push(await channel.send(id, bytes(value)));
    expect(numbers).toEqual([1, 2, 1, 3]);
    const all = channel.receive(0);
    expect([(await all.next())?.bytes, (await all.next())?.bytes]).toEqual([bytes(1), bytes(2)]);
    await channel.forget(2);
    const rest = channel.receive(1);
    expect(await rest.next()).toEqual({ number: 3, bytes: bytes(3) });
    const later = rest.next();
    await channel.send('d', bytes(4));
    expect(await later).toEqual({ number: 4, bytes: bytes(4) });
    const nothing = rest.next();
    await rest.close();
    expect(await nothing).toBeUndefined();
    await all.close();
  });

  it('says to whoever waits for messages that the run was removed', async () => {
    const waiting = (await broker.create('gone', 1e6)).receive(0).next();
    const told = expect(waiting).rejects.toThrow(/run gone is no longer at the broker/);
    await broker.remove('gone');
    await told;
  });

  it('takes no more than the run may keep, and takes it again later', async () => {
    const channel = await broker.create('full', 3000);
    const message = new Uint8Array(1000);
    await channel.send('a', message);
    await channel.send('b', message);
    await expect(channel.send('c', message)).rejects.toThrow(/maximum bytes/);
    await channel.forget(1);
    expect(await channel.send('c', message)).toBe(3);
  });

  it('keeps the newest state, of any size', async () => {
    const channel = await broker.create('state', 1e6);
    expect(await channel.kept('policy')).toBeUndefined();
    const large = new Uint8Array(2_500_000).map((_, i) => i % 251);
    await channel.keep('policy', large);
    expect(Buffer.compare((await channel.kept('policy')) ?? bytes(), large)).toBe(0);
    await channel.keep('policy', bytes(9));
    expect(await channel.kept('policy')).toEqual(bytes(9));
    expect(await broker.runs()).toContain('state');
    await broker.remove('state');
    expect(await broker.runs()).not.toContain('state');
    await expect(broker.open('stat')).rejects.toThrow(/unknown run "stat" of nats:/);
  });

  it('loses nothing when it is killed, and is waited for', async () => {
    const channel = await broker.create('killed', 1e6);
    await channel.send('a', bytes(1));
    await channel.keep('run', bytes(7));
    const incoming = channel.receive(0);
    expect((await incoming.next())?.number).toBe(1);
    await server.kill();
    const later = incoming.next();
    const lost = channel.send('b', bytes(2)).catch(() => undefined);
    await server.start();
    // As an actor does: again and again.
    await expect.poll(() => channel.send('b', bytes(2)).catch((error: Error) => error.message)).toBe(2);
    expect(await later).toEqual({ number: 2, bytes: bytes(2) });
    expect(await channel.send('a', bytes(1))).toBe(1);
    expect(await channel.kept('run')).toEqual(bytes(7));
    await incoming.close();
    await lost;
  });

  it('lets in whom it knows', async () => {
    const closed = await startNats('authorization { user: actor, password: "se cret" }');
    try {
      await expect(connectBroker(closed.address)).rejects.toThrow(/Authorization Violation/i);
      const address = closed.address.replace('//', '//actor:se%20cret@');
      const open = await connectBroker(address);
      expect(open.address).toBe(closed.address); // without secrets
      await open.close();
    } finally {
      await closed.end();
    }
  });

  it('speaks TLS, with certificates that are vouched for', async ({ skip }) => {
    const folder = mkdtempSync(join(tmpdir(), 'anygoal-tls-'));
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const files = ['-keyout', key, '-out', cert, '-days', '2', '-nodes'];
    const { status } = spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', ...files, ...subject]);
    if (status !== 0) skip('no openssl here');
    const secret = await startNats(`tls { cert_file: "${cert}", key_file: "${key}" }`);
    try {
      const address = secret.address.replace('nats://127.0.0.1', 'tls://localhost');
      await expect(connectBroker(address)).rejects.toThrow(/self.signed certificate/i);
      const open = await connectBroker(address, { tls: { caFile: cert } });
      expect(await open.runs()).toEqual([]);
      await open.close();
    } finally {
      await secret.end();
      rmSync(folder, { recursive: true });
    }
  });

  it('says what is wrong with an address', async () => {
    await expect(connectBroker('127.0.0.1:4222')).rejects.toThrow('must be an address such as nats://127.0.0.1:4222');
    await expect(connectBroker('user:secret@127.0.0.1:4222')).rejects.toThrow('broker "127.0.0.1:4222" must be');
    await expect(connectBroker('nats://user:secret@127.0.0.1:1')).rejects.toThrow(
      /^nats:\/\/127\.0\.0\.1:1: .*Is the/s,
    );
  });

  it('brings the commands together', { timeout: 120_000 }, async () => {
    const cli = createCli('actors');
    const one = await startNats();
    try {
      expect((await cli.anygoal('actor')).stderr).toContain('actor needs --broker ADDRESS');
      expect((await cli.anygoal('actor', '--broker', one.address)).stderr).toContain('knows no run');
      const settings = [...quick, '--set', 'agent.hidden=[8]', '--set', 'training.updatesPerStep=0.1'];
      const training = cli.start('train', 'point/reach', '--broker', one.address, '--steps', '200', ...settings);
      let said = '';
      training.stdout.on('data', (text) => {
        said += text;
      });
      await shows(training, 'anygoal actor --broker');
      expect(said).toContain(`anygoal actor --broker ${one.address} --run point-reach`);
      const acted = cli.anygoal('actor', '--broker', one.address, '--name', 'me', '--json');
      const ended = new Promise<number | null>((done) => training.once('exit', done));
      const { stdout, stderr } = await acted;
      expect(JSON.parse(stdout)).toMatchObject({ ended: 'run' });
      expect(stderr).toMatch(/me-\w+: \d+ episodes, \d+ steps for point-reach.*; the run is over\./);
      expect(await ended).toBe(0);
      const { runs } = JSON.parse((await cli.anygoal('actors', '--broker', one.address, '--json')).stdout);
      expect(runs).toHaveLength(1);
      expect((await cli.anygoal('actors', '--broker', one.address, '--remove', runs[0].run)).code).toBe(0);
    } finally {
      await one.end();
      cli.end();
    }
  });
});
