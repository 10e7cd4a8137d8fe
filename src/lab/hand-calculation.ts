// The lecture's hand calculation: tabular goal-conditioned Q-learning on one path, update by update.
import * as z from 'zod';
import { UsageError } from '../errors.js';
import { defineCalculator } from './calculator.js';
import { exact, number } from './format.js';

export type Point = readonly number[];

export interface Transition {
  /** Step t, 0 to T - 1. */
  readonly step: number;
  readonly goal: Point;
  readonly relabelled: boolean;
}

export interface Update extends Transition {
  readonly sweep: number;
  readonly state: Point;
  readonly nextState: Point;
  readonly distance: number;
  /** 1 where the next state lies within eps of the goal, else 0. */
  readonly reward: number;
  readonly terminated: boolean;
  /** max_a Q(s', a, g) before the update; 0 for actions never tried. */
  readonly nextValue: number;
  /** r + gamma (1 - terminated) max_a Q(s', a, g) */
  readonly target: number;
  readonly before: number;
  /** target - before */
  readonly error: number;
  /** before + alpha error */
  readonly after: number;
}

export const handStrategies = ['none', 'final', 'future', 'episode'] as const;
export type HandStrategy = (typeof handStrategies)[number];

export interface HandOptions {
  /** States s0 to sT; the achieved goal is the state itself. Action t leads from s_t to s_t+1. */
  readonly path: readonly Point[];
  readonly goal: Point;
  readonly discount: number;
  readonly alpha: number;
  readonly eps: number;
  readonly strategy: HandStrategy;
  readonly order: 'backwards' | 'forwards';
}

const distance = (a: Point, b: Point): number => Math.hypot(...a.map((x, i) => x - b[i]));
const same = (a: Point, b: Point): boolean => a.every((x, i) => x === b[i]);

/** What one sweep replays: the originals, then the relabelled ones; every goal of the strategy instead of k drawn ones. */
export function transitions({ path, goal, strategy, order }: HandOptions): Transition[] {
  const steps = path.length - 1;
  const sequence = Array.from({ length: steps }, (_, t) => (order === 'forwards' ? t : steps - 1 - t));
  const originals = sequence.map((step) => ({ step, goal, relabelled: false }));
  const relabelled = sequence.flatMap((step) => {
    const goals = {
      none: [],
      final: path.slice(steps),
      future: path.slice(step + 1),
      episode: path.slice(1),
    }[strategy];
    return goals.map((hindsight) => ({ step, goal: hindsight, relabelled: true }));
  });
  return [...originals, ...relabelled];
}

/** Q(s_t, a_t, g) for every step of the path: a table that starts at 0. */
export function createHandTable({ path, discount, alpha, eps }: HandOptions) {
  const steps = path.length - 1;
  /** The first step with the same state and action: they share their place in the table. */
  const first = Array.from({ length: steps }, (_, t) =>
    path.findIndex((state, u) => u < steps && same(state, path[t]) && same(path[u + 1], path[t + 1])),
  );
  const table = new Map<string, Float64Array>();
  const values = (goal: Point): Float64Array => {
    const key = goal.join();
    const known = table.get(key) ?? new Float64Array(steps);
    table.set(key, known);
    return known;
  };
  return {
    value: (step: number, goal: Point): number => values(goal)[first[step]],
    /** One update of Q-learning: Q <- Q + alpha (r + gamma (1 - terminated) max_a Q(s', a, g) - Q). */
    update(transition: Transition, sweep: number): Update {
      const { step, goal } = transition;
      const q = values(goal);
      const nextState = path[step + 1];
      const away = distance(nextState, goal);
      const terminated = away < eps;
      const reward = terminated ? 1 : 0;
      let nextValue = 0;
      for (let u = 0; u < steps; u++) if (same(path[u], nextState)) nextValue = Math.max(nextValue, q[first[u]]);
      const target = reward + (terminated ? 0 : discount * nextValue);
      const before = q[first[step]];
      const error = target - before;
      const after = before + alpha * error;
      q[first[step]] = after;
      const state = path[step];
      return {
        ...transition,
        sweep,
        state,
        nextState,
        distance: away,
        reward,
        terminated,
        nextValue,
        target,
        before,
        error,
        after,
      };
    },
  };
}

/** Replays the path `sweeps` times and tells every update. */
export function trace(options: HandOptions, sweeps: number): Update[] {
  const table = createHandTable(options);
  return Array.from({ length: sweeps }, (_, i) =>
    transitions(options).map((transition) => table.update(transition, i + 1)),
  ).flat();
}

/** Q(s_t, a_t, g) of every step after each of the numbers of sweeps (ascending). */
export function valuesAfter(options: HandOptions, goal: Point, sweeps: readonly number[]): number[][] {
  const table = createHandTable(options);
  let done = 0;
  return sweeps.map((count) => {
    for (; done < count; done++) for (const transition of transitions(options)) table.update(transition, done + 1);
    return Array.from({ length: options.path.length - 1 }, (_, step) => table.value(step, goal));
  });
}

const SWEEPS = [1, 2, 3, 10, 100, 1000] as const;
const point = z.array(z.number()).min(1);
const at = (p: Point): string => `(${p.map((x) => number(x)).join(', ')})`;

const options = z.strictObject({
  path: z
    .array(point)
    .min(2)
    .max(50)
    .default([
      [0, 0],
      [0.3, 0.1],
      [0.5, 0.4],
      [0.5, 0.8],
    ])
    .describe('states s0 to sT that the episode went through'),
  goal: point.default([1, 1]).describe('the goal that was asked for'),
  discount: z.number().min(0).max(1).default(0.98).describe('gamma'),
  alpha: z.number().positive().max(1).default(0.1).describe('step size of an update'),
  eps: z.number().positive().default(0.1).describe('a goal is reached within less than this'),
  strategy: z.enum(handStrategies).default('final').describe('hindsight: which achieved goals the steps get as well'),
  order: z.enum(['backwards', 'forwards']).default('backwards').describe('order in which the steps are replayed'),
  sweeps: z.int().min(1).max(100).default(1).describe('how often the episode is replayed, update by update'),
});

export const handCalculation = defineCalculator({
  name: 'hand-calculation',
  description: 'tabular Q-learning with hindsight on one path: target, error and new value of every update',
  options,
  compute(given) {
    const { path, goal, sweeps } = given;
    const wrong = [...path, goal].find((p) => p.length !== path[0].length);
    if (wrong !== undefined) {
      throw new UsageError(
        `path and goal: ${JSON.stringify(wrong)} has ${wrong.length} coordinates, but the first state has ${path[0].length}; give each as many.`,
      );
    }
    const last = path[path.length - 1];
    const hindsightGoal = given.strategy === 'none' ? goal : last;
    const orders = ['backwards', 'forwards'] as const;
    return {
      strategy: given.strategy,
      order: given.order,
      goal,
      /** From the last state to the goal that was asked for. */
      missedBy: distance(last, goal),
      updates: trace(given, sweeps),
      /** The goal whose values the tables after many sweeps show. */
      hindsightGoal,
      /** Q(s_t, a_t, g) for t = 0..T-1 after so many sweeps in either order. */
      repeated: orders.flatMap((order) =>
        valuesAfter({ ...given, order }, hindsightGoal, SWEEPS).map((values, i) => ({
          order,
          sweeps: SWEEPS[i],
          values,
        })),
      ),
    };
  },
  table({ strategy, order, goal, missedBy, updates, hindsightGoal, repeated }) {
    const steps = repeated[0].values.map((_, t) => t);
    const updateTable = (title: string, rows: readonly Update[], note: string) => ({
      title,
      columns: ['sweep', 'Q(s, a, g)', 's', "s'", 'g', 'r', "max Q(s', ., g)", 'target', 'error', 'before', 'after'],
      rows: rows.map((u) => [
        String(u.sweep),
        `Q(s${u.step}, a${u.step}, g${u.relabelled ? "'" : ''})`,
        at(u.state),
        at(u.nextState),
        at(u.goal),
        String(u.reward),
        exact(u.nextValue),
        exact(u.target),
        exact(u.error),
        exact(u.before),
        exact(u.after),
      ]),
      note,
    });
    const learned = updates.some((u) => !u.relabelled && u.after !== 0);
    const tables = [
      updateTable(
        `Original goal ${at(goal)}, replayed ${order}; the path ends ${number(missedBy)} from it`,
        updates.filter((u) => !u.relabelled),
        learned
          ? 'The path reaches its goal.'
          : 'No step reaches the goal, so every target is 0 and nothing is learned.',
      ),
    ];
    if (strategy !== 'none') {
      tables.push(
        updateTable(
          `Relabelled by ${strategy}, replayed ${order}`,
          updates.filter((u) => u.relabelled),
          'Reward and end are computed anew under the new goal. Replayed backwards, one sweep carries the value from the last step to the first; forwards, one step a sweep.',
        ),
      );
    }
    tables.push({
      title: `Values for g = ${at(hindsightGoal)} under repetition`,
      columns: ['order', 'sweeps', ...steps.map((t) => `Q(s${t}, a${t}, g)`)],
      rows: repeated.map((row) => [row.order, String(row.sweeps), ...row.values.map(exact)]),
      note: 'With many sweeps, both orders tend to gamma to the power of the steps left after this one.',
    });
    return tables;
  },
});
