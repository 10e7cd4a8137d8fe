// The world of MiniGrid as BabyAI has it: a grid of walls and things, and an agent that turns, walks, carries and opens.

/** Colours by their numbers in observations. */
export const colours = ['red', 'green', 'blue', 'purple', 'yellow', 'grey'] as const;
export type Colour = (typeof colours)[number];

/** Things by their numbers in observations, less 4. */
export const kinds = ['door', 'key', 'ball', 'box'] as const;
export type Kind = (typeof kinds)[number];
const FIRST_KIND = 4;
export const DOOR = 4;
export const KEY = 5;
export const kindNumber = (kind: Kind): number => FIRST_KIND + kinds.indexOf(kind);
export const kindName = (number: number): Kind => kinds[number - FIRST_KIND];

export const OPEN = 0;
export const CLOSED = 1;
export const LOCKED = 2;

/** What `cells` hold besides numbers of things. */
export const EMPTY = -1;
export const WALL = -2;
/** Carrying nothing. */
export const NOTHING = -1;

export const actions = ['left', 'right', 'forward', 'pickup', 'drop', 'toggle', 'done'] as const;
export const LEFT = 0;
export const RIGHT = 1;
export const FORWARD = 2;
export const PICKUP = 3;
export const DROP = 4;
export const TOGGLE = 5;
export const DONE = 6;

/** East, south, west, north: y grows to the south. */
export const stepX = [1, 0, -1, 0] as const;
export const stepY = [0, 1, 0, -1] as const;

/** A door, key, ball or box. */
export interface Thing {
  /** As in observations: 4 door, 5 key, 6 ball, 7 box. */
  readonly kind: number;
  colour: number;
  /** Of a door: open, closed or locked; 0 of all others. */
  state: number;
  /** Where it lies; -1 while it is carried. */
  x: number;
  y: number;
}

export interface World {
  readonly width: number;
  readonly height: number;
  /** Cells of a room along a side, walls included; neighbours share theirs. */
  readonly roomSize: number;
  /** [height, width]: `EMPTY`, `WALL`, or the number of a thing. */
  readonly cells: Int16Array;
  readonly things: Thing[];
  x: number;
  y: number;
  /** 0 to 3: east, south, west, north. */
  direction: number;
  /** The number of the thing that is carried, or `NOTHING`. */
  carrying: number;
}

export function createWorld(columns: number, rows: number, roomSize: number): World {
  const [width, height] = [columns * (roomSize - 1) + 1, rows * (roomSize - 1) + 1];
  const cells = new Int16Array(width * height).fill(EMPTY);
  return { width, height, roomSize, cells, things: [], x: -1, y: -1, direction: 0, carrying: NOTHING };
}

/** Around every room. */
export function buildWalls(world: World): void {
  const side = world.roomSize - 1;
  for (let y = 0; y < world.height; y++) {
    for (let x = 0; x < world.width; x++) {
      if (x % side === 0 || y % side === 0) world.cells[cellOf(world, x, y)] = WALL;
    }
  }
}

export const cellOf = (world: World, x: number, y: number): number => y * world.width + x;

/** The number of the cell in front of the agent. */
export const frontCell = (world: World): number =>
  (world.y + stepY[world.direction]) * world.width + world.x + stepX[world.direction];

/** Adds a thing to a cell and gives its number. */
export function addThing(world: World, kind: number, colour: number, state: number, x: number, y: number): number {
  const number = world.things.push({ kind, colour, state, x, y }) - 1;
  world.cells[cellOf(world, x, y)] = number;
  return number;
}

/** Whether the agent can be where this content of a cell is: nothing, or an open door. */
export function canEnter({ things }: World, content: number): boolean {
  if (content === EMPTY) return true;
  return content >= 0 && things[content].kind === DOOR && things[content].state === OPEN;
}

/** What the agent's action does to the world (`MiniGridEnv.step` of minigrid 3.2.0). */
export function act(world: World, action: number): void {
  const { cells, things } = world;
  if (action === LEFT) {
    world.direction = (world.direction + 3) & 3;
    return;
  }
  if (action === RIGHT) {
    world.direction = (world.direction + 1) & 3;
    return;
  }
  const front = frontCell(world);
  const content = cells[front];
  if (action === FORWARD) {
    if (!canEnter(world, content)) return;
    world.x += stepX[world.direction];
    world.y += stepY[world.direction];
  } else if (action === PICKUP) {
    if (content < 0 || things[content].kind === DOOR || world.carrying !== NOTHING) return;
    world.carrying = content;
    things[content].x = -1;
    things[content].y = -1;
    cells[front] = EMPTY;
  } else if (action === DROP) {
    if (content !== EMPTY || world.carrying === NOTHING) return;
    cells[front] = world.carrying;
    things[world.carrying].x = world.x + stepX[world.direction];
    things[world.carrying].y = world.y + stepY[world.direction];
    world.carrying = NOTHING;
  } else if (action === TOGGLE && content >= 0) toggle(world, front, content);
}

/** Doors open and close, locked ones with a key of their colour; a box that is opened is gone with what it held: nothing. */
function toggle(world: World, front: number, content: number): void {
  const thing = world.things[content];
  if (thing.kind === DOOR) {
    if (thing.state !== LOCKED) thing.state = thing.state === OPEN ? CLOSED : OPEN;
    else if (world.carrying !== NOTHING) {
      const carried = world.things[world.carrying];
      if (carried.kind === KEY && carried.colour === thing.colour) thing.state = OPEN;
    }
  } else if (kindName(thing.kind) === 'box') world.cells[front] = EMPTY;
}
