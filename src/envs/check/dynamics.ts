// Checks of reset, step, saving: determinism, independence of the goal, ends of episodes, exact restoring.
import type { EnvSpec, GoalEnv } from '../env.js';
import type { Box, Dtype } from '../space.js';
import type { Report } from './report.js';
import {
  differenceOfSteps,
  differenceOfTimeSteps,
  type Trace,
  type TracedStep,
  type TracedTimeStep,
  trace,
  traceSteps,
} from './trace.js';

/** Sizes, types, finite numbers and bounds of everything that was seen. */
export function checkTimeSteps(spec: EnvSpec, timeSteps: readonly TracedTimeStep[], report: Report): void {
  for (const timeStep of timeSteps) {
    for (const { name, values, size, declared, dtype } of shownBy(spec, timeStep)) {
      if (values.length !== size) {
        report('error', 'shapes', `${name} has ${values.length} numbers, but ${declared} ${size}; make them equal.`);
        return;
      }
      if (values instanceof Uint8Array !== (dtype === 'uint8')) {
        report(
          'error',
          'shapes',
          `${name} is a ${values.constructor.name}, but its dtype is ${dtype}; make them agree.`,
        );
        return;
      }
      const wrong = values.findIndex((value) => !Number.isFinite(value));
      if (wrong >= 0) report('error', 'finite', `${name}[${wrong}] is ${values[wrong]}; all numbers must be finite.`);
    }
    checkBounds('observation', spec.observation, timeStep.observation, 'warning', report);
    for (const [name, part] of Object.entries(spec.parts ?? {})) {
      checkBounds(`parts.${name}`, part, timeStep.parts[name], 'warning', report);
    }
    checkBounds('achieved', spec.achieved, timeStep.achieved, 'warning', report);
    checkBounds('goal', spec.goal, timeStep.goal, 'error', report);
  }
}

interface Shown {
  readonly name: string;
  readonly values: Float32Array | Uint8Array;
  readonly size: number;
  /** Where its size stands. */
  readonly declared: string;
  readonly dtype: Dtype;
}

function shownBy(spec: EnvSpec, timeStep: TracedTimeStep): Shown[] {
  const { observation, achieved, goal, info, task } = timeStep;
  const shown = (name: string, values: Shown['values'], size: number, declared: string, dtype: Dtype = 'float32') => ({
    name,
    values,
    size,
    declared,
    dtype,
  });
  const volume = (shape: readonly number[] = [1]) => shape.reduce((product, n) => product * n, 1);
  return [
    shown('observation', observation, spec.observation.size, 'spec.observation.size is'),
    shown('achieved', achieved, spec.achieved.size, 'spec.achieved.size is'),
    shown('goal', goal, spec.goal.size, 'spec.goal.size is'),
    shown('info', info, spec.info.length, 'spec.info names'),
    shown('task', task, spec.tasks ? 1 : 0, 'by spec.tasks it must have'),
    ...Object.entries(spec.parts ?? {}).map(([name, { size, dtype }]) =>
      shown(`columns.${name}`, timeStep.parts[name], size, `the part's size is`, dtype),
    ),
    ...Object.entries(spec.columns ?? {}).map(([name, { shape, dtype }]) =>
      shown(`columns.${name}`, timeStep.columns[name], volume(shape), `spec.columns declares`, dtype),
    ),
  ];
}

function checkBounds(
  name: string,
  space: Box,
  values: Float32Array | Uint8Array,
  level: 'error' | 'warning',
  report: Report,
): void {
  const outside = values.findIndex(
    (value, j) => value < Math.fround(space.low[j]) || value > Math.fround(space.high[j]),
  );
  if (outside < 0) return;
  report(
    level,
    `${name} bounds`,
    `${name}[${outside}] is ${values[outside]}, outside its declared [${space.low[outside]}, ${space.high[outside]}]; widen spec.${name} or keep the number inside.`,
  );
}

/** Equal seeds and actions must give equal episodes, whatever happened before; whether they do. `first` was traced with `seed`. */
export function checkDeterminism(
  env: GoalEnv,
  seed: number,
  actions: readonly Float32Array[],
  first: Trace,
  report: Report,
): boolean {
  const once = trace(env, { seed }, []);
  const twice = trace(env, { seed }, []);
  const random = differenceOfTimeSteps(once.start, twice.start);
  if (random) {
    report(
      'error',
      'seed',
      `reset({ seed }) gives different starts for the same seed: ${random}. Draw from the random generator that reset is given, never from Math.random or the clock.`,
    );
    return false;
  }
  // A part of another episode lies between, so that whatever it leaves behind shows.
  trace(env, { seed: seed + 1 }, actions.slice(0, Math.ceil(actions.length / 3)));
  const again = trace(env, { seed }, actions);
  const left = differenceOfTimeSteps(first.start, again.start);
  if (left) {
    report('error', 'reset', `reset leaves something of the episode before: ${left}. Put everything back in reset.`);
    return false;
  }
  const drift = differenceOfSteps(first.steps, again.steps);
  if (drift) {
    report(
      'error',
      'reset',
      `the same seed and actions give different episodes: ${drift}. Either step draws from something else than the random generator it is given, or reset does not put back all variables.`,
    );
  }
  return !drift;
}

/** The world must not know what is wanted of it. `other` is another goal. */
export function checkGoalIndependence(
  env: GoalEnv,
  seed: number,
  actions: readonly Float32Array[],
  first: Trace,
  other: Float32Array,
  report: Report,
): void {
  const start = trace(env, { seed, goal: other }, []).start;
  const taken = differenceOfTimeSteps({ ...start, goal: other }, start, ['goal']);
  if (taken) {
    report(
      'error',
      'reset goal',
      `reset({ goal }) does not set the goal: ${taken}. Copy options.goal into the step's goal.`,
    );
    return;
  }
  const second = trace(env, { seed, goal: other }, actions);
  const changed = second.steps.find(({ goal }) => goal.some((value, j) => value !== other[j]));
  if (changed) {
    report('error', 'reset goal', 'the goal changes during the episode; it must stay what reset made it.');
  }
  const given = other.slice();
  env.reset({ seed, goal: given });
  given.fill(0);
  if (
    !changed &&
    traceSteps(env, actions.slice(0, 1)).some(({ goal }) => goal.some((value, j) => value !== other[j]))
  ) {
    report('error', 'reset goal', 'reset({ goal }) keeps the array it is given, which its owner may change; copy it.');
  }
  const difference =
    differenceOfTimeSteps(first.start, second.start, ['observation', 'achieved']) ??
    differenceOfSteps(first.steps, second.steps, ['observation', 'achieved']);
  if (difference) {
    report(
      'error',
      'observation depends on goal',
      `under another desired goal ${difference}. Leave the goal, and what is computed from it, out of observation and dynamics: the policy gets the goal beside the observation, and hindsight replaces only the goal.`,
    );
  }
}

/** Failure, success and time limit must end episodes as the spec declares. */
export function checkEnds(spec: EnvSpec, steps: readonly TracedStep[], complete: boolean, report: Report): void {
  for (const [i, { failed, isSuccess, terminated, truncated }] of steps.entries()) {
    const atLimit = i + 1 >= spec.maxEpisodeSteps;
    const should = failed || (isSuccess && spec.successEndsEpisode);
    if (terminated && !should) {
      const why = atLimit
        ? 'The time limit is no end of the world: report it as truncated, or values near it are learned as 0.'
        : isSuccess
          ? 'Set spec.successEndsEpisode to true if success ends episodes.'
          : 'Report an end that does not depend on the goal as failed.';
      report('error', 'termination', `step ${i + 1} is terminated without failure or an ending success. ${why}`);
    }
    if (!terminated && should) {
      const what = failed ? 'failed' : 'a success, which spec.successEndsEpisode says ends the episode,';
      report('error', 'termination', `step ${i + 1} is ${what} but not terminated; set terminated.`);
    }
    if (truncated && terminated) {
      report('error', 'time limit', `step ${i + 1} is truncated and terminated at once; terminated goes first.`);
    }
    if (truncated && !atLimit) {
      report(
        'error',
        'time limit',
        `step ${i + 1} is truncated before the limit of ${spec.maxEpisodeSteps} steps; set spec.maxEpisodeSteps to the real limit.`,
      );
    }
    if (atLimit && !truncated && !terminated) {
      report(
        'error',
        'time limit',
        `the episode goes on after ${spec.maxEpisodeSteps} steps; report truncated at spec.maxEpisodeSteps.`,
      );
    }
  }
  if (!complete) {
    report(
      'warning',
      'time limit',
      `spec.maxEpisodeSteps is ${spec.maxEpisodeSteps}; only ${steps.length} steps were looked at, so the time limit was not checked.`,
    );
  }
}

/** A saved state must bring back everything: the rest of the episode, and the episode after it. */
export function checkSaving(env: GoalEnv, seed: number, actions: readonly Float32Array[], report: Report): void {
  const half = Math.floor(actions.length / 2);
  const before = trace(env, { seed }, actions.slice(0, half));
  const last = before.steps.at(-1);
  if (last?.terminated || last?.truncated) env.reset();
  const rest = actions.slice(half);
  const saved = env.saveState();
  const kept = saved.slice();
  const steps = traceSteps(env, rest);
  const after = trace(env, {}, rest);
  if (saved.some((byte, i) => byte !== kept[i])) {
    report('error', 'save', 'the bytes of saveState change while the environment goes on; return a copy (slice()).');
  }
  env.restoreState(kept);
  const again = env.saveState();
  if (again.length !== kept.length || again.some((byte, i) => byte !== kept[i])) {
    report(
      'warning',
      'save',
      'saveState right after restoreState gives other bytes; restore everything that is saved.',
    );
  }
  const lost = differenceOfSteps(steps, traceSteps(env, rest));
  if (lost) {
    report(
      'error',
      'save',
      `after restoreState the episode goes on differently: ${lost}. Save and restore every variable that step reads or writes.`,
    );
    return;
  }
  const next = trace(env, {}, rest);
  const random = differenceOfTimeSteps(after.start, next.start) ?? differenceOfSteps(after.steps, next.steps);
  if (random) {
    report(
      'error',
      'save',
      `after restoreState the next episode is another one: ${random}. Save the random generator too, and draw from nothing else.`,
    );
  }
}

/** Callers may overwrite their own action, and numbers they were lent, without changing what happens. */
export function checkAliasing(
  env: GoalEnv,
  seed: number,
  actions: readonly Float32Array[],
  first: Trace,
  report: Report,
): void {
  const meddled = trace(env, { seed }, actions, true);
  const difference = differenceOfSteps(first.steps, meddled.steps, ['observation', 'achieved', 'failed']);
  if (!difference) return;
  report(
    'error',
    'aliasing',
    `writing to the action, or to the observation and achieved goal that step returned, changes later steps: ${difference}. Keep the state in arrays of your own, copy the action, and fill every number of observation and achieved in each step.`,
  );
}
