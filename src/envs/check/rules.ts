// Checks of the goal rules: rewards live and recomputed, argument order, batching, goals from achievements, ranges.
import type { EnvSpec, GoalRules } from '../env.js';
import { hasGoals, hasSuccess } from '../spec.js';
import type { Report } from './report.js';
import type { Trace } from './trace.js';

/** Rows of achievements and goals as the replay would ask about them. */
interface Rows {
  readonly count: number;
  readonly before: Float32Array;
  readonly achieved: Float32Array;
  readonly goal: Float32Array;
  readonly info: Float32Array;
  readonly reward: Float32Array;
  readonly success: Uint8Array;
}

function rowsOf(traces: readonly Trace[]): Rows {
  const flat = (pieces: readonly Float32Array[]) => Float32Array.from(pieces.flatMap((piece) => [...piece]));
  const steps = traces.flatMap((trace) => trace.steps);
  const before = traces.flatMap(({ start, steps }) => [start, ...steps].slice(0, steps.length));
  return {
    count: steps.length,
    before: flat(before.map(({ achieved }) => achieved)),
    achieved: flat(steps.map(({ achieved }) => achieved)),
    goal: flat(steps.map(({ goal }) => goal)),
    info: flat(steps.map(({ info }) => info)),
    reward: Float32Array.from(steps, ({ reward }) => reward),
    success: Uint8Array.from(steps, ({ isSuccess }) => (isSuccess ? 1 : 0)),
  };
}

function rewards(rules: GoalRules, achieved: Float32Array, goal: Float32Array, info: Float32Array, count: number) {
  const out = new Float32Array(count).fill(Number.NaN);
  rules.computeReward(achieved, goal, info, out);
  return out;
}

function successes(rules: GoalRules, achieved: Float32Array, goal: Float32Array, info: Float32Array, count: number) {
  const out = new Uint8Array(count).fill(255);
  rules.computeSuccess(achieved, goal, info, out);
  return out;
}

/** One row at a time. */
function singly(
  spec: EnvSpec,
  rows: Rows,
  ask: (a: Float32Array, g: Float32Array, i: Float32Array) => ArrayLike<number>,
) {
  const row = (array: Float32Array, i: number, size: number) => array.slice(i * size, (i + 1) * size);
  return Float32Array.from(
    { length: rows.count },
    (_, i) =>
      ask(
        row(rows.achieved, i, spec.achieved.size),
        row(rows.goal, i, spec.goal.size),
        row(rows.info, i, spec.info.length),
      )[0],
  );
}

const firstDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return i;
  return -1;
};

/** Each row's goal replaced by that of a row further on, so that all rules see goals they were not asked about live. */
function shuffledGoals(spec: EnvSpec, rows: Rows): Float32Array {
  const size = spec.goal.size;
  const shift = Math.floor(rows.count / 2) * size;
  const out = new Float32Array(rows.goal.length);
  for (let j = 0; j < out.length; j++) out[j] = rows.goal[(j + shift) % out.length];
  return out;
}

export function checkRules(spec: EnvSpec, rules: GoalRules, traces: readonly Trace[], report: Report): void {
  const rows = rowsOf(traces);
  if (rows.count === 0) return;
  if (!hasGoals(spec)) {
    checkRewardsOfStep(spec, rows, report);
    return;
  }
  checkLive(spec, rules, rows, report);
  checkBatching(spec, rules, rows, report);
  const goals = checkGoalFrom(spec, rules, rows, report);
  checkRange(spec, rules, rows, goals, report);
}

/** Without goals there are no rules: the rewards are those that step gave. */
function checkRewardsOfStep(spec: EnvSpec, { reward, success }: Rows, report: Report): void {
  const wrong = reward.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) report('error', 'finite', `a reward is ${reward[wrong]}; all rewards must be finite.`);
  checkWithin(spec, reward, report);
  if (!hasSuccess(spec) && success.includes(1)) {
    report(
      'error',
      'success',
      'a step is a success, but spec.success does not say that there is such a notion; set it.',
    );
  }
}

/** Rows of several tasks in one batch must be told apart. */
export function checkMixedRows(spec: EnvSpec, rules: GoalRules, traces: readonly Trace[], report: Report): void {
  const rows = rowsOf(traces);
  if (rows.count > 0 && hasGoals(spec)) checkLive(spec, rules, rows, report);
}

/** What was shown live must be what hindsight recomputes. */
function checkLive(spec: EnvSpec, rules: GoalRules, rows: Rows, report: Report): void {
  const { count, before, achieved, goal, info, reward } = rows;
  const computed = rewards(rules, achieved, goal, info, count);
  const i = firstDifference(reward, computed);
  if (i >= 0) {
    const equal = (other: Float32Array) => firstDifference(reward, other) < 0;
    let why = 'Compute both by one function of (achieved, desired, info); list what else it needs in spec.info.';
    if (spec.achieved.size === spec.goal.size && equal(rewards(rules, goal, achieved, info, count))) {
      why = 'With the arguments exchanged they agree: the order is computeReward(achieved, desired, info, out).';
    } else if (equal(rewards(rules, before, goal, info, count))) {
      why = 'It is the reward of the achieved goal before the action: compute it after the step.';
    } else if (reward.every((value, j) => Math.abs(value - computed[j]) <= 1e-5 * (1 + Math.abs(value)))) {
      why = 'They differ by rounding: compute the live reward from the float32 arrays that step returns.';
    }
    report(
      'error',
      'reward',
      `the live reward is ${reward[i]}, computeReward gives ${computed[i]} for the same step. ${why}`,
    );
  }
  const success = successes(rules, achieved, goal, info, count);
  const j = firstDifference(rows.success, success);
  if (j >= 0) {
    report(
      'error',
      'success',
      `live isSuccess is ${rows.success[j] !== 0}, computeSuccess gives ${success[j]} for the same step (it must be 0 or 1). Compute both by one function of (achieved, desired, info).`,
    );
  }
}

/** Rows must not influence each other, and the rules must not write to what they are given. */
function checkBatching(spec: EnvSpec, rules: GoalRules, rows: Rows, report: Report): void {
  const { count, achieved, info } = rows;
  const goal = shuffledGoals(spec, rows);
  const copies = [achieved, goal, info].map((array) => array.slice());
  const shuffled = { ...rows, goal };
  const batched = rewards(rules, achieved, goal, info, count);
  const batchedSuccess = successes(rules, achieved, goal, info, count);
  if ([achieved, goal, info].some((array, k) => firstDifference(array, copies[k]) >= 0)) {
    report(
      'error',
      'rules write',
      'computeReward or computeSuccess changes the arrays it is given; only write to out.',
    );
    return;
  }
  const single = singly(spec, shuffled, (a, g, c) => rewards(rules, a, g, c, 1));
  const i = firstDifference(batched, single);
  if (i >= 0) {
    report(
      'error',
      'batching',
      `computeReward gives ${batched[i]} for row ${i} of a batch of ${count}, ${single[i]} for the same row alone. Loop over i < out.length; row i starts at i * size; keep nothing from call to call.`,
    );
  }
  const singleSuccess = singly(spec, shuffled, (a, g, c) => successes(rules, a, g, c, 1));
  const j = firstDifference(batchedSuccess, singleSuccess);
  if (j >= 0) {
    report(
      'error',
      'batching',
      `computeSuccess gives ${batchedSuccess[j]} for row ${j} of a batch of ${count}, ${singleSuccess[j]} for the same row alone. Loop over i < out.length; row i starts at i * size.`,
    );
  }
}

/** The goal made of an achievement must be fulfilled by it, and must pay at least as well as a goal that is missed. */
function checkGoalFrom(spec: EnvSpec, rules: GoalRules, rows: Rows, report: Report): Float32Array | undefined {
  const { count, achieved, info } = rows;
  if (!rules.goalFrom) {
    report(
      'warning',
      'goalFrom',
      'there is no goalFrom(achieved, out), so hindsight cannot relabel. Add it: for goals that are states, out.set(achieved).',
    );
    return undefined;
  }
  const size = spec.goal.size;
  const goals = new Float32Array(count * size).fill(Number.NaN);
  const given = achieved.slice();
  rules.goalFrom(given, goals);
  const alone = new Float32Array(size).fill(Number.NaN);
  const row = count - 1;
  rules.goalFrom(achieved.slice(row * spec.achieved.size), alone);
  if (firstDifference(given, achieved) >= 0) {
    report('error', 'rules write', 'goalFrom changes the achieved goals it is given; only write to out.');
    return undefined;
  }
  if (goals.some((value) => !Number.isFinite(value)) || firstDifference(alone, goals.slice(row * size)) >= 0) {
    report(
      'error',
      'batching',
      'goalFrom gives other or missing goals for a batch than for a single row. Write goal.size numbers for each of the achieved rows.',
    );
    return undefined;
  }
  const success = successes(rules, achieved, goals, info, count);
  const missed = success.findIndex((value) => value !== 1);
  if (missed >= 0) {
    const exchanged =
      spec.achieved.size === size && successes(rules, goals, achieved, info, count).every((s) => s === 1);
    report(
      'error',
      'goalFrom',
      exchanged
        ? 'the goal that goalFrom makes of an achievement is a success only with the arguments exchanged: the order is computeSuccess(achieved, desired, info, out).'
        : `the goal that goalFrom makes of an achievement is not reached by it (step ${missed + 1} of those tried). Make goalFrom give a goal that computeSuccess accepts; check the order (achieved, desired).`,
    );
    return goals;
  }
  const reached = rewards(rules, achieved, goals, info, count);
  const other = shuffledGoals(spec, rows);
  const missedRewards = rewards(rules, achieved, other, info, count);
  const otherSuccess = successes(rules, achieved, other, info, count);
  const worse = reached.findIndex((value, i) => otherSuccess[i] === 0 && value < missedRewards[i]);
  if (worse >= 0) {
    report(
      'error',
      'reward and success',
      `reaching the goal is rewarded with ${reached[worse]}, missing it from the same place with ${missedRewards[worse]}. Rewards must not be lower at the goal; check the sign and the order (achieved, desired).`,
    );
  }
  return goals;
}

function checkRange(
  spec: EnvSpec,
  rules: GoalRules,
  rows: Rows,
  goals: Float32Array | undefined,
  report: Report,
): void {
  const { count, achieved, info, reward } = rows;
  const seen = [...reward, ...rewards(rules, achieved, shuffledGoals(spec, rows), info, count)];
  if (goals) seen.push(...rewards(rules, achieved, goals, info, count));
  checkWithin(spec, seen, report);
}

function checkWithin(spec: EnvSpec, seen: ArrayLike<number>, report: Report): void {
  const [low, high] = spec.rewardRange.map(Math.fround);
  const outside = Array.from(seen).find((value) => !(value >= low && value <= high));
  if (outside === undefined) return;
  report(
    'error',
    'reward range',
    `a reward is ${outside}, outside spec.rewardRange [${spec.rewardRange}]; value targets are bounded by it, so declare the true range.`,
  );
}
