// Keeps ONNX Runtime from recording how this machine uses it and sending that away, as its native library does unless told.
import { Session } from 'node:inspector';
import { isMainThread } from 'node:worker_threads';

const SWITCH = 'ORT_DISABLE_TELEMETRY';
/** Milliseconds that the main thread may take to hear of it. */
const PATIENCE = 2000;

/** To be awaited before the library loads, which looks once. What the user has set stays. */
export async function disableTelemetry(): Promise<void> {
  if (process.env[SWITCH] !== undefined) return;
  process.env[SWITCH] = '1';
  // The environment of a thread is a copy of its own; the library reads the process's, which the main thread has. Our own
  // threads begin after it has set the switch; this is for a thread of the user's where the main thread has not.
  if (isMainThread || (await setInMainThread().catch(() => false))) return;
  process.emitWarning(`ONNX Runtime may record and send how it is used; set ${SWITCH}=1 before the program starts.`);
}

function setInMainThread(): Promise<boolean> {
  const session = new Session();
  session.connectToMainThread();
  let timer: NodeJS.Timeout | undefined; // also keeps the thread alive until the answer comes
  return new Promise<boolean>((done, failed) => {
    timer = setTimeout(() => done(false), PATIENCE);
    const expression = `process.env.${SWITCH} ??= '1'`;
    session.post('Runtime.evaluate', { expression }, (error, answer) => {
      if (error) failed(error);
      else done(answer.exceptionDetails === undefined);
    });
  }).finally(() => {
    clearTimeout(timer);
    session.disconnect();
  });
}
