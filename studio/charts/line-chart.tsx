// Curves over a common axis, drawn by uPlot: colours of the page's scheme, bands, values under the pointer, drag to zoom.
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import { faded } from './palette.js';
import { UNNAMED, valuesUnderPointer } from './pointer-values.js';

export interface Line {
  readonly label: string;
  readonly color: string;
  /** Lengths of strokes and gaps in pixels; default: solid. */
  readonly dash?: readonly number[];
  /** Ascending. */
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
  /** A band around the line, as many values as `x`. */
  readonly low?: readonly number[];
  readonly high?: readonly number[];
  /** Drawn faintly and not named: the raw values behind a smoothed line. */
  readonly faint?: boolean;
}

export interface LineChartProps {
  /** For screen readers and above the chart. */
  readonly title: string;
  readonly lines: readonly Line[];
  readonly formatX: (value: number) => string;
  readonly formatY: (value: number) => string;
  /** The y axis shows at least this. */
  readonly yRange?: readonly [number, number];
  readonly height?: number;
}

const HEIGHT = 240;

export function LineChart({ title, lines, formatX, formatY, yRange, height = HEIGHT }: LineChartProps) {
  const dark = useComputedColorScheme('light') === 'dark';
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const { data, series, bands } = useMemo(() => arrange(lines, dark), [lines, dark]);
  // Data alone is updated in place, so that a zoom survives while a run goes on; another set of lines is another chart.
  const shape = JSON.stringify([series.map(({ label, stroke, dash }) => [label, stroke, dash]), bands, dark, height]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: see `shape`
  useEffect(() => {
    const parent = holder.current;
    if (parent === null) return;
    const options: uPlot.Options = {
      width: parent.clientWidth || 300,
      height,
      series: [{ label: 'x' }, ...series],
      bands,
      legend: { show: false },
      scales: { x: { time: false }, y: { range: (_, low, high) => padded(low, high, yRange) } },
      axes: axes(dark, formatX, formatY),
      cursor: { drag: { x: true, y: false }, points: { show: false } },
      padding: [10, 14, 0, 0],
      plugins: [valuesUnderPointer({ formatX, formatY })],
      hooks: {
        setScale: [
          ({ scales }, key) => {
            if (key === 'x') parent.dataset.shown = `${scales.x.min} ${scales.x.max}`;
          },
        ],
      },
    };
    const made = new uPlot(options, data, parent);
    plot.current = made;
    const resize = new ResizeObserver(() => {
      const width = parent.clientWidth;
      if (width !== made.width) made.setSize({ width, height }); // it observes once at the beginning
    });
    resize.observe(parent);
    return () => {
      resize.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [shape]);

  useEffect(() => {
    const drawn = plot.current;
    if (drawn === undefined || drawn.data === data) return;
    const { min, max } = drawn.scales.x;
    const before = drawn.data[0];
    // A single point is shown with room around it, which is no zoom.
    const zoomed = before.length > 1 && (min !== before[0] || max !== before[before.length - 1]);
    drawn.setData(data, !zoomed);
    if (zoomed) drawn.redraw();
  }, [data]);

  return (
    <div
      ref={holder}
      className="chart"
      style={{ minHeight: height }}
      role="img"
      aria-label={description(title, lines, formatX, formatY)}
    />
  );
}

/** What a person who cannot see the chart needs: the last value of every line. */
function description(
  title: string,
  lines: readonly Line[],
  formatX: (value: number) => string,
  formatY: (value: number) => string,
): string {
  const last = lines
    .filter(({ faint, x }) => !faint && x.length > 0)
    .map(({ label, x, y }) => `${label}: ${formatY(y.at(-1) ?? Number.NaN)} at ${formatX(x.at(-1) ?? 0)}`);
  return `${title}. ${last.join('; ')}`;
}

/** One value makes no line: it is marked. */
const isAlone = ({ data }: uPlot, series: number): boolean =>
  (data[series] as readonly unknown[]).filter((value) => value !== null && value !== undefined).length < 2;

/** One table with a common x, as uPlot wants it: faint lines first, so that they lie below. */
function arrange(lines: readonly Line[], dark: boolean) {
  const tables: uPlot.AlignedData[] = [];
  const series: uPlot.Series[] = [];
  const bands: uPlot.Band[] = [];
  for (const line of lines.toSorted((a, b) => Number(b.faint ?? false) - Number(a.faint ?? false))) {
    const { label, color, dash, x, y, low, high, faint } = line;
    const base = { label, spanGaps: true, points: { show: faint ? false : isAlone } };
    if (low !== undefined && high !== undefined) {
      // uPlot fills between two series; these are not drawn themselves.
      const invisible = { ...base, class: UNNAMED, stroke: 'transparent', points: { show: false } };
      tables.push([[...x], [...high], [...low]]);
      series.push(invisible, invisible);
      bands.push({ series: [series.length - 1, series.length], fill: faded(color, dark ? 0.22 : 0.16) });
    }
    tables.push([[...x], [...y]]);
    series.push({
      ...base,
      class: faint ? UNNAMED : undefined,
      stroke: faint ? faded(color, 0.3) : color,
      width: faint ? 1 : 2,
      dash: dash === undefined || dash.length === 0 ? undefined : [...dash],
    });
  }
  const data: uPlot.AlignedData = tables.length === 0 ? [[]] : uPlot.join(tables);
  return { data, series, bands };
}

function padded(low: number | null, high: number | null, least?: readonly [number, number]): [number, number] {
  let bottom = Math.min(low ?? Number.POSITIVE_INFINITY, least?.[0] ?? Number.POSITIVE_INFINITY);
  let top = Math.max(high ?? Number.NEGATIVE_INFINITY, least?.[1] ?? Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(bottom) || !Number.isFinite(top)) [bottom, top] = [0, 1];
  if (top === bottom) [bottom, top] = [bottom - 0.5, top + 0.5];
  const margin = 0.04 * (top - bottom);
  return [bottom - margin, top + margin];
}

function axes(dark: boolean, formatX: (value: number) => string, formatY: (value: number) => string): uPlot.Axis[] {
  const stroke = dark ? '#a6a7ab' : '#5c5f66';
  const grid = { stroke: dark ? '#373a40' : '#e4e6ea', width: 1 };
  const common = { stroke, grid, ticks: grid, font: '12px system-ui, sans-serif' };
  return [
    { ...common, values: (_, ticks) => ticks.map(formatX), space: 70, size: 34 },
    { ...common, values: (_, ticks) => ticks.map(formatY), size: 56, space: 36 },
  ];
}
