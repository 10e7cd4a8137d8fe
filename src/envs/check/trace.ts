// Episodes written down number by number, so that the checks can compare them.
import { createRandom, mixSeed, type Random } from '../../random.js';
import type { EnvSpec, GoalEnv, ResetOptions, TimeStep } from '../env.js';
import { actionSize } from '../space.js';

export interface TracedTimeStep {
  readonly observation: Float32Array;
  readonly achieved: Float32Array;
  readonly goal: Float32Array;
  readonly info: Float32Array;
  readonly task: Float32Array;
  /** Of the observation, by name. */
  readonly parts: TracedColumns;
  /** The environment's own, by name. */
  readonly columns: TracedColumns;
}

type Values = Float32Array | Uint8Array;
export type TracedColumns = Readonly<Record<string, Values>>;

export interface TracedStep extends TracedTimeStep {
  readonly action: Float32Array;
  readonly reward: number;
  readonly failed: boolean;
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly isSuccess: boolean;
}

export interface Trace {
  readonly start: TracedTimeStep;
  readonly steps: readonly TracedStep[];
}

const copyColumns = (now: TimeStep, declared: Readonly<Record<string, unknown>> = {}): TracedColumns =>
  Object.fromEntries(Object.keys(declared).map((name) => [name, now.columns?.[name]?.slice() ?? new Float32Array(0)]));

const copyTimeStep = ({ parts, columns }: EnvSpec, now: TimeStep): TracedTimeStep => ({
  observation: Float32Array.from(now.observation),
  achieved: Float32Array.from(now.achieved),
  goal: Float32Array.from(now.goal),
  info: Float32Array.from(now.info),
  task: Float32Array.from(now.task ?? []), // an environment written by hand may know no tasks
  parts: copyColumns(now, parts),
  columns: copyColumns(now, columns),
});

/** Random actions, now and then at the bounds, and held for a few steps so that they move something. */
export function drawActions(spec: EnvSpec, seed: number, count: number): Float32Array[] {
  const random = createRandom(mixSeed(seed, 'check actions'));
  const size = actionSize(spec.action);
  const draw = (j: number, r: Random): number => {
    const { action } = spec;
    if (action.kind === 'discrete') return r.below(action.n);
    const low = Math.max(action.low[j], -1e3);
    const high = Math.min(action.high[j], 1e3);
    const bounded = Number.isFinite(action.low[j]) && Number.isFinite(action.high[j]);
    if (!bounded) return Math.min(Math.max(r.normal(), low), high);
    return r.uniform() < 0.1 ? (r.uniform() < 0.5 ? low : high) : low + (high - low) * r.uniform();
  };
  const actions: Float32Array[] = [];
  while (actions.length < count) {
    const action = Float32Array.from({ length: size }, (_, j) => draw(j, random));
    for (let repeat = 1 + random.below(4); repeat > 0 && actions.length < count; repeat--) actions.push(action);
  }
  return actions;
}

/** Continues the present episode with these actions until it ends. */
export function traceSteps(env: GoalEnv, actions: readonly Float32Array[], meddle = false): TracedStep[] {
  const steps: TracedStep[] = [];
  for (const chosen of actions) {
    const action = chosen.slice();
    const next = env.step(action);
    const { reward, failed, terminated, truncated, isSuccess } = next;
    steps.push({ ...copyTimeStep(env.spec, next), action: chosen, reward, failed, terminated, truncated, isSuccess });
    if (terminated || truncated) break;
    if (meddle) {
      // What a caller may do with arrays that are its own, or only lent to it for reading.
      action.fill(0);
      next.observation.fill(1e6);
      next.achieved.fill(-1e6);
      for (const [name, { per }] of Object.entries(env.spec.parts ?? {})) if (!per) next.columns[name].fill(77);
    }
  }
  return steps;
}

/** One episode from `reset(options)`; `meddle` overwrites what it is given between the calls. */
export function trace(env: GoalEnv, options: ResetOptions, actions: readonly Float32Array[], meddle = false): Trace {
  const start = copyTimeStep(env.spec, env.reset(options));
  return { start, steps: traceSteps(env, actions, meddle) };
}

const arrays = ['observation', 'achieved', 'goal', 'info', 'task'] as const;
const numbers = ['reward', 'failed', 'terminated', 'truncated', 'isSuccess'] as const;
type Field = (typeof arrays)[number] | (typeof numbers)[number] | 'columns';

/**
 * Where two time steps differ, in words such as `observation[2] is 0.5, then 0.7`; undefined where nothing does. The parts of
 * an observation belong to it.
 */
export function differenceOfTimeSteps(
  a: TracedTimeStep,
  b: TracedTimeStep,
  fields: readonly Field[] = [...arrays, 'columns'],
): string | undefined {
  const pairs: (readonly [name: string, before: Values, after: Values])[] = [];
  const addAll = (x: TracedColumns, y: TracedColumns) => {
    for (const name of Object.keys(x)) pairs.push([name, x[name], y[name]]);
  };
  for (const field of arrays) if (fields.includes(field)) pairs.push([field, a[field], b[field]]);
  if (fields.includes('observation')) addAll(a.parts, b.parts);
  if (fields.includes('columns')) addAll(a.columns, b.columns);
  for (const [name, before, after] of pairs) {
    for (let j = 0; j < Math.max(before.length, after.length); j++) {
      if (!Object.is(before[j], after[j])) return `${name}[${j}] is ${before[j]}, then ${after[j]}`;
    }
  }
  return undefined;
}

/** Where two episodes first differ; lengths count unless fields are chosen. */
export function differenceOfSteps(
  a: readonly TracedStep[],
  b: readonly TracedStep[],
  fields?: readonly Field[],
): string | undefined {
  for (let t = 0; t < Math.min(a.length, b.length); t++) {
    const difference = differenceOfTimeSteps(a[t], b[t], fields);
    if (difference) return `at step ${t + 1} ${difference}`;
    for (const field of numbers) {
      if (fields && !fields.includes(field)) continue;
      if (!Object.is(a[t][field], b[t][field]))
        return `at step ${t + 1} ${field} is ${a[t][field]}, then ${b[t][field]}`;
    }
  }
  if (!fields && a.length !== b.length) return `it takes ${a.length} steps, then ${b.length}`;
  return undefined;
}
