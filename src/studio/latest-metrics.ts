// The newest values of a run without reading all of its log: from the last rows of metrics.jsonl.
import { open } from 'node:fs/promises';

export interface LatestMetrics {
  readonly step: number;
  /** Training seconds. */
  readonly seconds: number | null;
  readonly stepsPerSecond: number | null;
  /** Success rates of the last two evaluations, the newest first; NaN where one was not finite. */
  readonly evaluations: readonly number[];
  readonly success: number | null;
  readonly meanReturn: number | null;
}

const NOTHING: LatestMetrics = {
  step: 0,
  seconds: null,
  stepsPerSecond: null,
  evaluations: [],
  success: null,
  meanReturn: null,
};

const FIRST = 8 << 10;
/** Evaluations can be rare; further back than this nobody looks. */
const MOST = 512 << 10;

/** Reads backwards until it has seen two evaluations, or far enough. */
export async function readLatest(path: string, size: number): Promise<LatestMetrics> {
  if (size === 0) return NOTHING;
  const file = await open(path, 'r');
  try {
    for (let length = Math.min(FIRST, size); ; length = Math.min(4 * length, size)) {
      const bytes = Buffer.alloc(length);
      const { bytesRead } = await file.read(bytes, 0, length, size - length);
      const text = bytes.toString('utf8', 0, bytesRead);
      const whole = length === size;
      const latest = latestIn(whole ? text : text.slice(text.indexOf('\n') + 1));
      if (whole || length >= MOST || latest.evaluations.length === 2) return latest;
    }
  } finally {
    await file.close();
  }
}

/** The newest values in the last lines of a log; a half-written last line is passed over. */
export function latestIn(text: string): LatestMetrics {
  let step: number | undefined;
  const found: Record<string, number | null> = {};
  const evaluations: number[] = [];
  const rows = text.split('\n').reverse();
  const number = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : null);
  for (const line of rows) {
    let row: Record<string, unknown>;
    try {
      row = JSON.parse(line);
    } catch {
      continue;
    }
    if (typeof row?.step !== 'number') continue;
    step ??= row.step;
    for (const name of ['time/time_elapsed', 'time/fps', 'rollout/success_rate', 'rollout/ep_rew_mean']) {
      if (name in row) found[name] ??= number(row[name]);
    }
    if ('eval/success_rate' in row) {
      evaluations.push(number(row['eval/success_rate']) ?? Number.NaN);
      found['eval/mean_reward'] ??= number(row['eval/mean_reward']);
      if (evaluations.length === 2) break;
    }
  }
  const evaluated = evaluations.length > 0;
  return {
    step: step ?? 0,
    seconds: found['time/time_elapsed'] ?? null,
    stepsPerSecond: found['time/fps'] ?? null,
    evaluations,
    success: evaluated ? number(evaluations[0]) : (found['rollout/success_rate'] ?? null),
    meanReturn: evaluated ? (found['eval/mean_reward'] ?? null) : (found['rollout/ep_rew_mean'] ?? null),
  };
}
