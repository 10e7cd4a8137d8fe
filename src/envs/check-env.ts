// Checks that an environment keeps the contract, in the ways in which environments break it.
import {
  checkAliasing,
  checkDeterminism,
  checkEnds,
  checkGoalIndependence,
  checkSaving,
  checkTimeSteps,
} from './check/dynamics.js';
import type { CheckReport, Finding, Report } from './check/report.js';
import { checkMixedRows, checkRules } from './check/rules.js';
import { checkSharing } from './check/sharing.js';
import { differenceOfTimeSteps, drawActions, type Trace, trace } from './check/trace.js';
import { parseEnvOptions } from './define-env.js';
import type { EnvDefinition, EnvSpec, GoalEnv, GoalRules } from './env.js';
import { checkSpec, columnsOfEpisodes, hasGoals, resolveSpec, stepLimit } from './spec.js';
import { wrapEnv } from './wrap-env.js';

export type { CheckReport, Finding } from './check/report.js';

export interface CheckOptions {
  readonly seed?: number;
  /** Episodes with different seeds that are looked at. */
  readonly episodes?: number;
  /** Longest part of an episode that is looked at, in steps. */
  readonly maxSteps?: number;
  /** Rules that are loaded without the environment (`EnvDefinition.rules`): they must agree with the environment's. */
  readonly rules?: GoalRules & { readonly spec: EnvSpec };
  /** A second instance of the same environment: the two must not share state. */
  readonly another?: GoalEnv;
}

/**
 * Steps the environment with random actions and reports what breaks the contract, with what to change. Leaves the
 * environment in the middle of an episode. It cannot prove an environment right: only what it sees is checked.
 */
export function checkEnv(env: GoalEnv, options: CheckOptions = {}): CheckReport {
  const { seed = 1, episodes = 3, maxSteps = 500 } = options;
  const findings: Finding[] = [];
  const report: Report = (level, check, message) => {
    const known = findings.findIndex((finding) => finding.check === check);
    if (known < 0) findings.push({ level, check, message });
    else if (level === 'error' && findings[known].level === 'warning') findings[known] = { level, check, message };
  };
  try {
    checkSpec(env.spec);
    const rules = options.rules && agreeingRules(env, options.rules, report);
    if (env.spec.tasks) checkTasks(env, seed, report);
    checkEvaluationTasks(env, seed, report);
    const traces: Trace[] = [];
    const others = options.another && taskEnvs(options.another);
    for (const [i, one] of taskEnvs(env).entries()) {
      const told: Report = (level, check, message) => report(level, check, `${one.title}${message}`);
      traces.push(
        ...runChecks(one.env, seed, Math.max(2, episodes), maxSteps, { rules, another: others?.[i].env }, told),
      );
    }
    if (env.spec.tasks) checkMixedRows(env.spec, env, traces, report);
  } catch (error) {
    report('error', 'crash', error instanceof Error ? error.message : String(error));
  }
  return { ok: findings.every(({ level }) => level !== 'error'), findings };
}

/** More tasks than these are not all looked at. */
const MOST_TASKS = 20;

/** The environment, or with tasks one for each, whose episodes are all of that task. */
function taskEnvs(env: GoalEnv): { title: string; env: GoalEnv }[] {
  const { spec } = env;
  if (!spec.tasks) return [{ title: '', env }];
  return spec.tasks.slice(0, MOST_TASKS).map((name, task) => ({
    title: `task ${name}: `,
    env: wrapEnv(env, {
      spec: { ...spec, maxEpisodeSteps: stepLimit(spec, task) },
      reset: (options) => env.reset(options?.state ? options : { task, ...options }),
    }),
  }));
}

/**
 * Checks an environment by its definition, with settings as `makeEnv` takes them: rules and environment must agree, and two
 * instances must not share state.
 */
export async function checkDefinition<Options>(
  definition: EnvDefinition<Options>,
  settings?: unknown,
  options: Omit<CheckOptions, 'rules' | 'another'> = {},
): Promise<CheckReport> {
  const parsed = parseEnvOptions(definition, settings);
  const open: { dispose?(): void }[] = [];
  try {
    const env = await definition.create(parsed);
    open.push(env);
    const another = await definition.create(parsed);
    open.push(another);
    const rules = definition.rules(parsed);
    open.push(rules);
    await rules.ready?.();
    return checkEnv(env, { ...options, rules, another });
  } finally {
    for (const made of open.reverse()) made.dispose?.();
  }
}

function runChecks(
  env: GoalEnv,
  seed: number,
  episodes: number,
  maxSteps: number,
  { rules, another }: CheckOptions,
  report: Report,
): readonly Trace[] {
  const { spec } = env;
  const complete = spec.maxEpisodeSteps <= maxSteps;
  // One more than the limit allows, to see that it is kept.
  const actions = drawActions(spec, seed, complete ? spec.maxEpisodeSteps + 1 : maxSteps);
  const traces: Trace[] = [];
  for (let i = 0; i < episodes; i++) traces.push(trace(env, { seed: seed + i }, actions));
  const [first, second] = traces;
  checkTimeSteps(
    spec,
    traces.flatMap(({ start, steps }) => [start, ...steps]),
    report,
  );
  for (const { steps } of traces) checkEnds(spec, steps, complete, report);
  checkRules(spec, env, traces, report);
  if (rules) checkDefinitionRules(env, rules, traces, report);
  checkLife(spec, traces, report);
  const determined = checkDeterminism(env, seed, actions, first, report);
  if (determined && another) checkSharing(env, another, seed, actions, first, report);
  if (hasGoals(spec)) checkGoalIndependence(env, seed, actions, first, second.start.goal, report);
  checkEpisodeColumns(spec, first, report);
  checkReachedGoal(env, seed, actions, first, report);
  checkAliasing(env, seed, actions, first, report);
  checkSaving(env, seed, actions, report);
  if (hasGoals(spec)) checkGoals(env, seed, report);
  return traces;
}

/** Only their values at the start are seen, in every row. */
function checkEpisodeColumns(spec: EnvSpec, { start, steps }: Trace, report: Report): void {
  for (const name of columnsOfEpisodes(spec)) {
    const valuesOf = ({ parts, columns }: Trace['start']) => parts[name] ?? columns[name];
    const first = valuesOf(start);
    if (!steps.some((step) => valuesOf(step).some((value, j) => value !== first[j]))) continue;
    const [what, fix] = spec.parts?.[name] ? ['part', 'leave out its `per`'] : ['column', "declare it per: 'state'"];
    report('error', 'columns', `${what} "${name}" changes during the episode, but belongs to whole ones; ${fix}.`);
  }
}

/** Tasks are drawn where none is given, taken by name and number, and stay for the episode. */
function checkTasks(env: GoalEnv, seed: number, report: Report): void {
  const { spec } = env;
  const tasks = spec.tasks ?? [];
  const actions = drawActions(spec, seed, 3);
  const drawn = new Set<number>();
  for (let i = 0; i < 20 * tasks.length && drawn.size < Math.min(2, tasks.length); i++) {
    const { start, steps } = trace(env, { seed: seed + i }, actions);
    const [task] = start.task;
    drawn.add(task);
    if (!(Number.isInteger(task) && task >= 0 && task < tasks.length)) {
      report('error', 'task', `an episode has task ${task}; it must be a whole number from 0 to ${tasks.length - 1}.`);
      return;
    }
    if (steps.some((step) => step.task[0] !== task)) {
      report('error', 'task', 'the task changes during the episode; it must stay what reset made it.');
    }
  }
  if (drawn.size < Math.min(2, tasks.length)) {
    report('error', 'task', 'all episodes have the same task; reset must draw one where none is given.');
  }
  for (const [number, name] of tasks.entries()) {
    for (const task of [number, name]) {
      const shown = trace(env, { seed, task }, []).start.task[0];
      if (shown === number) continue;
      report(
        'error',
        'task',
        `reset({ task: ${JSON.stringify(task)} }) begins an episode of task ${shown}, not ${number}.`,
      );
      return;
    }
  }
}

/** Each can be asked for by name and number, and they are not all one. */
function checkEvaluationTasks(env: GoalEnv, seed: number, report: Report): void {
  const { evaluationTasks = [] } = env.spec;
  const begin = (evaluationTask: string | number) => trace(env, { seed, evaluationTask }, []).start;
  const starts = evaluationTasks.map((name, number) => ({ name, number: begin(number), named: begin(name) }));
  for (const { name, number, named } of starts) {
    const difference = differenceOfTimeSteps(number, named);
    if (!difference) continue;
    report('error', 'evaluation task', `${name} begins in another way by its name than by its number: ${difference}.`);
  }
  if (starts.length < 2 || starts.some(({ number }) => differenceOfTimeSteps(number, starts[0].number))) return;
  report(
    'error',
    'evaluation task',
    'all of them begin alike; reset gets the number of the one to begin as its third argument.',
  );
}

/** Sets as the goal what the first episode reached half-way and goes there again: that must be a success. */
function checkReachedGoal(
  env: GoalEnv,
  seed: number,
  actions: readonly Float32Array[],
  { steps }: Trace,
  report: Report,
): void {
  if (!env.goalFrom || steps.length === 0) return;
  const there = Math.floor((steps.length - 1) / 2);
  const goal = new Float32Array(env.spec.goal.size);
  env.goalFrom(steps[there].achieved, goal);
  const again = trace(env, { seed, goal }, actions).steps;
  checkEnds(env.spec, again, true, report);
  if (again.length > there && !again[there].isSuccess) {
    report(
      'error',
      'success',
      `the goal made of what step ${there + 1} achieved is not a success when the same actions lead there again; isSuccess must come from the achieved goal after the action and the goal of the episode.`,
    );
  }
}

/** Something must move and something must be left to do, or there is nothing to learn. */
function checkLife(spec: EnvSpec, traces: readonly Trace[], report: Report): void {
  const [field, what] = hasGoals(spec)
    ? (['achieved', 'the achieved goal'] as const)
    : (['observation', 'the observation'] as const);
  const still = ({ start, steps }: Trace) => steps.every((step) => !differenceOfTimeSteps(start, step, [field]));
  if (traces.every(still)) {
    report('warning', field, `${what} never changes under random actions; is it filled in after each step?`);
  }
  if (traces.every(({ steps }) => steps.every(({ isSuccess }) => isSuccess))) {
    report('warning', 'success', 'every step of every random episode is a success; is the tolerance too wide?');
  }
}

/** Where there are few goals, a handful of seeds may well draw the same one: enough resets tell. */
const GOALS_DRAWN = 20;

function checkGoals(env: GoalEnv, seed: number, report: Report): void {
  const starts = Array.from({ length: GOALS_DRAWN }, (_, i) => trace(env, { seed: seed + i }, []).start);
  if (starts.some((start) => differenceOfTimeSteps(starts[0], start, ['goal']))) return;
  report(
    'warning',
    'goal',
    'different seeds give the same goal; draw goals in reset, or a policy learns only this one.',
  );
}

/** The definition's rules where they can be compared; reports where their spec is another one. */
function agreeingRules(env: GoalEnv, rules: NonNullable<CheckOptions['rules']>, report: Report): CheckOptions['rules'] {
  if (JSON.stringify(resolveSpec(rules.spec)) === JSON.stringify(env.spec)) return rules;
  report('error', 'definition', 'rules(options).spec differs from the spec of what create(options) gives; share one.');
  return undefined;
}

/** A learner relabels with the definition's rules: they must be those of the environment. */
function checkDefinitionRules(
  env: GoalEnv,
  rules: NonNullable<CheckOptions['rules']>,
  traces: readonly Trace[],
  report: Report,
): void {
  if (Boolean(rules.goalFrom) !== Boolean(env.goalFrom)) {
    report('error', 'definition', 'only one of rules(options) and create(options) has goalFrom; share the rules.');
  }
  checkRules(env.spec, rules, traces, (level, check, message) => {
    if (level === 'error') report(level, 'definition', `by rules(options) of the definition, ${check}: ${message}`);
  });
}
