// Pictures of paths through the mazes: which ones there are, and their SVG from the recorded paths.
import { readFileSync } from 'node:fs';
import { type MazeName, mazes } from '../src/envs/point/index.js';

/** One episode, in cells from the middle of the maze, y up. */
export interface MazePath {
  readonly seed: number;
  readonly success: boolean;
  readonly goal: readonly number[];
  /** "x,y x,y ...", a place for each step. */
  readonly points: string;
}

/** Panels side by side, each with the paths of an experiment's policies. */
export interface Picture {
  readonly title: string;
  readonly maze: MazeName;
  readonly columns: number;
  readonly panels: readonly { readonly title: string; readonly experiment: string }[];
  /** Which seeds play, and how many episodes each. */
  readonly seeds: readonly number[];
  readonly episodes: number;
}

export const mazePathsFile = 'maze-paths';

/** Success by the length of the shortest way: element i is of ways of i wayBin to (i + 1) wayBin - 1 cells. */
export type Ways = readonly { readonly episodes: number; readonly successes: number }[];
export const wayBin = 4;

interface Recorded {
  readonly paths: Readonly<Record<string, readonly MazePath[]>>;
  readonly ways: Readonly<Record<string, Ways>>;
}

export const readRecorded = (): Recorded =>
  JSON.parse(readFileSync(new URL(`results/${mazePathsFile}.json`, import.meta.url), 'utf8'));

// Paul Tol's bright scheme, as the curves have it.
const colors = ['#4477aa', '#ee6677', '#228833', '#aa3377', '#66ccee', '#bbbb44'];
/** Pixels: between panels, above the first ones, and the rough side of a panel. */
const [gap, head, side] = [16, 56, 260];
/** The tolerance of the goal, in cells. */
const tolerance = 0.45;

/** Circles: goals with their tolerance; small rings: starts; dots: ends at the goal; crosses: ends elsewhere. */
export function pathsSvg({ title, maze, panels, columns }: Picture): string {
  const { paths } = readRecorded();
  const rows = mazes[maze].map.trim().split(/\s+/);
  const [width, height] = [rows[0].length, rows.length];
  const scale = Math.round(side / Math.max(width, height));
  const [panelWidth, panelHeight] = [width * scale + gap, height * scale + gap + 20];
  const all = [columns * panelWidth + gap, Math.ceil(panels.length / columns) * panelHeight + head - 20];
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${all[0]} ${all[1]}" width="${all[0]}" height="${all[1]}" font-family="system-ui, sans-serif" font-size="12" fill="#333">`,
    `<title>${title}</title>`,
    `<rect width="${all[0]}" height="${all[1]}" rx="6" fill="#fbfbfa"/>`,
    `<text x="${gap}" y="24" font-size="14" font-weight="600">${title}</text>`,
  ];
  panels.forEach((panel, i) => {
    const [left, top] = [gap + (i % columns) * panelWidth, head + Math.floor(i / columns) * panelHeight];
    const x = (value: number) => Math.round(10 * (left + scale * (value + width / 2))) / 10;
    const y = (value: number) => Math.round(10 * (top + scale * (height / 2 - value))) / 10;
    parts.push(`<text x="${left}" y="${top - 8}" font-weight="600">${panel.title}</text>`);
    parts.push(`<rect x="${left}" y="${top}" width="${width * scale}" height="${height * scale}" fill="#fff"/>`);
    for (const [r, line] of rows.entries())
      for (const [c, cell] of [...line].entries())
        if (cell === '#')
          parts.push(
            `<rect x="${left + c * scale}" y="${top + r * scale}" width="${scale}" height="${scale}" fill="#8a909c"/>`,
          );
    const shown = paths[panel.experiment];
    const goals = new Map(shown.map(({ goal }) => [goal.join(), goal]));
    for (const goal of goals.values())
      parts.push(
        `<circle cx="${x(goal[0])}" cy="${y(goal[1])}" r="${tolerance * scale}" fill="#e02020" opacity="${goals.size > 1 ? 0.12 : 0.25}"/>`,
      );
    shown.forEach(({ points, success }, k) => {
      const color = colors[k % colors.length];
      const places = points.split(' ').map((place) => place.split(',').map(Number));
      const line = places.map(([px, py]) => `${x(px)},${y(py)}`);
      const [start, end] = [line[0], line[line.length - 1]].map((place) => place.split(','));
      parts.push(
        `<polyline points="${line.join(' ')}" fill="none" stroke="${color}" stroke-width="1.6" stroke-linejoin="round" opacity="0.85"/>`,
        `<circle cx="${start[0]}" cy="${start[1]}" r="3" fill="#fff" stroke="${color}" stroke-width="1.5"/>`,
        success
          ? `<circle cx="${end[0]}" cy="${end[1]}" r="4" fill="${color}"/>`
          : `<path d="M${end}m-4,-4l8,8m0,-8l-8,8" stroke="${color}" stroke-width="2.4"/>`,
      );
    });
  });
  return `${parts.join('\n')}\n</svg>\n`;
}
