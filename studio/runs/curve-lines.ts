// From the curves of runs to the lines of a chart: smoothed, over steps or time, seeds apart or together.
import type { Curve, RunSummary } from '../../src/studio/api-types.js';
import { aggregate } from '../charts/aggregate.js';
import type { Line } from '../charts/line-chart.js';
import { CURVE_COLORS, type CurveStyle, curveStyle } from '../charts/palette.js';
import { smooth } from '../charts/smooth.js';
import { relabelText } from './run-rows.js';
import type { RunCurves } from './use-curves.js';

export interface CurveOptions {
  /** 0 to 0.99. */
  readonly smoothing: number;
  readonly axis: 'steps' | 'time';
  /** Runs that differ in the seed only become one mean with a band. */
  readonly together: boolean;
}

/** Runs that share a line, and how it looks. */
export interface LineGroup extends CurveStyle {
  readonly label: string;
  readonly runs: readonly RunSummary[];
}

export function groupRuns(runs: readonly RunSummary[], together: boolean, dark: boolean): LineGroup[] {
  const groups = new Map<string, RunSummary[]>();
  for (const run of runs) {
    const key = together ? run.group : run.name;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const all = [...groups.values()];
  const plain = all.map(([run, ...others]) =>
    others.length > 0 ? `${settings(run)} · ${others.length + 1} seeds` : `${settings(run)} · seed ${run.seed}`,
  );
  return all.map((members, i) => {
    const unique = plain.filter((label) => label === plain[i]).length === 1;
    return {
      // Where that does not tell them apart, the time at the end of the folder's name does.
      label: unique ? plain[i] : `${plain[i]} · ${members[0].name.split('__').at(-1)}`,
      runs: members,
      ...curveStyle(i, dark),
    };
  });
}

const settings = ({ env, agent, relabel }: RunSummary): string => `${env} · ${agent} · ${relabelText(relabel)}`;

/** Lines already made, by metric and group, with what they were made of. */
export type MadeLines = Map<string, { readonly from: readonly unknown[]; readonly lines: Line[] }>;

/** Lines of one metric; groups without it are left out. Only lines whose curves have changed are made anew. */
export function curveLines(
  groups: readonly LineGroup[],
  curves: ReadonlyMap<string, RunCurves>,
  metric: string,
  { smoothing, axis }: CurveOptions,
  made: MadeLines = new Map(),
): Line[] {
  return groups.flatMap((group) => {
    const found = group.runs.flatMap(({ name }) => curves.get(name)?.curves[metric] ?? []);
    const from = [group.color, smoothing, axis, ...found];
    const key = `${metric} ${group.label}`;
    const before = made.get(key);
    if (before?.from.length === from.length && before.from.every((part, i) => part === from[i])) return before.lines;
    const lines = linesOf(group, found, smoothing, axis);
    made.set(key, { from, lines });
    return lines;
  });
}

/** A group for each task of each group, styled by the task, so that the curves of a figure can stand in one chart. */
export function byTask(groups: readonly LineGroup[], tasks: readonly string[], dark: boolean): LineGroup[][] {
  return tasks.map((task, i) =>
    groups.map((group, j) => ({
      ...group,
      label: groups.length > 1 ? `${task} · ${group.label}` : task,
      // Tasks by colour; several runs of a task by dashes.
      ...curveStyle(groups.length > 1 ? (i % CURVE_COLORS) + CURVE_COLORS * j : i, dark),
    })),
  );
}

function linesOf(
  { label, color, dash }: LineGroup,
  found: readonly Curve[],
  smoothing: number,
  axis: CurveOptions['axis'],
): Line[] {
  const points = found.map((curve) => ({
    x: axis === 'steps' ? curve.step : curve.seconds,
    raw: curve.value,
    y: smooth(curve.value, smoothing),
  }));
  if (points.length === 0) return [];
  if (points.length === 1) {
    const [{ x, raw, y }] = points;
    const line: Line = { label, color, dash, x, y };
    return smoothing > 0 ? [{ label, color, x, y: raw, faint: true }, line] : [line];
  }
  const { x, mean, low, high } = aggregate(points);
  return [{ label, color, dash, x, y: mean, low, high }];
}
