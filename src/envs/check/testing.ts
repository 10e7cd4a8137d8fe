// Sound environments to break, for the tests of the checks.
import { expect } from 'vitest';
import { checkEnv } from '../check-env.js';
import type { GoalEnv, Simulation } from '../env.js';
import { createGoalEnv } from '../goal-env.js';
import { walk } from '../testing.js';

export const good = (options = {}) => walk({ bound: Infinity, ...options });

/** The walk with parts replaced; `base` is the sound one. */
export const broken = (change: (base: Simulation) => Partial<Simulation>, options = {}): GoalEnv => {
  const base = good(options);
  return createGoalEnv({ ...base, ...change(base) });
};

/** A whole environment with parts replaced, as one that does not use createGoalEnv could be. */
export const brokenEnv = (change: (base: GoalEnv) => Partial<GoalEnv>, options = {}): GoalEnv => {
  const base = createGoalEnv(good(options));
  return { ...base, ...change(base) };
};

export function expectError(env: GoalEnv, check: string, message: RegExp): void {
  const report = checkEnv(env);
  expect(report.ok).toBe(false);
  const finding = report.findings.find((f) => f.level === 'error' && f.check === check);
  expect(finding?.message ?? JSON.stringify(report.findings)).toMatch(message);
}
