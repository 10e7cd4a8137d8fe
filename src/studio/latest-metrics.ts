// The newest values of a run without reading all of its log: from the last rows of metrics.jsonl.
import { open } from 'node:fs/promises';
import type { TaskFigures } from './api-types.js';

/** What one evaluation said; NaN where it said nothing, or no finite number. */
export interface EvaluationRow {
  readonly success: number;
  readonly worst: number;
  readonly reward: number;
}

export interface LatestMetrics {
  readonly step: number;
  /** Training seconds. */
  readonly seconds: number | null;
  readonly stepsPerSecond: number | null;
  /** The last two evaluations, the newest first. */
  readonly evaluations: readonly EvaluationRow[];
  readonly success: number | null;
  readonly meanReturn: number | null;
  /** The last evaluation by task; empty where there is a single one. */
  readonly tasks: readonly TaskFigures[];
}

const NOTHING: LatestMetrics = {
  step: 0,
  seconds: null,
  stepsPerSecond: null,
  evaluations: [],
  success: null,
  meanReturn: null,
  tasks: [],
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
  const evaluations: EvaluationRow[] = [];
  let tasks: readonly TaskFigures[] = [];
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
    if ('eval/mean_reward' in row || 'eval/success_rate' in row) {
      if (evaluations.length === 0) tasks = tasksIn(row);
      const [success, worst, reward] = ['success_rate', 'worst_success_rate', 'mean_reward'].map(
        (name) => number(row[`eval/${name}`]) ?? Number.NaN,
      );
      evaluations.push({ success, worst, reward });
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
    success: evaluated ? number(evaluations[0].success) : (found['rollout/success_rate'] ?? null),
    meanReturn: evaluated ? (found['eval/mean_reward'] ?? null) : (found['rollout/ep_rew_mean'] ?? null),
    tasks,
  };
}

/** `eval/<task>/success_rate` and `eval/<task>/mean_reward`, in the order of the log. */
function tasksIn(row: Readonly<Record<string, unknown>>): TaskFigures[] {
  const value = (name: string) => {
    const logged = row[name];
    return typeof logged === 'number' && Number.isFinite(logged) ? logged : null;
  };
  return Object.keys(row).flatMap((name) => {
    const [, task] = /^eval\/(.+)\/mean_reward$/.exec(name) ?? [];
    return task === undefined ? [] : [{ task, success: value(`eval/${task}/success_rate`), meanReturn: value(name) }];
  });
}
