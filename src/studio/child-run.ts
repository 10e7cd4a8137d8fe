// The process of a run that was started from a page: trains or goes on, says how it goes, saves and ends when told.
import { createDiskStore } from '../runs/disk-store.js';
import { resume, train } from '../training/train.js';
import type { Progress, TrainOptions } from '../training/types.js';
import type { FromChild, ToChild } from './child-messages.js';

const PROGRESS_MS = 500;

const say = (message: FromChild): void => {
  // After a disconnection nobody listens; the run saves all the same.
  if (process.connected) process.send?.(message);
};

const controller = new AbortController();
// Ctrl-C in the terminal reaches us too, but it is the studio that decides and tells.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => controller.abort());
process.on('SIGHUP', () => controller.abort());
// However the studio ended: nobody watches any more, so save and end.
process.on('disconnect', () => controller.abort());

let last = 0;
const watch: Pick<TrainOptions, 'signal' | 'onProgress' | 'onStart'> = {
  signal: controller.signal,
  onStart: ({ path, warnings }) => say({ kind: 'started', path, warnings }),
  onProgress(progress: Progress) {
    const now = performance.now();
    if (now - last < PROGRESS_MS) return;
    last = now;
    say({ kind: 'progress', progress });
  },
};

async function work(message: ToChild): Promise<void> {
  if (message.kind === 'stop') return controller.abort();
  const running =
    message.kind === 'train'
      ? train({
          env: message.config.env.name,
          config: message.config,
          store: createDiskStore(message.runsDir),
          ...watch,
        })
      : resume({ run: message.run, steps: message.steps, untilSuccess: message.untilSuccess, ...watch });
  try {
    const { ended } = await running;
    say({ kind: 'ended', ended });
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    say({ kind: 'failed', name, message });
    process.exitCode = 1;
  }
  if (process.connected) process.disconnect();
}

process.on('message', (message: ToChild) => void work(message));
