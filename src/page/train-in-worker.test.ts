// A training in a worker, with a worker that lives in this thread: what comes back, what is told, and what is refused.
import { expect, it, vi } from 'vitest';
import { pointReach } from '../envs/point/index.js';
import { UsageError } from '../errors.js';
import { loadPolicy } from '../training/policy.js';
import { serveTraining } from './serve-training.js';
import { resumeInWorker, trainInWorker, type WorkerOptions } from './train-in-worker.js';

/** Each side hears what the other posts, copied as messages are. */
function localWorker(): Worker {
  const [page, worker] = [new EventTarget(), new EventTarget()];
  const post = (to: EventTarget) => (data: unknown) => {
    const copy = structuredClone(data);
    setTimeout(() => to.dispatchEvent(Object.assign(new Event('message'), { data: copy })));
  };
  const own = { postMessage: post(page), addEventListener: worker.addEventListener.bind(worker) };
  vi.stubGlobal('self', own);
  serveTraining({ envs: [{ ...pointReach, name: 'me/own' }] });
  return Object.assign(page, { postMessage: post(worker), terminate: () => undefined }) as unknown as Worker;
}

const config = {
  agent: { options: { hidden: [8] } },
  runtime: { worker: false },
  training: { warmupSteps: 50, batchSize: 16 },
  evaluation: { every: 100, episodes: 2 },
};
const worker = localWorker;

it('gives a run that acts, tells how it goes, and goes on with it', async () => {
  const told: string[] = [];
  const watch: WorkerOptions = {
    worker,
    onStart: () => told.push('start'),
    onProgress: ({ phase }) => told.push(phase),
    onEvaluation: ({ steps }) => told.push(`evaluated at ${steps}`),
  };
  const { run, result } = await trainInWorker({ env: 'me/own', steps: 200, config, ...watch }).ended;
  expect(result).toMatchObject({ env: 'me/own', envSteps: 200, ended: 'steps' });
  expect(told[0]).toBe('start');
  expect(told).toEqual(expect.arrayContaining(['training', 'evaluated at 100', 'evaluated at 200']));
  expect(await (await loadPolicy(run)).act({ observation: [0, 0], goal: [1, 1] })).toHaveLength(2);
  const further = await resumeInWorker({ ...run, steps: 300, worker }).ended;
  expect(further.result.envSteps).toBe(300);
  expect(further.run.run).toBe(run.run);
});

it('pauses, goes on and stops with a checkpoint; abandoned it rejects', async () => {
  let steps = 0;
  const training = trainInWorker({
    env: 'me/own',
    steps: 1_000_000,
    config: { ...config, evaluation: { every: 0, episodes: 1 } },
    worker,
    onProgress: (progress) => {
      steps = progress.steps;
    },
  });
  await vi.waitFor(() => expect(steps).toBeGreaterThan(0), { timeout: 20_000 });
  training.pause();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const paused = steps;
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(steps).toBe(paused);
  training.goOn();
  await vi.waitFor(() => expect(steps).toBeGreaterThan(paused), { timeout: 20_000 });
  training.stop();
  expect((await training.ended).result.ended).toBe('aborted');

  const left = trainInWorker({ env: 'me/own', steps: 100, config, worker });
  left.abandon();
  await expect(left.ended).rejects.toThrow('abandoned');
});

it('errors keep their kind, and what cannot be sent is refused', async () => {
  await expect(trainInWorker({ env: 'point/raech', worker }).ended).rejects.toThrow(UsageError);
  await expect(trainInWorker({ env: 'me/own', steps: -1, worker }).ended).rejects.toThrow(/steps/);
  const env = pointReach as unknown as string;
  expect(() => trainInWorker({ env, worker })).toThrow(/must be the name of an environment.*serveTraining/);
  expect(() => resumeInWorker({ run: 'x', worker })).toThrow(/needs the store/);
});

it('a worker that the browser does not start says where its script must come from', () => {
  const refused = () => {
    throw new DOMException("Script at 'https://cdn.test/x.js' cannot be accessed.", 'SecurityError');
  };
  expect(() => trainInWorker({ env: 'point/reach', worker: refused })).toThrow(
    /^the worker does not start: Script at .*cannot be accessed\. Its script must come from the page's own origin/,
  );
  vi.stubGlobal('Worker', refused);
  expect(() => trainInWorker({ env: 'point/reach', worker: 'https://cdn.test/x.js' })).toThrow(UsageError);
  expect(() => trainInWorker({ env: 'point/reach' })).toThrow(UsageError);
});
