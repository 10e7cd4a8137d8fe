// What was measured of agents on the grid: their values against dynamic programming, and success over all pairs.
import { existsSync, readFileSync } from 'node:fs';

/** Distance of learned values from exact ones, over all states (and actions) and goals, in rewards. */
export interface ValueError {
  readonly largest: number;
  /** Mean of the absolute error. */
  readonly mean: number;
  /** Mean of learned minus exact: above 0 where values are too hopeful. */
  readonly bias: number;
}

export interface GridSeed {
  readonly seed: number;
  readonly steps: number;
  /** Against Q* and V*. PPO has no Q. */
  readonly q?: ValueError;
  readonly v: ValueError;
  /** Of V against the exact values of the agent's own stochastic policy; PPO only. */
  readonly ownV?: ValueError;
  /** Share of all pairs of a start and another cell as the goal whose episode, by best actions, ends at the goal. */
  readonly success?: number;
}

export const gridFile = 'learning/grid-values';

export function readGrid(experiment: string): readonly GridSeed[] {
  const file = new URL(`../../results/${gridFile}.json`, import.meta.url);
  const results = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).results : {};
  const seeds = results[experiment];
  if (!seeds) {
    throw new Error(
      `bench/results/${gridFile}.json lacks ${experiment}; run npx tsx bench/learning/grid-values/measure.ts`,
    );
  }
  return seeds;
}
