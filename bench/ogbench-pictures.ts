// The picture of OGBench's point mazes: evaluation tasks, and episodes of both kinds of data. Usage: npx tsx bench/ogbench-pictures.ts
import { writeFileSync } from 'node:fs';
import { openDataSet } from '../src/datasets/index.js';
import { cellSize, type Maze, mazeOf, middleOf, type OgbenchMaze } from '../src/envs/ogbench/mazes.js';
import { recordData } from '../src/training/index.js';

const mazes: readonly OgbenchMaze[] = ['medium', 'large', 'giant'];
const panels = [
  { title: 'tasks, ring to disc', episodes: 0 },
  { title: 'navigate', episodes: 2 },
  { title: 'stitch', episodes: 30 },
] as const;
// Paul Tol's bright scheme, as the curves have it.
const colors = ['#4477aa', '#ee6677', '#228833', '#aa3377', '#ccbb44'];
/** Pixels per metre, between panels, and above the first ones. */
const [scale, gap, head] = [4, 16, 40];
/** Steps between the places that are drawn. */
const every = 8;

const widest = Math.max(...mazes.map((name) => cellSize * mazeOf(name).width));
const rowHeights = mazes.map((name) => cellSize * mazeOf(name).height * scale + gap + 18);
const total = [panels.length * (widest * scale + gap) + gap, rowHeights.reduce((sum, one) => sum + one, head)];

const parts = [
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${total[0]} ${total[1]}" width="${total[0]}" height="${total[1]}" font-family="system-ui, sans-serif" font-size="12" fill="#333">`,
  "<title>OGBench's point mazes: tasks and data</title>",
  `<rect width="${total[0]}" height="${total[1]}" rx="6" fill="#fbfbfa"/>`,
];

for (const [r, name] of mazes.entries()) {
  const maze = mazeOf(name);
  const top = head + rowHeights.slice(0, r).reduce((sum, one) => sum + one, 0);
  for (const [c, { title, episodes }] of panels.entries()) {
    const left = gap + c * (widest * scale + gap);
    const x = (metres: number) => Math.round(10 * (left + scale * (metres + 1.5 * cellSize))) / 10;
    const y = (metres: number) =>
      Math.round(10 * (top + scale * (cellSize * maze.height - metres - 1.5 * cellSize))) / 10;
    parts.push(`<text x="${left}" y="${top - 6}" font-weight="600">${name}: ${title}</text>`);
    parts.push(...drawWalls(maze, x, y));
    if (episodes === 0) parts.push(...drawTasks(maze, x, y));
    else parts.push(...(await drawEpisodes(name, title, episodes, x, y)));
  }
}
parts.push('</svg>');
writeFileSync(new URL('../docs/images/ogbench-mazes.svg', import.meta.url), `${parts.join('\n')}\n`);
console.log('written to docs/images/ogbench-mazes.svg');

type Place = (metres: number) => number;

function drawWalls({ width, height, walls }: Maze, x: Place, y: Place): string[] {
  const [from, to] = [-1.5 * cellSize, cellSize * height - 1.5 * cellSize];
  const side = cellSize * scale;
  const boxes = Array.from(walls, (wall, cell) => {
    if (!wall) return '';
    const [column, row] = [cell % width, Math.floor(cell / width)];
    return `M${x(middleOf(column) - cellSize / 2)} ${y(middleOf(row) + cellSize / 2)}h${side}v${side}h${-side}z`;
  });
  return [
    `<rect x="${x(from)}" y="${y(to)}" width="${width * side}" height="${height * side}" fill="#fff"/>`,
    `<path d="${boxes.join('')}" fill="#8a909c"/>`,
  ];
}

function drawTasks({ width, tasks }: Maze, x: Place, y: Place): string[] {
  return tasks.flatMap(({ start, goal }, i) => {
    const at = (cell: number) => [x(middleOf(cell % width)), y(middleOf(Math.floor(cell / width)))];
    const [[sx, sy], [gx, gy]] = [at(start), at(goal)];
    // Several tasks may share a cell.
    const shift = 2 * (i - 2);
    const line = `x1="${sx + shift}" y1="${sy + shift}" x2="${gx + shift}" y2="${gy + shift}"`;
    return [
      `<line ${line} stroke="${colors[i]}" stroke-width="1" stroke-dasharray="3 3"/>`,
      `<circle cx="${sx + shift}" cy="${sy + shift}" r="4" fill="#fff" stroke="${colors[i]}" stroke-width="2"/>`,
      `<circle cx="${gx + shift}" cy="${gy + shift}" r="4.5" fill="${colors[i]}"/>`,
    ];
  });
}

async function drawEpisodes(maze: OgbenchMaze, policy: string, count: number, x: Place, y: Place): Promise<string[]> {
  const { bytes } = await recordData({ env: `ogbench/pointmaze-${maze}`, policy, episodes: count, seed: 1 });
  const { columns, steps } = await (await openDataSet(policy, bytes)).read(0, count);
  let row = 0;
  return Array.from(steps, (length, i) => {
    const places: string[] = [];
    for (let t = 0; t <= length; t += every) {
      places.push(`${x(columns.observation[2 * (row + t)])},${y(columns.observation[2 * (row + t) + 1])}`);
    }
    row += length + 1;
    return `<polyline points="${places.join(' ')}" fill="none" stroke="${colors[i % colors.length]}" stroke-width="1" opacity="0.8"/>`;
  });
}
