// Recorded episodes of the Python environments, where their like can be recorded here, and the comparison with ours.
import { loadFetchAssets } from '../../src/envs/fetch/assets.js';
import type { Quantities } from '../../src/envs/fetch/observation.js';
import { createRobot, type FetchRobot } from '../../src/envs/fetch/robot.js';
import { compileFetch } from '../../src/envs/fetch/simulation.js';
import type { FetchTask } from '../../src/envs/fetch/tasks.js';
import { areHere } from '../../src/envs/testing.js';
import type { Mujoco } from '../../src/physics/bindings.js';
import { loadMujoco } from '../../src/physics/engine.js';
import { difference, findPython, readRecording, recordWith } from '../recordings.js';

/** One episode; see record.py. */
export interface Trace {
  readonly task: FetchTask;
  readonly kind: 'random' | 'purposeful';
  readonly seed: number;
  readonly initialGripper: readonly number[];
  readonly objectHeight: number;
  readonly place: readonly number[];
  readonly goal: readonly number[];
  readonly start: readonly number[];
  readonly actions: readonly (readonly number[])[];
  readonly observations: readonly (readonly number[])[];
  readonly rewards: readonly number[];
  /** The rewards of the dense form. */
  readonly dense: readonly number[];
  readonly successes: readonly number[];
  /** Whether the robot touches the object in each step. */
  readonly touching: readonly number[];
  readonly states: readonly (readonly number[])[];
  readonly quantities: Quantities;
  readonly last: readonly number[];
  readonly sensitivity: readonly number[];
}

const file = (name: string) => new URL(`./${name}`, import.meta.url);

export const readTraces = () => readRecording<Trace>(file('traces.ndjson'));

/** A Python that can record here, or why there is none. */
export const findFetchPython = () => findPython({ mujoco: '3.14.0', 'gymnasium-robotics': '1.4.2' });

export const record = (python: string, args: readonly string[]) => recordWith<Trace>(python, file('record.py'), args);

/** Whether the models are here. */
export const haveAssets = (): Promise<boolean> => areHere(loadFetchAssets);

/** The robot of a task, stepped by WebAssembly unless `mujoco` says otherwise. */
export async function robotOf(task: FetchTask, mujoco?: Mujoco): Promise<FetchRobot> {
  const files = await loadFetchAssets();
  mujoco ??= await loadMujoco();
  return createRobot(mujoco, task, compileFetch(mujoco, task, files));
}

export const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.sqrt([0, 1, 2].reduce((sum, i) => sum + (a[i] - b[i]) ** 2, 0));

/** How far a robot that does what the trace did is from it; infinite where reward or success differ. */
export interface Comparison {
  readonly start: number;
  /** Of every recorded observation, with the number of steps before it; achieved goals are among its numbers. */
  readonly observations: readonly { readonly step: number; readonly difference: number }[];
  /** Of every step: sparse rewards and successes equal, dense rewards within what is given. */
  readonly rewards: readonly number[];
}

export function compare(robot: FetchRobot, trace: Trace, every: number): Comparison {
  const start = Math.max(
    difference(robot.initialGripper, trace.initialGripper),
    Math.abs(robot.objectHeight - trace.objectHeight),
  );
  robot.reset(trace.place);
  const first = difference(robot.observation, trace.start);
  const observations: { step: number; difference: number }[] = [];
  const rewards = trace.actions.map((action, i) => {
    robot.step(action);
    if ((i + 1) % every === 0) {
      const theirs = trace.observations[(i + 1) / every - 1];
      observations.push({ step: i + 1, difference: difference(robot.observation, theirs) });
    }
    const d = distance(robot.achieved, trace.goal);
    const same = trace.rewards[i] === (d > 0.05 ? -1 : 0) && trace.successes[i] === (d < 0.05 ? 1 : 0);
    return same ? Math.abs(-d - trace.dense[i]) : Number.POSITIVE_INFINITY;
  });
  return { start: Math.max(start, first), observations, rewards };
}

/** The first step in which the robot touches the object; without any, beyond the last. */
export const firstTouch = ({ touching }: Trace): number =>
  (touching.indexOf(1) < 0 ? touching.length : touching.indexOf(1)) + 1;
