// Learning curves as SVG: a line for the mean over seeds, a band from the worst to the best seed.

export interface Series {
  readonly label: string;
  readonly points: readonly {
    readonly x: number;
    readonly mean: number;
    readonly low: number;
    readonly high: number;
  }[];
}

export interface Chart {
  readonly title: string;
  readonly xLabel: string;
  /** y runs from `min` (default 0) to `max`, in four steps, with such labels; default: 0 to 100%. */
  readonly y?: { readonly min?: number; readonly max: number; label(value: number): string };
  readonly series: readonly Series[];
}

// Paul Tol's bright scheme: told apart by colour-blind people too.
const colors = ['#4477aa', '#ee6677', '#228833', '#aa3377', '#66ccee', '#bbbb44'];
const [leastWidth, height] = [640, 340];
const frame = { left: 56, right: 132, top: 40, bottom: 48 };
const [innerWidth, innerHeight] = [leastWidth - frame.left - frame.right, height - frame.top - frame.bottom];
/** About what a letter of a label takes, in pixels. */
const letterWidth = 7.2;
const percent = { max: 1, label: (value: number) => `${100 * value}%` };
/** Least distance between two labels at the right edge. */
const labelHeight = 15;

/** The chart as an SVG document with a light background of its own, so that it reads on dark pages too. */
export function curvesSvg({ title, xLabel, y: vertical = percent, series }: Chart): string {
  const last = Math.max(...series.flatMap(({ points }) => points.map(({ x }) => x)));
  const step = tickStep(last);
  const xMax = Math.ceil(last / step) * step;
  const x = (value: number) => round(frame.left + (innerWidth * value) / xMax);
  const { min = 0, max } = vertical;
  const y = (value: number) => round(frame.top + innerHeight * (1 - (value - min) / (max - min)));
  // Long labels make the picture wider; none is cut off.
  const longest = Math.max(...series.map(({ label }) => label.length));
  const width = Math.max(leastWidth, Math.ceil(frame.left + innerWidth + 16 + letterWidth * longest));
  const ticks = Array.from({ length: Math.round(xMax / step) + 1 }, (_, i) => i * step);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12" fill="#333">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="6" fill="#fbfbfa"/>`,
    `<text x="${frame.left}" y="24" font-size="14" font-weight="600">${escaped(title)}</text>`,
  ];
  for (const value of [0, 0.25, 0.5, 0.75, 1].map((share) => min + share * (max - min))) {
    parts.push(
      `<line x1="${frame.left}" x2="${frame.left + innerWidth}" y1="${y(value)}" y2="${y(value)}" stroke="#ddd"/>`,
      `<text x="${frame.left - 8}" y="${y(value) + 4}" text-anchor="end">${vertical.label(value)}</text>`,
    );
  }
  for (const tick of ticks) {
    parts.push(
      `<line x1="${x(tick)}" x2="${x(tick)}" y1="${y(min)}" y2="${y(min) + 5}" stroke="#999"/>`,
      `<text x="${x(tick)}" y="${y(min) + 19}" text-anchor="middle">${tick.toLocaleString('en')}</text>`,
    );
  }
  parts.push(
    `<text x="${frame.left + innerWidth / 2}" y="${height - 10}" text-anchor="middle">${escaped(xLabel)}</text>`,
  );
  const ends = series.map(({ points }, i) => ({ i, at: y(points[points.length - 1].mean) + 4 }));
  spreadLabels(ends);
  for (const { i, at } of ends) {
    const { label, points } = series[i];
    const color = colors[i % colors.length];
    const path = (of: (point: Series['points'][number]) => number) => points.map((p) => `${x(p.x)},${y(of(p))}`);
    parts.push(
      `<polygon points="${[...path((p) => p.high), ...path((p) => p.low).reverse()].join(' ')}" fill="${color}" opacity="0.18"/>`,
      `<polyline points="${path((p) => p.mean).join(' ')}" fill="none" stroke="${color}" stroke-width="2" stroke-linejoin="round"/>`,
      `<text x="${frame.left + innerWidth + 8}" y="${at}" fill="${color}" font-weight="600">${escaped(label)}</text>`,
    );
  }
  return `${parts.join('\n')}\n</svg>\n`;
}

/** Mean and extremes over seeds at every x that all of them have. */
export function band(seeds: readonly (readonly { readonly x: number; readonly y: number }[])[]): Series['points'] {
  const [first = [], ...others] = seeds;
  return first.flatMap(({ x, y }) => {
    const values = [y, ...others.flatMap((points) => points.find((point) => point.x === x)?.y ?? [])];
    if (values.length < seeds.length) return [];
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return [{ x, mean, low: Math.min(...values), high: Math.max(...values) }];
  });
}

/** Moves labels down, from the top one on, until none covers another; `at` is changed in place. */
function spreadLabels(labels: { at: number }[]): void {
  labels.sort((a, b) => a.at - b.at);
  for (let i = 1; i < labels.length; i++) labels[i].at = Math.max(labels[i].at, labels[i - 1].at + labelHeight);
}

/** 1, 2 or 5 times a power of ten, so that there are four to ten ticks. */
function tickStep(last: number): number {
  const power = 10 ** Math.floor(Math.log10(last / 4));
  return power * ([1, 2, 5, 10].find((factor) => last / (factor * power) <= 6) ?? 10);
}

const round = (value: number) => Math.round(value * 10) / 10;
const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
