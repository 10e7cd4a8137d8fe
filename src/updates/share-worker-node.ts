// The thread's side of share-threads-node.ts: takes the steps it is told to, in step with the other shares.
import { parentPort, workerData } from 'node:worker_threads';
import { defaultRuntime } from '../platform/node.js';
import { plainError } from '../platform/thread-errors.js';
import type { Executable } from '../runtime/runtime.js';
import { controlOf, createMeeting, type ShareMessage, type ShareThreadData, STOP } from './share-threads-node.js';
import { createShare } from './update-share.js';

if (!parentPort) throw new Error('share-worker-node.js runs as a worker thread only');
const port = parentPort;
const { plan, memory, models, control, index } = workerData as ShareThreadData;
const words = new Int32Array(control);
const places = controlOf(plan.shares);
const stopped = new Error('stopped');
/** At every meeting, and while waiting for a share that failed: this may come in the middle of an update. */
function checkStop(): void {
  if (Atomics.load(words, places.count) === STOP) throw stopped;
}

const programs: (Executable | undefined)[] = [];
try {
  const meeting = createMeeting(words, index, plan.shares, checkStop);
  const meet = async () => {
    await meeting.meet();
    checkStop();
  };
  const runtime = await defaultRuntime();
  for (const [i, { runs }] of plan.steps.entries()) {
    const model = runs.some(({ share }) => share === index) ? models[i] : undefined;
    programs.push(model && (await runtime.compile(model)));
  }
  const share = createShare({ plan, index, memory, programs, meet });
  port.postMessage({} satisfies ShareMessage);
  for (;;) {
    await meet();
    if (words[places.reload] === 1) share.reload();
    const count = words[places.count];
    for (let i = 0; i < count; i++) await share.step(words[places.steps + i]);
  }
} catch (error) {
  if (error !== stopped) port.postMessage({ error: plainError(error) } satisfies ShareMessage);
} finally {
  for (const program of programs) await program?.dispose();
}
