// Which runs the table shows, and in which order.
import type { RunState, RunSummary } from '../../src/studio/api-types.js';

export type SortKey = 'name' | 'state' | 'steps' | 'success' | 'meanReturn' | 'stepsPerSecond' | 'created';

export interface Sorting {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** Every word must occur in the name or one of the settings that the table shows; a state limits to it. */
export function filterRuns(runs: readonly RunSummary[], text: string, state?: RunState): RunSummary[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return runs.filter((run) => {
    if (state !== undefined && run.state !== state) return false;
    const all = `${run.name} ${run.env} ${run.agent} ${run.relabel} seed ${run.seed}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

const STATES: readonly RunState[] = ['running', 'done', 'stopped', 'failed'];

/** Runs without a value come last in either direction; equal ones keep their order. */
export function sortRuns(runs: readonly RunSummary[], { key, descending }: Sorting): RunSummary[] {
  const value = (run: RunSummary): number | string | null =>
    key === 'state' ? STATES.indexOf(run.state) : key === 'steps' ? run.steps / Math.max(1, run.totalSteps) : run[key];
  return runs.toSorted((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    const order = typeof x === 'number' ? x - (y as number) : x.localeCompare(y as string, 'en', { numeric: true });
    return descending ? -order : order;
  });
}

/** How hindsight is called beside environment and agent. */
export const relabelText = (relabel: string): string => (relabel === 'none' ? 'no hindsight' : relabel);

/** 3 min ago, Nov 20 */
export function ago(iso: string | null, now: number): string {
  if (iso === null) return '-';
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  if (seconds < 60) return 'just now';
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return new Date(iso).toLocaleDateString('en-US', { month: 'short', day: 'numeric', year: 'numeric' });
}
