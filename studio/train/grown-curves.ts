// Curves of a training that goes on in this page: they grow with every report and never become too long to draw.
import type { Curve } from '../../src/studio/api-types.js';
import type { TrainReport } from '../workers/train.worker.js';

export type Curves = Readonly<Record<string, Curve>>;

/** From here on every second point but the last is dropped. */
const MOST_POINTS = 600;

/** The curves with what a report adds; those that have not grown stay the same objects. */
export function grown(curves: Curves, { progress, rows }: TrainReport): Curves {
  const points: { step: number; seconds: number; values: Readonly<Record<string, number>> }[] = [];
  // Rows of evaluations have no time of their own; they are logged right after the one that has.
  let seconds = progress?.seconds ?? 0;
  for (const { step, wall: _, ...values } of rows) {
    seconds = values['time/time_elapsed'] ?? seconds;
    points.push({ step, seconds, values });
  }
  if (progress !== undefined) {
    const { steps, successRate, meanReward, stepsPerSecond } = progress;
    const values = {
      'rollout/success_rate': successRate,
      'rollout/ep_rew_mean': meanReward,
      'time/steps_per_second': stepsPerSecond,
    };
    points.push({ step: steps, seconds: progress.seconds, values });
  }
  const next: Record<string, Curve> = { ...curves };
  for (const { step, seconds, values } of points) {
    for (const [name, value] of Object.entries(values)) {
      if (name === 'step' || !Number.isFinite(value)) continue;
      const before = next[name] ?? { step: [], seconds: [], value: [] };
      if (step <= (before.step.at(-1) ?? -1)) continue;
      const own = next[name] === curves[name] ? copy(before) : before;
      own.step.push(step);
      own.seconds.push(seconds);
      own.value.push(value);
      next[name] = own;
    }
  }
  return next;
}

function copy({ step, seconds, value }: Curve): Curve {
  const kept = (_: unknown, i: number) => step.length < MOST_POINTS || i % 2 === 0 || i === step.length - 1;
  return { step: step.filter(kept), seconds: seconds.filter(kept), value: value.filter(kept) };
}
