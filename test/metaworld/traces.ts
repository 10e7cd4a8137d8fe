// Recorded episodes of Meta-World's MT10 tasks, where their like can be recorded here, and the comparison with ours.
import { loadMetaworldAssets } from '../../src/envs/metaworld/assets.js';
import { createSawyer, type Sawyer } from '../../src/envs/metaworld/sawyer.js';
import { compileMetaworld } from '../../src/envs/metaworld/simulation.js';
import type { MetaworldTask } from '../../src/envs/metaworld/tasks.js';
import { areHere } from '../../src/envs/testing.js';
import { loadMujoco } from '../../src/physics/engine.js';
import { difference, findPython, readRecording, recordWith } from '../recordings.js';

/** One episode; see record.py. */
export interface Trace {
  readonly task: MetaworldTask;
  readonly kind: 'random' | 'scripted';
  readonly seed: number;
  /** What was drawn. */
  readonly vector: readonly number[];
  readonly target: readonly number[];
  readonly start: readonly number[];
  readonly actions: readonly (readonly number[])[];
  readonly observations: readonly (readonly number[])[];
  readonly rewards: readonly number[];
  readonly successes: readonly number[];
  /** With --states, of MuJoCo before each step. */
  readonly states: readonly (readonly number[])[];
}

const file = (name: string) => new URL(`./${name}`, import.meta.url);

export const readTraces = () => readRecording<Trace>(file('traces.ndjson'));

/** A Python that can record here, or why there is none. */
export const findMetaworldPython = () => findPython({ mujoco: '3.14.0', metaworld: '3.1.1' });

export const record = (python: string, args: readonly string[]) => recordWith<Trace>(python, file('record.py'), args);

/** Whether the models are here. */
export const haveAssets = (): Promise<boolean> => areHere(loadMetaworldAssets);

export async function sawyerOf(task: MetaworldTask): Promise<Sawyer> {
  const files = await loadMetaworldAssets();
  const mujoco = await loadMujoco();
  return createSawyer(mujoco, task, compileMetaworld(mujoco, task, files));
}

/** How far a robot that does what the trace did is from it. */
export interface Comparison {
  readonly start: number;
  /** Of every recorded observation, with the number of steps before it. */
  readonly observations: readonly { readonly step: number; readonly difference: number }[];
  /** Of every step. */
  readonly rewards: readonly number[];
  /** Steps in which one is a success and the other not. */
  readonly wrongSuccesses: number;
}

export function compare(sawyer: Sawyer, trace: Trace, every: number): Comparison {
  sawyer.begin(Float64Array.from(trace.vector));
  const start = Math.max(difference(sawyer.observation, trace.start), difference(sawyer.target, trace.target));
  const observations: { step: number; difference: number }[] = [];
  let wrongSuccesses = 0;
  const rewards = trace.actions.map((action, i) => {
    const reward = sawyer.step(action);
    if ((i + 1) % every === 0) {
      const theirs = trace.observations[(i + 1) / every - 1];
      observations.push({ step: i + 1, difference: difference(sawyer.observation, theirs) });
    }
    if (Number(sawyer.isSuccess()) !== trace.successes[i]) wrongSuccesses++;
    return Math.abs(reward - trace.rewards[i]);
  });
  return { start, observations, rewards, wrongSuccesses };
}

/** How far each single step from Python's own state is from Python's: the observation's first half, the next moment. */
export function compareSteps(sawyer: Sawyer, trace: Trace): number[] {
  sawyer.begin(Float64Array.from(trace.vector));
  return trace.actions.map((action, i) => {
    sawyer.physics.restore(new Uint8Array(Float64Array.from(trace.states[i]).buffer));
    sawyer.step(action);
    return difference(sawyer.observation.subarray(0, 18), trace.observations[i].slice(0, 18));
  });
}
