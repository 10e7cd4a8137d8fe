// Connecting to a NATS server, without one: what is of no use is closed again.
import { expect, it, vi } from 'vitest';
import { connectBroker } from './connect.js';

it('closes a connection to a server without JetStream, which would keep a program alive', async () => {
  const close = vi.fn(async () => undefined);
  const core = { connect: async () => ({ close }) };
  const jetstream = { jetstreamManager: () => Promise.reject(new Error('no responders')) };
  await expect(connectBroker('nats://user:secret@h:1', { packages: { core, jetstream } })).rejects.toThrow(
    /^nats:..h:1: no responders\. The server needs JetStream: start it with nats-server --jetstream\.$/,
  );
  expect(close).toHaveBeenCalledTimes(1);
});
