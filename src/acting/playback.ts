// Held-out episodes played again, in an environment's place: what a policy would do at each step, beside what was done.
import type { EpisodeColumns } from '../datasets/index.js';
import { columnsOf, createValues, type Values } from '../envs/columns.js';
import type { GoalEnv, GoalTransition } from '../envs/env.js';
import { refuseInstruction } from '../envs/given.js';
import { actionSize } from '../envs/space.js';
import { wrapEnv } from '../envs/wrap-env.js';
import { createRandom } from '../random.js';

/** Steps that are played at most: goals farther away say little about an action. */
const WINDOW = 50;

export interface Playback {
  /**
   * An episode of it is up to 50 steps of a recorded one, drawn by the seed. The goal is the episode's own where `goals` says
   * so, else what is achieved at the end of these steps. Actions change nothing. The return is minus the mean distance of the
   * actions from the recorded ones, in units of half their range (of choices: the share of others than the recorded).
   */
  readonly env: GoalEnv;
  /** The return of the best constant action, for comparison. */
  readonly constant: number;
}

export function playBack(env: GoalEnv, { steps, columns }: EpisodeColumns, goals: 'own' | 'achieved'): Playback {
  const { spec } = env;
  const { action } = spec;
  const width = actionSize(action);
  const table = columnsOf(spec).filter(({ name, per }) => per !== 'transition' && columns[name]);
  const now: Record<string, Values> = Object.fromEntries(
    columnsOf(spec).map(({ name, dtype, size }) => [name, createValues(dtype, size)]),
  );
  const named = Object.fromEntries(Object.keys({ ...spec.parts, ...spec.columns }).map((name) => [name, now[name]]));
  const floats = (name: string, size = 0) => (now[name] as Float32Array | undefined) ?? new Float32Array(size);
  const shown = {
    observation: floats('observation', spec.observation.size),
    achieved: floats('achieved', spec.achieved.size),
    goal: floats('goal', spec.goal.size),
    info: new Float32Array(0),
    task: floats('task'),
    columns: named,
  };
  const actions = columns.action;
  const half = action.kind === 'box' ? action.low.map((low, j) => (action.high[j] - low) / 2) : [1];
  const random = createRandom(0);
  /** Of the episode: its number, and the numbers of its first state and transition; the next step, and the one to stop at. */
  const at = { episode: 0, state: 0, transition: 0, step: 0, end: 0, length: 1 };

  function show(step: number): void {
    for (const { name, per, size } of table) {
      if (name === 'goal' && goals === 'achieved') continue;
      const first = (per === 'episode' ? at.episode : at.state + step) * size;
      now[name].set(columns[name].subarray(first, first + size));
    }
  }

  const distance = (given: ArrayLike<number>, transition: number): number => {
    let sum = 0;
    for (let j = 0; j < width; j++) {
      const apart = Math.abs(given[j] - actions[transition * width + j]);
      sum += action.kind === 'box' ? apart / half[j] : apart > 0 ? 1 : 0;
    }
    return sum / width;
  };

  const played = wrapEnv(env, {
    // Figures are of all held-out episodes together: there may be none of a task.
    spec: { ...spec, tasks: undefined, taskSteps: undefined },
    reset({ seed, goal, instruction } = {}) {
      if (instruction !== undefined) refuseInstruction(spec, instruction);
      if (seed !== undefined) random.restore(createRandom(seed).save());
      at.episode = random.below(steps.length);
      at.state = 0;
      at.transition = 0;
      for (let i = 0; i < at.episode; i++) {
        at.state += steps[i] + 1;
        at.transition += steps[i];
      }
      at.length = Math.min(WINDOW, steps[at.episode]);
      at.step = random.below(steps[at.episode] - at.length + 1);
      at.end = at.step + at.length;
      if (goals === 'achieved') {
        const { size } = spec.achieved;
        const last = (at.state + at.end) * size;
        env.goalFrom?.((columns.achieved as Float32Array).subarray(last, last + size), shown.goal);
      }
      show(at.step);
      if (goal) shown.goal.set(goal);
      return shown;
    },
    step(given): GoalTransition {
      const reward = -distance(given, at.transition + at.step) / at.length;
      at.step++;
      show(at.step);
      const truncated = at.step === at.end;
      return { ...shown, reward, failed: false, terminated: false, truncated, isSuccess: false };
    },
  });
  return { env: played, constant: -constantDistance(actions, width, distance) };
}

/** Mean distance of the recorded actions from one that is always the same: each number's median, or the commonest choice. */
function constantDistance(
  actions: Values,
  width: number,
  distance: (given: ArrayLike<number>, transition: number) => number,
): number {
  const count = actions.length / width;
  const medians = Array.from({ length: width }, (_, j) => {
    const values = Array.from({ length: count }, (_, i) => actions[i * width + j]).sort((a, b) => a - b);
    return values[count >> 1];
  });
  let sum = 0;
  for (let i = 0; i < count; i++) sum += distance(medians, i);
  return sum / count;
}
