// Counts attempts to reach goals, those that did, and how many steps it took.

export interface Counts {
  /** Attempts that are over; those cut short by a new goal before they reached it do not count. */
  readonly attempts: number;
  readonly reached: number;
  /** Steps to the goal: of the latest attempt that reached it, and the mean; NaN before there is one. */
  readonly latestSteps: number;
  readonly meanSteps: number;
}

export interface Attempts {
  begin(): void;
  step(reached: boolean, ended: boolean): void;
  counts(): Counts;
}

export function createAttempts(): Attempts {
  let attempts = 0;
  let reached = 0;
  let latestSteps = Number.NaN;
  let total = 0;
  let steps = 0;
  let open = true;
  return {
    begin() {
      steps = 0;
      open = true;
    },
    step(isReached, ended) {
      if (!open) return;
      steps++;
      if (!isReached && !ended) return;
      open = false;
      attempts++;
      if (!isReached) return;
      reached++;
      latestSteps = steps;
      total += steps;
    },
    counts: () => ({ attempts, reached, latestSteps, meanSteps: reached > 0 ? total / reached : Number.NaN }),
  };
}
