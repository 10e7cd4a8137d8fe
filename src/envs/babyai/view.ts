// What the agent sees: the 7 x 7 cells before it, less what walls and closed doors hide (`gen_obs` of minigrid 3.2.0).
import { DOOR, EMPTY, NOTHING, OPEN, stepX, stepY, WALL, type World } from './world.js';

/** Cells along a side; the agent is in the middle of the last row. */
export const VIEW = 7;
const HALF = 3;
/** Numbers of what is not a thing. */
const SEEN_EMPTY = 1;
const SEEN_WALL = 2;
const GREY = 5;

const contents = new Int16Array(VIEW * VIEW);
const visible = new Uint8Array(VIEW * VIEW);

/**
 * Fills `contents` and `visible`, both [column, row] as the observation is: column i is i - 3 to the agent's right, row j
 * is 6 - j ahead. They are overwritten by the next call.
 */
function look(world: World): void {
  const { width, height, cells, x, y, direction } = world;
  const [aheadX, aheadY] = [stepX[direction], stepY[direction]];
  for (let i = 0; i < VIEW; i++) {
    for (let j = 0; j < VIEW; j++) {
      const ahead = VIEW - 1 - j;
      const right = i - HALF;
      const cx = x + ahead * aheadX - right * aheadY;
      const cy = y + ahead * aheadY + right * aheadX;
      const inside = cx >= 0 && cy >= 0 && cx < width && cy < height;
      contents[i * VIEW + j] = inside ? cells[cy * width + cx] : WALL;
    }
  }
  spread(world);
}

/** Calls back with the number of every cell of the world that the agent sees. */
export function eachCellSeen(world: World, visit: (cell: number) => void): void {
  look(world);
  const { x, y, direction, width, height } = world;
  for (let at = 0; at < VIEW * VIEW; at++) {
    if (visible[at] === 0) continue;
    const ahead = VIEW - 1 - (at % VIEW);
    const right = Math.floor(at / VIEW) - HALF;
    const cx = x + ahead * stepX[direction] - right * stepY[direction];
    const cy = y + ahead * stepY[direction] + right * stepX[direction];
    if (cx >= 0 && cy >= 0 && cx < width && cy < height) visit(cy * width + cx);
  }
}

/** Whether light passes: not through walls and closed doors. */
function clear({ things }: World, content: number): boolean {
  if (content < 0) return content === EMPTY;
  return things[content].kind !== DOOR || things[content].state === OPEN;
}

/** From the agent on, row by row ahead: a clear cell shows those beside it and the three before them. */
function spread(world: World): void {
  visible.fill(0);
  visible[HALF * VIEW + VIEW - 1] = 1;
  for (let j = VIEW - 1; j >= 0; j--) {
    for (let i = 0; i < VIEW - 1; i++) shine(world, i, j, 1);
    for (let i = VIEW - 1; i > 0; i--) shine(world, i, j, -1);
  }
}

function shine(world: World, i: number, j: number, beside: 1 | -1): void {
  const at = i * VIEW + j;
  if (visible[at] === 0 || !clear(world, contents[at])) return;
  const next = at + beside * VIEW;
  visible[next] = 1;
  if (j === 0) return;
  visible[next - 1] = 1;
  visible[at - 1] = 1;
}

/** Writes kind, colour and state of each cell, [7, 7, 3]; 0, 0, 0 where it is not visible. The agent sees what it carries. */
export function writeView(world: World, out: Uint8Array): void {
  look(world);
  contents[HALF * VIEW + VIEW - 1] = world.carrying === NOTHING ? EMPTY : world.carrying;
  for (let at = 0; at < VIEW * VIEW; at++) {
    const content = contents[at];
    const to = 3 * at;
    if (visible[at] === 0) {
      out[to] = 0;
      out[to + 1] = 0;
      out[to + 2] = 0;
    } else if (content >= 0) {
      const { kind, colour, state } = world.things[content];
      out[to] = kind;
      out[to + 1] = colour;
      out[to + 2] = state;
    } else {
      out[to] = content === WALL ? SEEN_WALL : SEEN_EMPTY;
      out[to + 1] = content === WALL ? GREY : 0;
      out[to + 2] = 0;
    }
  }
}

/** Kinds 0 to 7, colours and states of a cell, one number for each. */
export const KINDS_SEEN = 8;
const COLOURS_SEEN = 6;
export const PLANES = KINDS_SEEN + COLOURS_SEEN + 3;
const WHITE = 255;

const symbols = new Uint8Array(3 * VIEW * VIEW);

/** The same as planes, [7, 7, 17]: 255 in the plane of the cell's kind, in that of its colour and in that of its state. */
export function writePlanes(world: World, out: Uint8Array): void {
  writeView(world, symbols);
  out.fill(0);
  for (let at = 0; at < VIEW * VIEW; at++) {
    const to = PLANES * at;
    out[to + symbols[3 * at]] = WHITE;
    out[to + KINDS_SEEN + symbols[3 * at + 1]] = WHITE;
    out[to + KINDS_SEEN + COLOURS_SEEN + symbols[3 * at + 2]] = WHITE;
  }
}
