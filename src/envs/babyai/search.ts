// Shortest ways of the bot through what it has seen, straight on before turning (`BabyAIBot` of minigrid 3.2.0).
import { CLOSED, cellOf, DOOR, EMPTY, OPEN, stepX, stepY, WALL, type World } from './world.js';

/** Whether a cell is one that is looked for. */
export type Accept = (cell: number) => boolean;

export interface Way {
  /** Cells to go over, the last one is what was looked for; empty: it is where the agent is. */
  readonly cells: readonly number[];
  readonly end: number;
  /** Whether things lie on it. */
  readonly blocked: boolean;
}

interface Found {
  /** From the end back to the start. */
  readonly back: readonly number[] | null;
  /** The cell before each that was reached, in the order of reaching; -1 at starts. */
  readonly before: ReadonlyMap<number, number>;
}

type State = readonly [x: number, y: number, dx: number, dy: number];

/** Breadth first from several places; the direction in which one comes to a cell decides which neighbour is first. */
function search(
  world: World,
  seen: Uint8Array,
  starts: readonly State[],
  accept: Accept,
  throughThings: boolean,
): Found {
  const { cells, things } = world;
  const before = new Map<number, number>();
  const queue: (readonly [State, number])[] = starts.map((state) => [state, -1]);
  for (let at = 0; at < queue.length; at++) {
    const [[x, y, dx, dy], from] = queue[at];
    const cell = cellOf(world, x, y);
    if (before.has(cell)) continue;
    before.set(cell, from);
    if (accept(cell)) return { back: trace(before, cell), before };
    if (seen[cell] === 0) continue;
    const content = cells[cell];
    if (content === WALL) continue;
    if (content !== EMPTY) {
      if (things[content].kind === DOOR) {
        if (things[content].state !== OPEN) continue;
      } else if (!throughThings) continue;
    }
    for (const [nx, ny] of [
      [dx, dy],
      [dy, dx],
      [-dy, -dx],
      [-dx, -dy],
    ]) {
      queue.push([[x + nx, y + ny, nx, ny], cell]);
    }
  }
  return { back: null, before };
}

function trace(before: ReadonlyMap<number, number>, end: number): number[] {
  const back: number[] = [];
  for (let cell = end; cell >= 0; cell = before.get(cell) ?? -1) back.push(cell);
  return back;
}

/** The shortest way to such a cell, one without things if there is any; null: there is none. */
export function shortestWay(world: World, seen: Uint8Array, accept: Accept, throughThings = false): Way | null {
  const { x, y, direction, width } = world;
  const free = search(world, seen, [[x, y, stepX[direction], stepY[direction]]], accept, false);
  if (free.back) return { cells: free.back.slice(0, -1).reverse(), end: free.back[0], blocked: false };
  if (!throughThings) return null;
  const starts = [...free.before.keys()].map((cell) => [cell % width, Math.floor(cell / width), 1, 0] as const);
  const { back } = search(world, seen, starts, accept, true);
  if (!back) return null;
  const whole = [...back, ...trace(free.before, back[back.length - 1]).slice(1)];
  return { cells: whole.slice(0, -1).reverse(), end: back[0], blocked: true };
}

const around = [
  [-1, -1],
  [0, -1],
  [1, -1],
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
] as const;

/** Where something can be put down, in no one's way if possible; `except`: not there. */
export function placeToDrop(world: World, seen: Uint8Array, except = -1): number | null {
  const { cells } = world;
  const agent = cellOf(world, world.x, world.y);
  const free: Accept = (cell) => cell !== agent && cell !== except && seen[cell] === 1 && cells[cell] === EMPTY;
  const harmless: Accept = (cell) => free(cell) && leavesWay(world, seen, cell, agent, except);
  for (const through of [false, true]) {
    for (const accept of [harmless, free]) {
      const way = shortestWay(world, seen, accept, through);
      if (way) return way.end;
    }
  }
  return null;
}

/** Whether the free cells around stay connected, and every thing around keeps a free one beside it. */
function leavesWay(world: World, seen: Uint8Array, cell: number, agent: number, except: number): boolean {
  const { cells, things, width } = world;
  const classes = around.map(([dx, dy]) => {
    const near = cell + dy * width + dx;
    const content = cells[near];
    if (seen[near] === 0) return 2;
    if (content === WALL) return 1;
    const open = content >= 0 && things[content].kind === DOOR && things[content].state === OPEN;
    return (content === EMPTY || open || near === agent) && near !== except ? 0 : 2;
  });
  let changes = 0;
  for (let i = 0; i < 8; i++) {
    if ((classes[(i + 1) % 8] === 0) !== (classes[i] === 0)) changes++;
    if (classes[i] === 2 && classes[(i + 7) % 8] !== 0 && classes[(i + 1) % 8] !== 0) return false;
  }
  return changes <= 2;
}

/** Doors that are not open, and of these the ones that are not locked. */
export function shutDoor({ cells, things }: World, unlocked: boolean): Accept {
  return (cell) => {
    const content = cells[cell];
    if (content < 0 || things[content].kind !== DOOR) return false;
    const { state } = things[content];
    return unlocked ? state === CLOSED : state !== OPEN;
  };
}
