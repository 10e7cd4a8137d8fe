// What a page needs to know of a watched environment once: its goals, what can be done with it, what there is to draw.
import type { GoalEnv } from '../envs/env.js';
import { stepLimit } from '../envs/spec.js';
import type { GoalView } from '../scene.js';
import { toleranceOf } from './places.js';

/**
 * Over what values are drawn: goals that are places, for the present state; states, where the policy sees nothing but what
 * counts for goals, for the present goal; or the states that flipping one bit would lead to.
 */
export type FieldOver = 'goals' | 'states' | 'flips';

export interface StageFacts {
  readonly env: string;
  /** What goals are to people: the environment declares it. */
  readonly view: GoalView;
  readonly dimensions: 2 | 3;
  /** Of each goal number: its name, and the range in which the environment draws it. */
  readonly goal: readonly { readonly name: string; readonly low: number; readonly high: number }[];
  /** Pointing at the scene chooses goals. */
  readonly pointable: boolean;
  /** Over what values can be drawn. */
  readonly fields: readonly FieldOver[];
  /** How near counts as reached, in the scene's units, if it is a distance. */
  readonly tolerance: number | undefined;
  readonly pushable: readonly string[];
  /** Whether something can be asked for in words. */
  readonly asks: boolean;
  /** Names of the tasks that starts can have; empty where there is a single one. */
  readonly tasks: readonly string[];
  /** Of each task, or of the single one. */
  readonly stepLimits: readonly number[];
  /** Steps a second at normal speed. */
  readonly rate: number;
  /** In what the environment is not what it was when a run was made. */
  readonly warnings: readonly string[];
}

const SAMPLES = 48;

export function factsOf(env: GoalEnv, name: string): StageFacts {
  const { spec } = env;
  const { size, low, high, names } = spec.goal;
  const from = new Array<number>(size).fill(Infinity);
  const to = new Array<number>(size).fill(-Infinity);
  for (let seed = 0; seed < SAMPLES; seed++) {
    const { goal } = env.reset({ seed });
    for (let i = 0; i < size; i++) {
      from[i] = Math.min(from[i], goal[i]);
      to[i] = Math.max(to[i], goal[i]);
    }
  }
  const scene = env.scene?.();
  const places = env.goalAt !== undefined && scene?.shapes.some((shape) => shape.name === 'goal') === true;
  return {
    env: name,
    view: spec.view ?? 'places',
    dimensions: scene?.dimensions ?? 2,
    goal: from.map((value, i) => ({
      name: names?.[i] ?? `goal ${i}`,
      low: Number.isFinite(low[i]) ? low[i] : value,
      high: Number.isFinite(high[i]) ? high[i] : to[i],
    })),
    pointable: env.goalAt !== undefined,
    fields: fieldsOf(env, places),
    tolerance: places ? toleranceOf(env) : undefined,
    pushable: env.pushable ?? [],
    asks: env.takesInstructions === true,
    tasks: spec.tasks ?? [],
    stepLimits: (spec.tasks ?? ['']).map((_, task) => stepLimit(spec, task)),
    rate: scene?.dimensions === 3 ? 25 : 10,
    warnings: [],
  };
}

function fieldsOf({ spec }: GoalEnv, places: boolean): FieldOver[] {
  if (spec.view === 'bits') return spec.observation.size === spec.goal.size ? ['flips'] : [];
  if (!places) return [];
  const { observation, goal, goalKind = 'state' } = spec;
  const same = observation.names?.join() === goal.names?.join() && observation.size === goal.size;
  return same && goalKind === 'state' ? ['goals', 'states'] : ['goals'];
}
