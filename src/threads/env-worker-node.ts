// The thread's side of env-threads-node.ts: sleeps until there is a command, steps its rows or answers a message.
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { onlyGoals } from '../acting/training-goals.js';
import type { GoalEnv } from '../envs/env.js';
import { viewEnvMemory } from '../envs/env-columns.js';
import { loadEnv, parseEnvOptions } from '../envs/index.js';
import { createVectorEnv } from '../envs/vector-env.js';
import { plainError } from '../platform/thread-errors.js';
import { nextTurn } from '../platform/yield.js';
import { CONTROL, type EnvRequest, type EnvResponse, type EnvThreadData } from './env-threads-node.js';

/** Milliseconds without a turn for the event loop, which prints what an environment writes to the console. */
const TURN = 100;

if (!parentPort) throw new Error('env-worker-node.js runs as a worker thread only');
const port = parentPort;
const data = workerData as EnvThreadData;
const control = new Int32Array(data.control);

async function createRows() {
  const definition = await loadEnv(data.env.name);
  const options = parseEnvOptions(definition, data.env.options);
  const envs: GoalEnv[] = [];
  for (let i = data.first; i < data.end; i++) {
    envs.push(onlyGoals(await definition.create(options), data.goals, 'trained'));
  }
  const { columns, actions } = viewEnvMemory(envs[0].spec, data.envs, data.memory, data);
  return { envs, vector: createVectorEnv(envs, { columns, first: data.first }), actions };
}

type Rows = Awaited<ReturnType<typeof createRows>>;

function step({ vector, actions }: Rows): void {
  try {
    vector.step(actions);
  } catch (error) {
    Atomics.store(control, CONTROL.failed, 1);
    port.postMessage({ error: plainError(error) } satisfies EnvResponse);
  }
  if (Atomics.sub(control, CONTROL.pending, 1) === 1) Atomics.notify(control, CONTROL.pending);
}

function answer({ envs, vector }: Rows, request: EnvRequest): EnvResponse {
  switch (request.method) {
    case 'reset':
      vector.reset(request.seed);
      return {};
    case 'save':
      return { states: envs.map((env) => env.saveState()) };
    case 'restore':
      for (const [i, state] of request.states.entries()) envs[i].restoreState(state);
      return {};
    case 'dispose':
      vector.dispose();
      return {};
  }
}

async function serve(rows: Rows): Promise<never> {
  let seen = 0;
  let turn = performance.now();
  for (;;) {
    if (performance.now() - turn > TURN) {
      await nextTurn();
      turn = performance.now();
    }
    Atomics.wait(control, CONTROL.command, seen, TURN);
    const command = Atomics.load(control, CONTROL.command);
    if (command === seen) continue;
    seen = command;
    if (Atomics.load(control, CONTROL.isStep) === 1) step(rows);
    else port.postMessage(attempt(() => answer(rows, receiveMessageOnPort(port)?.message)));
  }
}

function attempt(run: () => EnvResponse): EnvResponse {
  try {
    return run();
  } catch (error) {
    return { error: plainError(error) };
  }
}

try {
  const rows = await createRows();
  port.postMessage({} satisfies EnvResponse);
  await serve(rows);
} catch (error) {
  port.postMessage({ error: plainError(error) } satisfies EnvResponse);
}
