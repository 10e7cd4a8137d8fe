// A learner for the kill test: begins a run in a folder, or goes on with the one that is there.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { connectBroker } from '../../dist/actors/index.js';
import { createDiskStore } from '../../dist/runs/disk-store.js';
import { plainRuntime } from '../../dist/runtime/plain/index.js';
import { resume, train } from '../../dist/training/index.js';

const [address, folder] = process.argv.slice(2);
const broker = await connectBroker(address, { client: { reconnectTimeWait: 50 } });
const controller = new AbortController();
process.on('SIGTERM', () => controller.abort());
const [run] = readdirSync(folder).filter((name) => !name.startsWith('.'));
const watch = { broker, runtime: plainRuntime, signal: controller.signal };
if (run) await resume({ run: join(folder, run), ...watch });
else {
  await train({
    env: 'point/reach',
    store: createDiskStore(folder),
    config: {
      steps: 10_000_000,
      agent: { options: { hidden: [4] } },
      training: { warmupSteps: 100, batchSize: 8, updatesPerStep: 0.01, cycleSteps: 50 },
      evaluation: { every: 0, episodes: 1 },
      checkpoint: { every: 300 },
      actors: { backlog: 2000 },
      runtime: { worker: false },
    },
    ...watch,
  });
}
await broker.close();
