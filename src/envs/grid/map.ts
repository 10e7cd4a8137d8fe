// Maps drawn as text: walls, free cells, marked starts and goals, and named regions.
import { UsageError, unknownName } from '../../errors.js';

export interface GridMap {
  readonly width: number;
  readonly height: number;
  /** Free cells, numbered row by row from the top left: this is the number of states. */
  readonly cells: number;
  /** Column of each cell, from the left. */
  readonly x: Int32Array;
  /** Row of each cell, from the top. */
  readonly y: Int32Array;
  /** [height, width]: the cell's number, -1 where there is a wall. */
  readonly cellAt: Int32Array;
  /** Cells marked S; empty: an episode may start anywhere. */
  readonly starts: Int32Array;
  /** Cells marked G; empty: any cell may be the goal. */
  readonly goals: Int32Array;
  /** The letter of each cell, '' where it has none. */
  readonly region: readonly string[];
  /** Number of the connected part to which each cell belongs. */
  readonly part: Int32Array;
}

/** Maps by name. Rooms a to d of `four-rooms` are regions; in `trap` the straight way to the goal ends in a pocket. */
export const gridMaps: Readonly<Record<string, string>> = {
  open: '......../......../......../......../......../......../......../........',
  corridor: '..........',
  'four-rooms': `
    ###########
    #aaaa#bbbb#
    #aaaa#bbbb#
    #aaaa.bbbb#
    #aaaa#bbbb#
    ##.####.###
    #cccc#dddd#
    #cccc.dddd#
    #cccc#dddd#
    #cccc#dddd#
    ###########`,
  maze: `
    ...#.......
    .#.#.#####.
    .#...#...#.
    .#####.#.#.
    .......#...`,
  trap: `
    .........
    ...####..
    ......#..
    S.....#G.
    ......#..
    ...####..
    .........`,
  islands: '...#.../...#.../...#...',
};

/** Up, right, down, left, stay: change of column and row. */
export const moves = ['up', 'right', 'down', 'left', 'stay'] as const;
export const moveX = [0, 1, 0, -1, 0] as const;
export const moveY = [-1, 0, 1, 0, 0] as const;

/** Cell reached by a move, the same one where a wall or the edge is in the way. */
export function neighbour(map: GridMap, cell: number, move: number): number {
  const x = map.x[cell] + moveX[move];
  const y = map.y[cell] + moveY[move];
  if (x < 0 || y < 0 || x >= map.width || y >= map.height) return cell;
  const next = map.cellAt[y * map.width + x];
  return next < 0 ? cell : next;
}

/**
 * A map by name, or drawn: rows between `/` or line ends; `#` wall, `.` free, `S` start, `G` goal, `a` to `z` free and of
 * a region with that letter. What is outside is wall.
 * @throws UsageError for an unknown name, an unknown sign, rows of different lengths, or a map without free cells
 */
export function parseMap(text: string): GridMap {
  const drawn = /[/\n#.]/.test(text);
  if (!drawn && !Object.hasOwn(gridMaps, text)) {
    const { message } = unknownName('map', text, Object.keys(gridMaps));
    throw new UsageError(`${message} Or draw one, rows between "/": "S..#/..#G" (# wall, . free, S start, G goal).`);
  }
  const rows = (drawn ? text : gridMaps[text])
    .split(/[/\n]/)
    .map((row) => row.trim())
    .filter((row) => row !== '');
  const height = rows.length;
  const width = rows[0]?.length ?? 0;
  const cellAt = new Int32Array(width * height).fill(-1);
  const [x, y, starts, goals]: number[][] = [[], [], [], []];
  const region: string[] = [];
  for (const [row, line] of rows.entries()) {
    if (line.length !== width) {
      throw new UsageError(
        `map: row ${row + 1} "${line}" has ${line.length} signs, the first ${width}; make them equal.`,
      );
    }
    for (const [column, sign] of [...line].entries()) {
      if (sign === '#') continue;
      if (!/[.SGa-z]/.test(sign)) {
        throw new UsageError(
          `map: row ${row + 1}, column ${column + 1} is "${sign}"; use # (wall), . (free), S (start), G (goal) or a to z (free, of a region).`,
        );
      }
      const cell = x.length;
      if (sign === 'S') starts.push(cell);
      if (sign === 'G') goals.push(cell);
      cellAt[row * width + column] = cell;
      x.push(column);
      y.push(row);
      region.push(/[a-z]/.test(sign) ? sign : '');
    }
  }
  if (x.length === 0) throw new UsageError('map: there is no free cell; draw some as ".".');
  const map = {
    width,
    height,
    cells: x.length,
    x: Int32Array.from(x),
    y: Int32Array.from(y),
    cellAt,
    starts: Int32Array.from(starts),
    goals: Int32Array.from(goals),
    region,
    part: new Int32Array(x.length).fill(-1),
  };
  for (let cell = 0, parts = 0; cell < map.cells; cell++) if (map.part[cell] < 0) flood(map, cell, parts++);
  return map;
}

function flood(map: GridMap, from: number, part: number): void {
  const open = [from];
  map.part[from] = part;
  for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
    for (let move = 0; move < 4; move++) {
      const next = neighbour(map, cell, move);
      if (map.part[next] >= 0) continue;
      map.part[next] = part;
      open.push(next);
    }
  }
}
