// What one policy for all tasks gains or loses against a specialist per task, at equal data.

/** What an evaluation found, at so many environment steps. */
export interface CurvePoint {
  readonly steps: number;
  readonly success: number;
}

export interface TransferRow {
  readonly task: string;
  readonly generalist: number;
  readonly specialist: number;
  /** generalist - specialist: below 0 the other tasks have cost something. */
  readonly transfer: number;
}

/** The last value at or before so many steps; NaN where there is none. */
export function successAt(curve: readonly CurvePoint[], steps: number): number {
  const before = curve.filter((point) => point.steps <= steps);
  return before.length > 0 ? before[before.length - 1].success : Number.NaN;
}

/** Steps until the success rate is first at least `wanted`; undefined where it never is. */
export const stepsTo = (curve: readonly CurvePoint[], wanted: number): number | undefined =>
  curve.find(({ success }) => success >= wanted)?.steps;

/**
 * Of every task that has a specialist: the generalist after `steps` steps over K tasks against the specialist after
 * `steps` / K, so that all specialists together have had as much data as the generalist.
 */
export function transferTable(
  tasks: readonly string[],
  steps: number,
  generalist: Readonly<Record<string, readonly CurvePoint[]>>,
  specialists: Readonly<Record<string, readonly CurvePoint[]>>,
): TransferRow[] {
  return tasks
    .filter((task) => specialists[task])
    .map((task) => {
      const [all, own] = [successAt(generalist[task] ?? [], steps), successAt(specialists[task], steps / tasks.length)];
      return { task, generalist: all, specialist: own, transfer: all - own };
    });
}
