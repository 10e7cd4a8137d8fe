// A rollout as on-policy learners read it: its transitions in the order of time, and what the parameters that acted say of them.
import type { EpisodePiece } from '../replay/index.js';

export type RolloutColumns = ReturnType<typeof createRollout>;

export function createRollout(count: number) {
  const column = () => new Float32Array(count);
  return {
    row: new Int32Array(count),
    env: column(),
    reward: column(),
    terminated: column(),
    ended: column(),
    value: column(),
    nextValue: column(),
    logProbability: column(),
    advantage: column(),
    returns: column(),
  };
}

/**
 * Puts transitions in the order of time, then of environments: what is learned must not depend on where episodes end.
 * Writes each one's row in the message, its environment and how its episode ended.
 */
export function orderByTime(pieces: readonly EpisodePiece[], { row, env, terminated, ended }: RolloutColumns): void {
  const byEnv = pieces.toSorted((a, b) => a.env - b.env); // those of one environment stay in the order of time
  /** Transitions of each time, then where the next of that time goes. */
  const places = new Int32Array(row.length + 1);
  const each = (visit: (piece: EpisodePiece, step: number, time: number) => void) => {
    let time = 0;
    for (const [i, piece] of byEnv.entries()) {
      if (piece.env !== byEnv[i - 1]?.env) time = 0;
      for (let step = 0; step < piece.steps; step++) visit(piece, step, time++);
    }
  };
  each((_piece, _step, time) => {
    places[time + 1]++;
  });
  for (let time = 1; time < places.length; time++) places[time] += places[time - 1];
  each((piece, step, time) => {
    const n = places[time]++;
    const end = step === piece.steps - 1 ? piece.end : undefined;
    row[n] = piece.first + step;
    env[n] = piece.env;
    terminated[n] = end === 'terminated' ? 1 : 0;
    ended[n] = end ? 1 : 0;
  });
}

/** 1 - Var(returns - values) / Var(returns): 1 for a perfect critic, 0 for one that knows only the mean. */
export function explainedVariance({ returns, advantage }: RolloutColumns): number {
  const total = variance(returns);
  return total > 0 ? 1 - variance(advantage) / total : 0;
}

function variance(values: Float32Array): number {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let sum = 0;
  for (const value of values) sum += (value - mean) ** 2;
  return sum / values.length;
}
