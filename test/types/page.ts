// A policy in a page: loaded from a URL, asked for actions.
import { type EnvSpec, loadPolicy, type Policy } from 'anygoal';
import { plainRuntime } from 'anygoal/runtime/plain';
import { webRuntime } from 'anygoal/runtime/web';
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
