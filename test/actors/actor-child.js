// An actor for the kill test: writes down what the broker has said it keeps.
import { appendFileSync } from 'node:fs';
import { connectBroker, runActor } from '../../dist/actors/index.js';
import { crc32c } from '../../dist/runs/crc32c.js';
import { plainRuntime } from '../../dist/runtime/plain/index.js';

const [address, run, log] = process.argv.slice(2);
const broker = await connectBroker(address, { client: { reconnectTimeWait: 50 } });
const controller = new AbortController();
process.on('SIGTERM', () => controller.abort());
await runActor({
  broker,
  run,
  runtime: plainRuntime,
  signal: controller.signal,
  onSent({ actor, episode, rows }) {
    appendFileSync(log, `${actor} ${episode} ${crc32c(new Uint8Array(rows.buffer))}\n`);
  },
});
await broker.close();
