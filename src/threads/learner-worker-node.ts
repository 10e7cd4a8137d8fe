// The thread's side of learner-thread-node.ts: the learner itself does one request after the other.
import { parentPort } from 'node:worker_threads';
import { createLearner } from '../learners/create-learner.js';
import type { Learner, LearnerSetup } from '../learners/learner.js';
import { defaultRuntime } from '../platform/node.js';
import { plainError } from '../platform/thread-errors.js';
import type { Request, Response } from './learner-thread-node.js';

const port = parentPort;
if (!port) throw new Error('learner-worker-node.js runs as a worker thread only');

let learner: Learner | undefined;

async function answer({ id, method, args }: Request): Promise<void> {
  let response: Response;
  try {
    if (method === 'start') {
      learner = await createLearner(args[0] as LearnerSetup, await defaultRuntime());
      response = { id };
    } else {
      if (!learner) throw new Error(`"${method}" before "start"`);
      const call = learner[method] as (...values: readonly unknown[]) => Promise<unknown>;
      response = { id, result: await call(...args) };
    }
  } catch (error) {
    response = { id, error: plainError(error) };
  }
  port?.postMessage(response);
}

port.on('message', answer);
