// The lecture's hand calculation: tabular Q-learning with hindsight on one path, update by update.
import { trace } from 'anygoal/lab';

/**
 * @param {import('anygoal/lab').HandOptions & { sweeps: number }} settings states, goal, gamma, alpha, eps, the strategy
 *   of hindsight, the order of the updates, and how often the episode is replayed
 * @returns target, error and new value of every update of the last sweep
 */
export function calculate({ sweeps, ...options }) {
  return trace(options, sweeps).filter((update) => update.sweep === sweeps);
}
