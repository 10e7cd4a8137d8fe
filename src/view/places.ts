// Where in the scene things of the goal space are: what is achieved, and how near counts as reached.
import type { EnvSpec, GoalEnv, TimeStep } from '../envs/env.js';
import type { Scene } from '../scene.js';

/** How many of the numbers achieved stand for those of a goal: in a family the last one is the number of the task. */
export const placesAchieved = ({ achieved: { size, names }, tasks }: EnvSpec): number =>
  tasks && names?.at(-1) === 'task' ? size - 1 : size;

/** Where what counts is now; undefined where goals are no places. */
export function placeOf(env: GoalEnv, now: TimeStep, { dimensions, shapes }: Scene): readonly number[] | undefined {
  if (dimensions === 2) return shapes.find(({ name }) => name === 'point' || name === 'walker')?.position;
  const marker = shapes.find(({ name }) => name === 'goal');
  if (!marker || !env.goalAt) return undefined;
  // Along axes that do not count, the marker is where the thing is.
  const place = [...marker.position];
  const { names = [] } = env.spec.achieved;
  for (let i = 0; i < placesAchieved(env.spec); i++) {
    const axis = 'xyz'.indexOf(names[i]?.at(-1) ?? 'xyz'[i]);
    if (axis < 0) return undefined;
    place[axis] = now.achieved[i];
  }
  return place;
}

const STEPS = 40;
const FAR = 10;

/** How far from the goal success ends, along the first axis: the rules are asked. Undefined where they set no distance. */
export function toleranceOf(env: GoalEnv): number | undefined {
  const now = env.reset({ seed: 0 });
  const { goal } = now;
  if (placesAchieved(env.spec) !== goal.length) return undefined;
  const achieved = new Float32Array(env.spec.achieved.size);
  achieved.set(now.achieved);
  const info = new Float32Array(env.spec.info.length);
  const success = new Uint8Array(1);
  const reachedAt = (distance: number) => {
    achieved.set(goal);
    achieved[0] += distance;
    env.computeSuccess(achieved, goal, info, success);
    return success[0] === 1;
  };
  if (!reachedAt(0) || reachedAt(FAR)) return undefined;
  let [near, far] = [0, FAR];
  for (let i = 0; i < STEPS; i++) {
    const middle = (near + far) / 2;
    if (reachedAt(middle)) near = middle;
    else far = middle;
  }
  return near > 1e-6 ? near : undefined;
}
