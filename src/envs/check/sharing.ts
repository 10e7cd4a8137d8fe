// Checks that instances of an environment do not share state: training steps several side by side.
import type { GoalEnv } from '../env.js';
import type { Report } from './report.js';
import { differenceOfSteps, differenceOfTimeSteps, type Trace, type TracedStep, trace, traceSteps } from './trace.js';

/** Steps `env` and `other` in turn: the first must go as it did alone. `alone` was traced with `seed`. */
export function checkSharing(
  env: GoalEnv,
  other: GoalEnv,
  seed: number,
  actions: readonly Float32Array[],
  alone: Trace,
  report: Report,
): void {
  const { start } = trace(env, { seed }, []);
  other.reset({ seed: seed + 1 });
  const steps: TracedStep[] = [];
  // The other one's actions in another order, so that equal actions hide nothing.
  for (const [i, theirs] of actions.toReversed().entries()) {
    const next = other.step(theirs);
    if (next.terminated || next.truncated) other.reset();
    const [step] = traceSteps(env, [actions[i]]);
    steps.push(step);
    if (step.terminated || step.truncated) break;
  }
  const difference = differenceOfTimeSteps(alone.start, start) ?? differenceOfSteps(alone.steps, steps);
  if (!difference) return;
  report(
    'error',
    'sharing',
    `with another instance stepped in turn the same seed and actions give a different episode: ${difference}. Instances share state: make variables and arrays inside \`create\`, not at the top of the module, and keep nothing that changes in its settings.`,
  );
}
