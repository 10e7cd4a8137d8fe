// A policy in a page: loaded from a URL, asked for actions.
import { type EnvSpec, loadPolicy, makeEnv, type Policy, type TrainResult } from 'anygoal';
import { downloadRun, openBrowserStore, resumeInWorker, type StoredRun, saveRun, trainInWorker } from 'anygoal/page';
import { plainRuntime } from 'anygoal/runtime/plain';
import { webRuntime } from 'anygoal/runtime/web';
import { openSceneView } from 'anygoal/view';
import { serveTraining } from 'anygoal/worker';
import { exactly, typeOf } from './check.js';

export async function act(canvas: HTMLCanvasElement): Promise<Float32Array> {
  const policy = await loadPolicy('https://example.org/runs/arm', { runtime: webRuntime });
  typeOf(policy).is<Policy>();
  typeOf(policy.spec).is<EnvSpec>();
  exactly<Awaited<ReturnType<Policy['act']>>, Float32Array>();
  canvas.width = policy.spec.goal.size;
  // Named parts and tasks are the environment's: what is missing is told when it acts.
  await policy.act({ observation: [0, 1], camera: new Uint8Array(3072), task: 'push' });
  // @ts-expect-error a goal as one number
  await policy.act({ observation: [0, 1], goal: 0.5 });
  // @ts-expect-error numbers as text
  await policy.act({ observation: '0 1', goal: [0] });
  // @ts-expect-error no such option
  await loadPolicy('x', { checkpoint: 'last' });
  const action = await policy.act({ observation: new Float32Array(2), goal: [0.5, 0.5] });
  typeOf(action).is<Float32Array>();
  await policy.dispose();
  typeOf(await loadPolicy('https://example.org/runs/arm', { runtime: plainRuntime })).is<Policy>();
  return action;
}

export async function learn(canvas: HTMLCanvasElement): Promise<TrainResult> {
  const training = trainInWorker({
    env: 'arm/reach',
    untilSuccess: 0.95,
    onProgress: ({ steps }) => typeOf(steps).is<number>(),
  });
  training.pause();
  training.goOn();
  const { run, result } = await training.ended;
  typeOf(run).is<StoredRun>();
  typeOf(await loadPolicy(run)).is<Policy>();
  await downloadRun(await saveRun(run));
  resumeInWorker({ ...run, steps: 2 * result.envSteps }).stop();
  resumeInWorker({ run: run.run, folder: 'runs', store: await openBrowserStore() });
  // @ts-expect-error a worker is not given stores
  trainInWorker({ env: 'arm/reach', store: run.store });
  const env = await makeEnv('arm/reach');
  const view = await openSceneView(canvas, env, { onGoal: (goal) => typeOf(goal).is<Float32Array>() });
  view.show(env.reset());
  serveTraining({ envs: [] });
  return result;
}
