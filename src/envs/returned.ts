// Refuses what a simulation's methods must not return, before it is taken for something else.
import { RunError } from '../errors.js';

/** @throws RunError for a promise, and for what is neither true, false nor (but from `isSuccess`) nothing */
export function refuseReturned(env: string, method: 'reset' | 'step' | 'isSuccess', value: unknown): void {
  const { then } = (value ?? {}) as { then?: unknown };
  if (typeof then === 'function') {
    Promise.resolve(value).catch(() => undefined); // what it fails with is not what is wrong
    throw new RunError(
      `${env}: its ${method}() is asynchronous (it returned a promise), but it must be done when it returns; load what takes time in \`create\`, which may be async.`,
    );
  }
  if (method === 'reset') return;
  if (method === 'isSuccess') {
    throw new RunError(`${env}: its isSuccess() returned ${describe(value)}; return true for a success, else false.`);
  }
  throw new RunError(
    `${env}: its step() returned ${describe(value)}; return true for a failure that has nothing to do with the goal, else false or nothing. Rewards come from computeReward, ends at the goal from spec.successEndsEpisode.`,
  );
}

function describe(value: unknown): string {
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return 'a list';
  if (typeof value === 'object' && value !== null)
    return `an object with ${Object.keys(value).join(', ') || 'nothing'}`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
