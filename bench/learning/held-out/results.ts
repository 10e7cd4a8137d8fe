// What was measured of runs that held goals out, and the maps of success over the square of goals.
import { existsSync, readFileSync } from 'node:fs';
import { type Spread, spread } from '../results.js';

/** Success by seed on 1,000 goals of each part, and a map. */
export interface HeldOutSeed {
  readonly seed: number;
  /** Goals of training. */
  readonly trained: number;
  /** Other goals outside of the region. */
  readonly unseen: number;
  /** In the region, at most 0.1 from trained ground, and farther. */
  readonly near: number;
  readonly deep: number;
  /** Cells of the square, from the top left, row by row: the episodes out of three that ended at the cell's middle. */
  readonly map?: readonly string[];
}

/** By experiment, and after a slash by how unseen goals were told. */
export type HeldOutResults = Readonly<Record<string, readonly HeldOutSeed[]>>;
export interface HeldOutResult {
  readonly trained: readonly number[];
  readonly unseen: readonly number[];
  readonly near: readonly number[];
  readonly deep: readonly number[];
  readonly maps: readonly (readonly string[])[];
}

export const heldOutFile = 'learning/held-out';
/** Cells along a side of the map, and episodes in each cell. */
export const mapSize = 20;
export const mapEpisodes = 3;

export function readHeldOut(experiment: string, told?: string): HeldOutResult {
  const file = new URL(`../../results/${heldOutFile}.json`, import.meta.url);
  const results: HeldOutResults = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).results : {};
  const key = told ? `${experiment}/${told}` : experiment;
  const seeds = results[key];
  if (!seeds)
    throw new Error(`bench/results/${heldOutFile}.json lacks ${key}; run npx tsx bench/learning/held-out/measure.ts`);
  const of = (part: 'trained' | 'unseen' | 'near' | 'deep') => seeds.map((seed) => seed[part]);
  return {
    trained: of('trained'),
    unseen: of('unseen'),
    near: of('near'),
    deep: of('deep'),
    maps: seeds.flatMap(({ map }) => (map ? [map] : [])),
  };
}

export const meanOf = (values: readonly number[]): Spread => spread(values) as Spread;

interface Panel {
  readonly title: string;
  readonly experiment: string;
  /** The region, in the square's own numbers. */
  readonly region?: { readonly low: readonly [number, number]; readonly high: readonly [number, number] };
}

const middle = { low: [-0.5, -0.5], high: [0.5, 0.5] } as const;
const panels: readonly Panel[] = [
  { title: 'concat', experiment: 'held-out-concat', region: middle },
  { title: 'encoders', experiment: 'held-out-encoders', region: middle },
  { title: 'bvn', experiment: 'held-out-bvn', region: middle },
  { title: 'bilinear', experiment: 'held-out-bilinear', region: middle },
  { title: 'bilinear, waves', experiment: 'held-out-waves', region: middle },
  { title: 'concat, corner held out', experiment: 'held-out-corner', region: { low: [0, 0], high: [1, 1] } },
  { title: '50 goals by position', experiment: 'held-out-position-50', region: middle },
  { title: '50 goals by index, the nearest', experiment: 'held-out-one-hot-50', region: middle },
];

/** Success from 0 to 1: dark blue to yellow, in order of lightness. */
const shades = ['#352a5f', '#34508a', '#2d7a94', '#3aa28d', '#7cc36f', '#f3e55b'];
const [columns, side, gap, head, foot] = [4, 180, 18, 44, 44];

/** The maps of all panels, means over seeds, regions drawn as frames. */
export function heldOutMaps(): string {
  const width = columns * (side + gap) + gap;
  const rows = Math.ceil(panels.length / columns);
  const height = head + rows * (side + gap + 20) + foot;
  const title = 'point/reach: success by goal; framed: goals held out of training';
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12" fill="#333">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" rx="6" fill="#fbfbfa"/>`,
    `<text x="${gap}" y="26" font-size="14" font-weight="600">${title}</text>`,
  ];
  panels.forEach(({ title, experiment, region }, i) => {
    const left = gap + (i % columns) * (side + gap);
    const top = head + Math.floor(i / columns) * (side + gap + 20);
    parts.push(`<text x="${left}" y="${top + 12}">${title}</text>`, `<g transform="translate(${left} ${top + 20})">`);
    parts.push(...cellsOf(readHeldOut(experiment).maps));
    if (region) {
      const [x, y] = [region.low[0], -region.high[1]].map((value) => ((value + 1) / 2) * side);
      const [w, h] = [0, 1].map((j) => ((region.high[j] - region.low[j]) / 2) * side);
      // Dark and light, to be seen on all shades.
      for (const [color, thick] of [
        ['#222', 4],
        ['#fff', 1.5],
      ]) {
        parts.push(
          `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="none" stroke="${color}" stroke-width="${thick}"/>`,
        );
      }
    }
    parts.push('</g>');
  });
  shades.forEach((color, i) => {
    const x = gap + i * 104;
    parts.push(`<rect x="${x}" y="${height - foot + 12}" width="14" height="14" fill="${color}"/>`);
    parts.push(`<text x="${x + 19}" y="${height - foot + 23}">${rangeOf(i)}</text>`);
  });
  return `${parts.join('\n')}\n</svg>\n`;
}

/** One path for each shade, so that the file stays small. */
function cellsOf(maps: readonly (readonly string[])[]): string[] {
  const size = side / mapSize;
  const paths = shades.map(() => '');
  for (let y = 0; y < mapSize; y++) {
    for (let x = 0; x < mapSize; x++) {
      const sum = maps.reduce((total, map) => total + Number(map[y][x]), 0);
      const share = sum / (maps.length * mapEpisodes);
      paths[Math.floor(share * (shades.length - 1))] += `M${x * size} ${y * size}h${size}v${size}h-${size}z`;
    }
  }
  return paths.flatMap((d, i) => (d === '' ? [] : [`<path d="${d}" fill="${shades[i]}"/>`]));
}

const rangeOf = (i: number) => {
  const step = 100 / (shades.length - 1);
  return i === shades.length - 1 ? '100%' : `${step * i} to ${step * (i + 1)}%`;
};
