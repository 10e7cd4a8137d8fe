// Recorded episodes of the Python environments, where their like can be recorded here, and the comparison with ours.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { loadFetchAssets } from '../../src/envs/fetch/assets.js';
import type { Quantities } from '../../src/envs/fetch/observation.js';
import { createRobot, type FetchRobot } from '../../src/envs/fetch/robot.js';
import { compileFetch } from '../../src/envs/fetch/simulation.js';
import type { FetchTask } from '../../src/envs/fetch/tasks.js';
import { loadMujoco } from '../../src/physics/engine.js';

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

export interface Recording {
  readonly versions: Readonly<Record<string, string>>;
  readonly every: number;
  readonly traces: readonly Trace[];
}

/** The first line tells versions and how many steps lie between observations; every other is a trace. */
function parse(text: string): Recording {
  const [head, ...traces] = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { ...head, traces };
}

export const readTraces = (): Recording => parse(readFileSync(new URL('./traces.ndjson', import.meta.url), 'utf8'));

const VERSIONS = { mujoco: '3.14.0', 'gymnasium-robotics': '1.4.2' };
const QUESTION = `from importlib.metadata import version as v; print(*(f"{p}=={v(p)}" for p in ${JSON.stringify(Object.keys(VERSIONS))}))`;

/** A Python that can record here (ANYGOAL_PARITY_PYTHON, or python3), or why there is none. */
export function findPython(): { python?: string; problem: string } {
  const python = process.env.ANYGOAL_PARITY_PYTHON ?? 'python3';
  const wanted = Object.entries(VERSIONS).map(([name, version]) => `${name}==${version}`);
  try {
    const found = execFileSync(python, ['-c', QUESTION], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    if (found.trim() === wanted.join(' ')) return { python, problem: '' };
    return { problem: `${python} has ${found.trim()}; ANYGOAL_PARITY_PYTHON may name one with ${wanted.join(', ')}` };
  } catch {
    return { problem: `${python} lacks ${wanted.join(' or ')}; ANYGOAL_PARITY_PYTHON may name one that has them` };
  }
}

export const record = (python: string, args: readonly string[]): Recording => {
  const script = new URL('./record.py', import.meta.url).pathname;
  const text = execFileSync(python, [script, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return parse(text);
};

/** Whether the models are here. */
export const haveAssets = (): Promise<boolean> =>
  loadFetchAssets().then(
    () => true,
    () => false,
  );

export async function robotOf(task: FetchTask): Promise<FetchRobot> {
  const files = await loadFetchAssets();
  const mujoco = await loadMujoco();
  return createRobot(mujoco, task, compileFetch(mujoco, task, files));
}

/** The largest difference of two rows of numbers. */
export function difference(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  if (ours.length !== theirs.length) throw new Error(`${ours.length} numbers here, ${theirs.length} there`);
  let largest = 0;
  for (let i = 0; i < ours.length; i++) largest = Math.max(largest, Math.abs(ours[i] - theirs[i]));
  return largest;
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
