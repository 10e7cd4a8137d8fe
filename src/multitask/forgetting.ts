// What tasks learned one after the other lose: average performance and forgetting (Chaudhry et al. 2018, arXiv 1801.10112).

/** What is told of a task after the last phase so far. */
export interface ForgettingRow {
  /** Its number. */
  readonly task: number;
  /** Success after the last phase. */
  readonly final: number;
  /** Largest success after an earlier phase; absent for the task of the last phase. */
  readonly best?: number;
  /** best - final: what was lost, from -1 to 1, below 0 where later tasks have helped. */
  readonly forgetting?: number;
}

export interface Forgetting {
  /** Mean success of all tasks learned so far (A_k of the paper, eq. 2). */
  readonly averagePerformance: number;
  /** Mean of the tasks' forgetting (F_k, section 3.2); absent after the first phase. */
  readonly forgetting?: number;
  /** In the order in which they were learned. */
  readonly tasks: readonly ForgettingRow[];
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * `success[l][j]`: of task number j after phase l, for all phases so far, at least one; `sequence[l]`: the task that was
 * learned in phase l. With k phases done, f_j = max over l < k of success[l][j] - success[k][j] for every task but the
 * one learned last. A task may come several times.
 */
export function forgettingOf(success: readonly (readonly number[])[], sequence: readonly number[]): Forgetting {
  const phases = success.length;
  const learned = [...new Set(sequence.slice(0, phases))];
  const newest = sequence[phases - 1];
  const tasks = learned.map((task): ForgettingRow => {
    const final = success[phases - 1][task];
    if (task === newest) return { task, final };
    const best = Math.max(...success.slice(0, -1).map((row) => row[task]));
    return { task, final, best, forgetting: best - final };
  });
  const lost = tasks.flatMap(({ forgetting }) => forgetting ?? []);
  return {
    averagePerformance: mean(tasks.map(({ final }) => final)),
    ...(lost.length > 0 && { forgetting: mean(lost) }),
    tasks,
  };
}
