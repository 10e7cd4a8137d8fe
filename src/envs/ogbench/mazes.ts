// The mazes of OGBench's point mazes: walls, free cells, places of cells, and the five tasks of each that evaluations have.

interface Layout {
  /** Rows from y = 0 upwards; walls `#`, free cells `.`, entries of teleports `o`, exits `x`, which are free too. */
  readonly rows: string;
  /** Start and goal of each evaluation task, as [row, column]. */
  readonly tasks: readonly (readonly [start: Cell, goal: Cell])[];
}
type Cell = readonly [row: number, column: number];

/** Layouts and tasks of OGBench 1.2.2 (Park et al., 2025, arXiv 2410.20092). */
const layouts = {
  medium: {
    rows: `
      ########
      #..##..#
      #..#...#
      ##...###
      #..#...#
      #.#..#.#
      #...#..#
      ########`,
    tasks: [
      [
        [1, 1],
        [6, 6],
      ],
      [
        [6, 1],
        [1, 6],
      ],
      [
        [5, 3],
        [4, 2],
      ],
      [
        [6, 5],
        [6, 1],
      ],
      [
        [2, 6],
        [1, 1],
      ],
    ],
  },
  large: {
    rows: `
      ############
      #....#.....#
      #.##.#.#.#.#
      #......#...#
      #.####.###.#
      #..#.#.....#
      ##.#.#.#.###
      #..#...#...#
      ############`,
    tasks: [
      [
        [1, 1],
        [7, 10],
      ],
      [
        [5, 4],
        [7, 1],
      ],
      [
        [7, 4],
        [1, 10],
      ],
      [
        [3, 8],
        [5, 4],
      ],
      [
        [1, 1],
        [5, 4],
      ],
    ],
  },
  giant: {
    rows: `
      ################
      #.#......##....#
      #.#.##.#.#..##.#
      #...#..#...#...#
      #.###.######.#.#
      #...#...#....#.#
      ###.#.#..#.#.###
      #...#..#...#...#
      #.#.#.######.#.#
      #.###...#...##.#
      #.....#...#....#
      ################`,
    tasks: [
      [
        [1, 1],
        [10, 14],
      ],
      [
        [1, 14],
        [10, 1],
      ],
      [
        [8, 14],
        [1, 1],
      ],
      [
        [8, 3],
        [5, 12],
      ],
      [
        [5, 9],
        [3, 8],
      ],
    ],
  },
  teleport: {
    rows: `
      ############
      #.....#x#..#
      ##.#...#..##
      ##.###.....#
      #....#o#.#.#
      #o##.#.#.#.#
      #x##.#.#.#x#
      #....#...#.#
      ############`,
    tasks: [
      [
        [1, 10],
        [7, 1],
      ],
      [
        [1, 1],
        [7, 10],
      ],
      [
        [5, 6],
        [7, 10],
      ],
      [
        [7, 1],
        [7, 10],
      ],
      [
        [5, 6],
        [7, 1],
      ],
    ],
  },
} as const satisfies Record<string, Layout>;

export type OgbenchMaze = keyof typeof layouts;
export const ogbenchMazes = Object.keys(layouts) as OgbenchMaze[];

/** Side of a cell, in metres. */
export const cellSize = 4;

export interface Maze {
  readonly width: number;
  readonly height: number;
  /** [height * width], row by row: 1 where there is a wall. */
  readonly walls: Uint8Array;
  /** Numbers of the free cells, row * width + column. */
  readonly free: readonly number[];
  /** Free cells that are not inside of a straight corridor: corners, junctions, dead ends. */
  readonly vertices: readonly number[];
  /** Cells of start and goal of the evaluation tasks. */
  readonly tasks: readonly { readonly start: number; readonly goal: number }[];
  readonly entries: readonly number[];
  readonly exits: readonly number[];
}

/** Middle of a cell along an axis, in metres, from its column or row; the second one is at 0. */
export const middleOf = (line: number): number => cellSize * (line - 1);

/** Column or row of a coordinate. */
export const lineOf = (coordinate: number): number => Math.floor((coordinate + 1.5 * cellSize) / cellSize);

export const cellAt = ({ width }: Maze, x: number, y: number): number => lineOf(y) * width + lineOf(x);

/** The neighbours of a cell in the order in which OGBench looks at them: rows before columns, lower before upper ones. */
export const neighbours = ({ width }: Pick<Maze, 'width'>, cell: number): readonly number[] => [
  cell - width,
  cell - 1,
  cell + width,
  cell + 1,
];

const read: Partial<Record<OgbenchMaze, Maze>> = {};

export function mazeOf(name: OgbenchMaze): Maze {
  const known = read[name];
  if (known) return known;
  const layout: Layout = layouts[name];
  const rows = layout.rows.trim().split(/\s+/);
  const [width, height] = [rows[0].length, rows.length];
  const text = rows.join('');
  const walls = Uint8Array.from(text, (cell) => (cell === '#' ? 1 : 0));
  const cells = (wanted: string) => [...text].flatMap((cell, i) => (wanted.includes(cell) ? [i] : []));
  const free = cells('.ox');
  const isCorridor = (cell: number) => {
    const [below, left, above, right] = neighbours({ width }, cell).map((one) => walls[one]);
    return below === above && left === right && below !== left;
  };
  const number = ([row, column]: Cell) => row * width + column;
  const maze: Maze = {
    width,
    height,
    walls,
    free,
    vertices: free.filter((cell) => !isCorridor(cell)),
    tasks: layout.tasks.map(([start, goal]) => ({ start: number(start), goal: number(goal) })),
    entries: cells('o'),
    exits: cells('x'),
  };
  read[name] = maze;
  return maze;
}
