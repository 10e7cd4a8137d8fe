// Pieces of the pages that show experiments: cells, tables, command lines, charts.
import { band, curvesSvg } from '../plot/curves.js';
import type { Experiment } from './experiment.js';
import { type Result, readResult, type Spread } from './results.js';
import type { CurvePoint } from './trial.js';

export const percent = (share: number) => `${(100 * share).toFixed(1).replace(/\.0$/, '')}%`;
export const whole = (value: number) => Math.round(value).toLocaleString('en');
export const tenth = (value: number) => value.toFixed(1);

/** "mean (min to max)". */
export function cell(value: Spread | undefined, format: (value: number) => string, seeds?: number): string {
  if (!value) return 'not reached';
  const text =
    value.min === value.max
      ? format(value.mean)
      : `${format(value.mean)} (${format(value.min)} to ${format(value.max)})`;
  return seeds !== undefined && value.seeds < seeds ? `${text}, ${value.seeds} of ${seeds} seeds` : text;
}

export const row = (...cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
export const table = (head: string[], rows: string[]) =>
  [row(...head), row(...head.map(() => '---')), ...rows].join('\n');

export function resultOf(name: string): Result {
  const result = readResult(name);
  if (!result)
    throw new Error(`bench/results/learning/${name}.json is missing; run npm run bench:learning -- --only ${name}`);
  return result;
}

export function to95Row(label: string, result: Result): string {
  const { summary, seeds } = result;
  return row(
    label,
    cell(summary.stepsTo95, whole, seeds.length),
    cell(summary.secondsTo95, tenth),
    cell(summary.cpuSecondsTo95, tenth),
    cell(summary.success, percent),
    cell(summary.freshSuccess, percent),
  );
}
export const to95Head = ['steps to 95%', 'seconds', 'processor seconds', 'success at the end', '300 fresh goals'];

const solvedHead = [
  'steps',
  'processor seconds',
  'steps to 95%',
  'processor seconds to 95%',
  'last evaluation',
  'last policy, 300 fresh goals',
];
function solvedRow(label: string, name: string): string {
  const { summary, trials } = resultOf(name);
  return row(
    `${label} (${trials.length} seed${trials.length > 1 ? 's' : ''})`,
    cell(summary.envSteps, whole),
    cell(summary.cpuSeconds, whole),
    cell(summary.stepsTo95, whole, trials.length),
    cell(summary.cpuSecondsTo95, whole),
    cell(summary.success, percent),
    cell(summary.freshLastSuccess, percent),
  );
}
/** Of tasks to be solved: what it took to 95%, and the policy at the end. */
export const solvedTable = (rows: readonly (readonly [label: string, experiment: string])[]): string =>
  table(
    ['', ...solvedHead],
    rows.map(([label, name]) => solvedRow(label, name)),
  );

/** In place of a table without rows. */
export const notRun = (experiments: readonly string[]): string =>
  `Defined, and not run yet (\`npm run bench:learning -- --only ${experiments.join(',')}\`).`;

export function commands(names: readonly string[]): string {
  return ['```sh', ...names.map((name) => resultOf(name).command), '```'].join('\n');
}

/** Machine, versions, dates and load of the experiments that have run. */
export function circumstances(experiments: readonly Experiment[]): string {
  const results = experiments.flatMap(({ name }) => readResult(name) ?? []);
  if (results.length === 0) return 'None of these has been run yet.';
  const all = (of: (result: Result) => unknown) => [...new Set(results.map((result) => String(of(result))))].join(', ');
  const loads = results.flatMap(({ trials }) => trials.flatMap(({ load }) => load));
  return [
    `Machine: ${all((r) => r.machine)}, ${all((r) => r.cores)} cores. Node ${all((r) => r.node)}, onnxruntime-node ${all((r) => r.onnxruntime)}. Date: ${all((r) => r.date)}.`,
    `Load average while the runs went on: ${Math.min(...loads)} to ${Math.max(...loads)} on these ${all((r) => r.cores)} cores.`,
  ].join('\n');
}

/** What evaluations say against environment steps, a line with a band for each experiment. */
const against = (
  lines: readonly (readonly [label: string, experiment: string])[],
  value: (point: CurvePoint) => number,
  upTo = Number.POSITIVE_INFINITY,
) =>
  lines.map(([label, name]) => ({
    label,
    points: band(
      resultOf(name).trials.map(({ curve }) =>
        curve.filter(({ steps }) => steps <= upTo).map((point) => ({ x: point.steps, y: value(point) })),
      ),
    ),
  }));

/** Mean return against environment steps, from `low` to `high`. */
export const returnChart = (
  title: string,
  lines: readonly (readonly [label: string, experiment: string])[],
  [min, max]: readonly [low: number, high: number],
) =>
  curvesSvg({
    title,
    xLabel: 'environment steps',
    y: { min, max, label: (value) => String(value) },
    series: against(lines, ({ reward }) => reward),
  });

/** Success against environment steps. */
export const chart = (
  title: string,
  lines: readonly (readonly [label: string, experiment: string])[],
  upTo = Number.POSITIVE_INFINITY,
) =>
  curvesSvg({
    title,
    xLabel: 'environment steps',
    series: against(lines, ({ success }) => success, upTo),
  });

/** Success on fresh goals against a setting: a line over experiments that differ in it, with a band over their seeds. */
export const settingChart = (
  title: string,
  xLabel: string,
  lines: readonly (readonly [label: string, at: readonly (readonly [x: number, experiment: string])[]])[],
) =>
  curvesSvg({
    title,
    xLabel,
    series: lines.map(([label, at]) => ({
      label,
      points: at.flatMap(([x, name]) =>
        band(resultOf(name).trials.map(({ fresh }) => [{ x, y: fresh?.success ?? Number.NaN }])),
      ),
    })),
  });
