// How many steps a rollout is imagined for: a schedule over the run, or what the model is measured to be good for.
import type { ModelConfig } from '../config/model-config.js';
import { nextTurn } from '../platform/yield.js';
import type { Random } from '../random.js';
import type { DynamicsModel } from './dynamics-model.js';
import { readAction, readState } from './model-spec.js';
import type { BatchStep } from './model-step.js';
import type { Transitions } from './transitions.js';

/** The most steps that rollouts of a run may have. */
export const mostSteps = ({ horizon, autoMost }: Pick<ModelConfig, 'horizon' | 'autoMost'>): number =>
  horizon === 'auto' ? autoMost : typeof horizon === 'number' ? horizon : Math.max(horizon[2], horizon[3], 1);

/** Steps after so many environment steps: k0 until s0, then linearly to k1 at s1, whole numbers (MBPO, appendix C). */
export function scheduled(horizon: number | readonly number[], steps: number): number {
  if (typeof horizon === 'number') return horizon;
  const [s0, s1, k0, k1] = horizon;
  const share = Math.min(Math.max((steps - s0) / Math.max(s1 - s0, 1), 0), 1);
  return Math.max(1, Math.floor(k0 + share * (k1 - k0)));
}

/**
 * Open-loop errors after 1 to `most` steps: the members' means along the actions of real episodes against what happened,
 * root mean square over rows and numbers, in deviations of each number. Fewer than `most` where no episode is so long;
 * at least one, for a transition there is.
 */
export async function openLoopErrors(
  model: DynamicsModel,
  step: BatchStep,
  data: Transitions,
  most: number,
  random: Random,
): Promise<number[]> {
  const { spec, scales } = model;
  const { state: s, action: a } = spec.sizes;
  const { layout } = spec;
  const task = layout.column('task');
  const starts = drawStarts(data, step.rows, most, random);
  const length = Math.min(...starts.map((i) => data.left(i)), most);
  const truth = new Float32Array(s);
  for (const [n, i] of starts.entries()) {
    readState(spec, data.memory(i), data.row(i), step.state, n * s);
    if (spec.tasks > 1) step.task[n] = data.memory(i)[data.row(i) + task.offset];
  }
  step.noise.fill(0);
  const errors: number[] = [];
  for (let k = 0; k < length; k++) {
    for (const [n, i] of starts.entries()) {
      readAction(spec, data.memory(i), data.next(i, k), step.action, n * a);
    }
    await step.run();
    let sum = 0;
    for (const [n, i] of starts.entries()) {
      readState(spec, data.memory(i), data.next(i, k + 1), truth, 0);
      for (let j = 0; j < s; j++) sum += ((step.next[n * s + j] - truth[j]) * scales[spec.inputs + j]) ** 2;
    }
    errors.push(Math.sqrt(sum / (starts.length * s)));
    step.state.set(step.next);
    await nextTurn();
  }
  return errors;
}

/** Transitions that at least `steps` follow in their episodes, itself counted; where there are none, those with the most. */
function drawStarts(data: Transitions, count: number, steps: number, random: Random): number[] {
  const fitting: number[] = [];
  let longest = 1;
  for (let i = 0; i < data.count; i++) {
    longest = Math.max(longest, data.left(i));
    if (data.left(i) >= steps) fitting.push(i);
  }
  if (fitting.length === 0) return drawStarts(data, count, longest, random);
  return Array.from({ length: count }, () => fitting[random.below(fitting.length)]);
}

/** The most steps whose errors, and those of all before, stay within `bound`; at least 1. */
export function goodFor(errors: readonly number[], bound: number): number {
  const beyond = errors.findIndex((error) => !(error <= bound));
  return Math.max(1, beyond < 0 ? errors.length : beyond);
}
