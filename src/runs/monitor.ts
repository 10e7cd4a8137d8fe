// monitor.csv in the format of Stable-Baselines3's Monitor: a comment with JSON, a header, then a row per episode.
import { RunError } from '../errors.js';

export interface MonitorRow {
  /** Undiscounted return. */
  readonly reward: number;
  /** Steps. */
  readonly length: number;
  /** Seconds since the start of the run. */
  readonly seconds: number;
}

/** The first two lines; `start` is Unix time in seconds. */
export const monitorHeader = (env: string, start: number): string =>
  `#${JSON.stringify({ t_start: start, env_id: env })}\nr,l,t\n`;

/** Rewards are written exactly, times to the microsecond. */
export const monitorRow = ({ reward, length, seconds }: MonitorRow): string =>
  `${reward},${length},${Number(seconds.toFixed(6))}\n`;

/** Reads a monitor file back. Throws `RunError` naming the line that does not fit. */
export function parseMonitor(text: string): { env: string; start: number; rows: MonitorRow[] } {
  const [first, header, ...lines] = text.trimEnd().split('\n');
  if (!first?.startsWith('#') || header !== 'r,l,t')
    throw new RunError('monitor.csv does not begin with "#{...}", "r,l,t"');
  const { t_start: start, env_id: env } = JSON.parse(first.slice(1)) as { t_start: number; env_id: string };
  const rows = lines.map((line, i) => {
    const [reward, length, seconds] = line.split(',').map(Number);
    if (!Number.isFinite(seconds)) throw new RunError(`monitor.csv line ${i + 3} is not "return,length,time": ${line}`);
    return { reward, length, seconds };
  });
  return { env, start, rows };
}
