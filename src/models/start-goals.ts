// Hindsight for imagined rollouts: starts are given goals that their real episodes, or others, went on to achieve.
import type { EnvRules } from '../envs/env.js';
import { hasGoals } from '../envs/spec.js';
import type { Random } from '../random.js';
import type { RelabelStrategy } from '../replay/index.js';
import type { ModelSpec } from './model-spec.js';
import type { Transitions } from './transitions.js';

/** Writes another goal into the row that begins at `rows[at]`, or leaves the one there; transition `n` is its start. */
export type StartGoals = (starts: Transitions, n: number, rows: Float32Array, at: number) => void;

export interface StartGoalsOptions {
  readonly model: { readonly spec: ModelSpec };
  readonly rules: Pick<EnvRules, 'goalFrom'>;
  readonly random: Random;
  readonly relabel?: RelabelStrategy;
  /** Whether a goal may be trained on; default: all may. */
  readonly allowGoal?: (goal: Float32Array) => boolean;
}

/**
 * With `k` relabelled starts for each that keeps its goal: `future` and `episode` take what a later state of the real
 * episode achieved (earlier ones are behind the start), `final` the last one known, `random` any real state. Undefined where
 * nothing is relabelled.
 */
export function createStartGoals(options: StartGoalsOptions): StartGoals | undefined {
  const { model, rules, random, relabel, allowGoal } = options;
  const { goalFrom } = rules;
  const { env, layout } = model.spec;
  if (!goalFrom || !relabel || relabel.strategy === 'none' || !hasGoals(env)) return undefined;
  const { strategy, k } = relabel;
  const [achieved, goal, task] = ['achieved', 'goal', 'task'].map(layout.column);
  const found = new Float32Array(goal.size);
  return (starts, n, rows, at) => {
    if (random.uniform() * (k + 1) >= k) return;
    const of = strategy === 'random' ? random.below(starts.count) : n;
    // Goals of other tasks are none of this one.
    if (task.size > 0 && starts.memory(of)[starts.row(of) + task.offset] !== rows[at + task.offset]) return;
    const left = starts.left(of);
    const steps = strategy === 'final' ? left : strategy === 'random' ? 1 : 1 + random.below(left);
    const from = starts.next(of, steps) + achieved.offset;
    goalFrom(starts.memory(of).slice(from, from + achieved.size), found);
    if (!allowGoal || allowGoal(found)) rows.set(found, at + goal.offset);
  };
}
