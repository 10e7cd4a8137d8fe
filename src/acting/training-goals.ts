// Which goals, instructions and tasks a run trains on: all, those outside what is held out, or a fixed number; tasks by their weights.
import type { TrainConfig } from '../config/config.js';
import type { EnvSpec, GoalEnv, TimeStep } from '../envs/env.js';
import type { Box } from '../envs/space.js';
import { taskNumber } from '../envs/spec.js';
import { wrapEnv } from '../envs/wrap-env.js';
import { UsageError } from '../errors.js';
import { createRandom, mixSeed } from '../random.js';
import { taskWeights, withTaskWeights } from './task-weights.js';

/** Goals that episodes of training have; goals that training never sees; goals as the environment draws them. */
export const goalParts = ['trained', 'held-out', 'all'] as const;
export type GoalPart = (typeof goalParts)[number];

/** A box of goals, bounds included; infinite where there is no bound. */
export interface GoalRegion {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** What training may use; plain data, so that it can go to other threads. */
export interface TrainingGoals {
  /** Never desired in training, never relabelled to. */
  readonly heldOut?: GoalRegion;
  /** Never asked with in training. */
  readonly words?: readonly string[];
  /** [n, goal.size]: the only goals that are desired in training. */
  readonly fixed?: Float32Array;
  /** [n]: the tasks that they belong to, where there are tasks. */
  readonly fixedTasks?: Float32Array;
  /** How often episodes of training have each task; shared with threads where there are any. */
  readonly weights?: Float64Array;
}

/** Episodes in a row that may begin with a goal that does not count, before none is expected any more. */
const MOST_TRIES = 10_000;

/** The region of a configuration, checked against the space of goals; undefined where nothing is held out. */
export function heldOutRegion({ goals }: Pick<TrainConfig, 'goals'>, spec: EnvSpec): GoalRegion | undefined {
  const { low, high } = goals.heldOut;
  if (low.length === 0 && high.length === 0) return undefined;
  const { goal } = spec;
  const bounds = (side: 'low' | 'high', none: number) => {
    const given = goals.heldOut[side];
    if (given.length === 0) return new Array<number>(goal.size).fill(none);
    if (given.length === goal.size) return given.map((bound) => bound ?? none);
    const names = goal.names ? ` (${goal.names.join(', ')})` : '';
    throw new UsageError(
      `goals.heldOut.${side} has ${given.length} bounds, but goals of ${spec.name} have ${goal.size} numbers${names}; give one bound for each, null where there is none.`,
    );
  };
  const region = { low: bounds('low', -Infinity), high: bounds('high', Infinity) };
  for (let i = 0; i < goal.size; i++) checkBound(region, goal, i, spec.name);
  return region;
}

/** The words of a configuration; undefined where none are held out. @throws UsageError where nothing is asked in words */
function heldOutWords({ goals }: Pick<TrainConfig, 'goals'>, env: GoalEnv): readonly string[] | undefined {
  const { words } = goals.heldOut;
  if (words.length === 0) return undefined;
  const problem =
    env.instruction === undefined
      ? `${env.spec.name} does not ask in words`
      : goals.trained !== null || goals.heldOut.low.length + goals.heldOut.high.length > 0
        ? 'goals are held out by numbers too (goals.trained, goals.heldOut.low, high)'
        : undefined;
  if (problem) throw new UsageError(`goals.heldOut.words is "${words.join('", "')}", but ${problem}; leave one out.`);
  return words;
}

function checkBound({ low, high }: GoalRegion, goal: Box, i: number, env: string): void {
  const what = goal.names?.[i] ?? `number ${i}`;
  if (low[i] > high[i]) {
    throw new UsageError(`goals.heldOut: low ${low[i]} exceeds high ${high[i]} for ${what}; exchange them.`);
  }
  if (low[i] > goal.high[i] || high[i] < goal.low[i]) {
    throw new UsageError(
      `goals.heldOut: ${what} from ${low[i]} to ${high[i]} holds nothing out, for ${what} of ${env}'s goals lies in [${goal.low[i]}, ${goal.high[i]}].`,
    );
  }
}

export function isInside({ low, high }: GoalRegion, goal: ArrayLike<number>): boolean {
  for (let i = 0; i < low.length; i++) if (!(goal[i] >= low[i] && goal[i] <= high[i])) return false;
  return true;
}

/**
 * The goals of a run; draws the fixed ones, which depend on the environment and the seed alone. Restarts `env`. `shared`:
 * threads shall see changes of the weights.
 */
export function trainingGoals(
  env: GoalEnv,
  config: Pick<TrainConfig, 'goals' | 'seed' | 'tasks'>,
  shared = false,
): TrainingGoals {
  const heldOut = heldOutRegion(config, env.spec);
  const words = heldOutWords(config, env);
  const weights = taskWeights(config, env.spec, shared);
  const { trained: count } = config.goals;
  if (count === null) return { heldOut, ...(words && { words }), weights };
  const { size } = env.spec.goal;
  if (size === 0) throw new UsageError(`goals.trained is ${count}, but ${env.spec.name} has no goals; set it to null.`);
  const fixed = new Float32Array(count * size);
  const fixedTasks = env.spec.tasks && new Float32Array(count);
  const drawn = new Set<string>();
  let now = env.reset({ seed: mixSeed(config.seed, 'training goals') });
  for (let tries = 0; drawn.size < count; tries++) {
    if (tries === MOST_TRIES) {
      const outside = heldOut ? ' outside goals.heldOut' : '';
      throw new UsageError(
        `goals.trained is ${count}, but ${env.spec.name} showed only ${drawn.size} different goals${outside} and then none in ${MOST_TRIES} episodes; ask for fewer.`,
      );
    }
    const key = keyOf(now);
    if (!drawn.has(key) && !(heldOut && isInside(heldOut, now.goal))) {
      fixed.set(now.goal, drawn.size * size);
      fixedTasks?.set(now.task, drawn.size);
      drawn.add(key);
      tries = -1;
    }
    now = env.reset();
  }
  return { heldOut, fixed, fixedTasks, weights };
}

/** Equal for equal goals of one task. */
const keyOf = ({ goal, task }: Pick<TimeStep, 'goal' | 'task'>): string => [...(task ?? []), ...goal].join();

/**
 * An environment whose episodes have goals of one part only. Fixed goals are drawn with equal chances, whatever the start;
 * else episodes begin anew until the goal fits, so start and goal go together as the environment has them. A goal or
 * state that is given to `reset` is taken as it is.
 *
 * `held-out` are goals in the region, without a region those that are not among the fixed ones.
 */
export function onlyGoals(given: GoalEnv, goals: TrainingGoals, part: GoalPart): GoalEnv {
  if (part === 'all') return given;
  const env = goals.heldOut || goals.words || goals.fixed ? withoutEvaluationTasks(given) : given;
  const chosen = ofPart(env, goals, part);
  return goals.weights && part === 'trained' ? withTaskWeights(chosen, goals.weights) : chosen;
}

/** Where goals are chosen, evaluations have those, not the ones that the environment has for them. */
function withoutEvaluationTasks(env: GoalEnv): GoalEnv {
  const { evaluationTasks, ...spec } = env.spec;
  return evaluationTasks ? wrapEnv(env, { spec }) : env;
}

function ofPart(env: GoalEnv, goals: TrainingGoals, part: 'trained' | 'held-out'): GoalEnv {
  const { heldOut, words, fixed } = goals;
  if (words) return withoutOrWithWords(env, words, part);
  if (part === 'trained') {
    if (fixed) return withFixedGoals(env, fixed, goals.fixedTasks);
    if (!heldOut) return env;
    return withGoalsThat(
      env,
      ({ goal }) => !isInside(heldOut, goal),
      `goals.heldOut leaves no goal of ${env.spec.name} to train on`,
    );
  }
  if (heldOut) {
    return withGoalsThat(
      env,
      ({ goal }) => isInside(heldOut, goal),
      `${env.spec.name} has no episodes with goals in goals.heldOut`,
    );
  }
  if (!fixed) {
    throw new UsageError(
      'this run held no goals out; train one with goals.heldOut (a region, or words) or goals.trained (a number of goals).',
    );
  }
  const { size } = env.spec.goal;
  const known = new Set(
    Array.from({ length: fixed.length / size }, (_, i) =>
      keyOf({
        goal: fixed.subarray(i * size, (i + 1) * size),
        task: goals.fixedTasks?.subarray(i, i + 1) ?? new Float32Array(0),
      }),
    ),
  );
  return withGoalsThat(env, (now) => !known.has(keyOf(now)), `goals.trained holds all goals of ${env.spec.name}`);
}

/** Episodes that ask without these words, or only such that ask with some of them. */
export function withoutOrWithWords(env: GoalEnv, words: readonly string[], part: 'trained' | 'held-out'): GoalEnv {
  const list = words.join('", "');
  return withGoalsThat(
    env,
    () => saysAny(env.instruction?.() ?? '', words) === (part === 'held-out'),
    part === 'held-out'
      ? `${env.spec.name} does not ask with "${list}"`
      : `${env.spec.name} asks for nothing without "${list}"`,
  );
}

/** Whether a sentence has one of these words, or words one after the other, whole and in whatever letters. */
export function saysAny(sentence: string, words: readonly string[]): boolean {
  const plain = (text: string) => ` ${(text.toLowerCase().match(/[\p{L}\p{N}'-]+/gu) ?? []).join(' ')} `;
  return words.some((word) => plain(sentence).includes(plain(word)));
}

function withGoalsThat(env: GoalEnv, fits: (now: TimeStep) => boolean, problem: string): GoalEnv {
  return wrapEnv(env, {
    reset(options) {
      let now = env.reset(options);
      if (options?.goal || options?.state || options?.instruction !== undefined) return now;
      for (let tries = 0; !fits(now); tries++) {
        if (tries === MOST_TRIES)
          throw new UsageError(`${problem}: ${MOST_TRIES} episodes in a row began without one.`);
        now = env.reset(options?.task === undefined ? undefined : { task: options.task });
      }
      return now;
    },
  });
}

function withFixedGoals(env: GoalEnv, fixed: Float32Array, tasks?: Float32Array): GoalEnv {
  const { size } = env.spec.goal;
  const rows = Array.from({ length: fixed.length / size }, (_, i) => i);
  const rowsOf = (task: number): readonly number[] => {
    const own = rows.filter((row) => tasks?.[row] === task);
    if (own.length > 0) return own;
    throw new UsageError(
      `goals.trained gave task ${env.spec.tasks?.[task]} of ${env.spec.name} no goal; ask for more goals.`,
    );
  };
  const random = createRandom(0);
  const wordBytes = 4 * random.save().length;
  return wrapEnv(env, {
    reset(options) {
      const { seed, state } = options ?? {};
      if (seed !== undefined) random.restore(createRandom(mixSeed(seed, 'goal')).save());
      if (state) return env.reset({ ...options, state: state.subarray(wordBytes) });
      if (options?.goal) return env.reset(options);
      const task = options?.task === undefined ? undefined : taskNumber(env.spec, options.task);
      const among = task === undefined ? rows : rowsOf(task);
      const row = among[random.below(among.length)];
      return env.reset({ seed, goal: fixed.subarray(row * size, (row + 1) * size), task: task ?? tasks?.[row] });
    },
    saveState() {
      const inner = env.saveState();
      const bytes = new Uint8Array(wordBytes + inner.length);
      bytes.set(new Uint8Array(random.save().buffer));
      bytes.set(inner, wordBytes);
      return bytes;
    },
    restoreState(bytes) {
      env.restoreState(bytes.subarray(wordBytes));
      random.restore(new Uint32Array(bytes.slice(0, wordBytes).buffer));
    },
  });
}
