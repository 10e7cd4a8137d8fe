// Building a maze of rooms: walls, doors, things and the agent, each at random (`RoomGrid` of minigrid 3.2.0).
import type { Random } from '../../random.js';
import {
  addThing,
  buildWalls,
  CLOSED,
  type Colour,
  canEnter,
  cellOf,
  colours,
  createWorld,
  DOOR,
  EMPTY,
  frontCell,
  type Kind,
  kindNumber,
  LOCKED,
  OPEN,
  stepX,
  stepY,
  type World,
} from './world.js';

/** This draw of a level cannot be; the next one is tried. */
export class Rejected extends Error {}

/** Attempts at placing something in a room before the level is drawn anew. */
const ATTEMPTS = 1000;
/** Doors that are tried until all rooms are connected. */
const DOOR_ATTEMPTS = 5000;

/** Sides of a room: east, south, west, north, as directions. */
export interface Room {
  readonly column: number;
  readonly row: number;
  readonly left: number;
  readonly top: number;
  /** Numbers of doors, `NO_DOOR`, or `NO_WALL` where there is no wall. */
  readonly doors: number[];
  /** Where a door would be in each side, [x, y]; undefined in outer walls. */
  readonly doorPlaces: (readonly [number, number] | undefined)[];
  locked: boolean;
}

const NO_DOOR = -1;
const NO_WALL = -2;

export interface MazeSize {
  readonly columns: number;
  readonly rows: number;
  readonly roomSize: number;
}

/** A maze that is being built. Numbers of things are those of `world.things`. */
export interface Maze extends MazeSize {
  readonly world: World;
  readonly random: Random;
  readonly rooms: readonly Room[];
}

/** Rooms without doors; the agent stands in the middle one. */
export function createMaze(size: MazeSize, random: Random): Maze {
  const { columns, rows, roomSize } = size;
  const world = createWorld(columns, rows, roomSize);
  const side = roomSize - 1;
  buildWalls(world);
  const rooms: Room[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [left, top] = [column * side, row * side];
      const within = () => 1 + random.below(side - 1);
      const doorPlaces = [
        column < columns - 1 ? ([left + side, top + within()] as const) : undefined,
        row < rows - 1 ? ([left + within(), top + side] as const) : undefined,
        column > 0 ? rooms[rooms.length - 1].doorPlaces[0] : undefined,
        row > 0 ? rooms[rooms.length - columns].doorPlaces[1] : undefined,
      ];
      rooms.push({ column, row, left, top, doorPlaces, doors: [NO_DOOR, NO_DOOR, NO_DOOR, NO_DOOR], locked: false });
    }
  }
  world.x = (columns >> 1) * side + (roomSize >> 1);
  world.y = (rows >> 1) * side + (roomSize >> 1);
  return { ...size, world, random, rooms };
}

export const roomAt = ({ rooms, columns }: Maze, column: number, row: number): Room => rooms[row * columns + column];
export const anyRoom = (maze: Maze): Room => maze.rooms[maze.random.below(maze.rooms.length)];
export const agentRoom = (maze: Maze): Room =>
  roomAt(maze, Math.floor(maze.world.x / (maze.roomSize - 1)), Math.floor(maze.world.y / (maze.roomSize - 1)));
export const isInside = ({ roomSize }: Maze, { left, top }: Room, x: number, y: number): boolean =>
  x >= left && y >= top && x < left + roomSize && y < top + roomSize;

/** The room behind a side, which must not be an outer wall. */
const beyond = (maze: Maze, { column, row }: Room, side: number): Room =>
  roomAt(maze, column + stepX[side], row + stepY[side]);

export const pick = <T>(random: Random, from: readonly T[]): T => from[random.below(from.length)];

/** Different ones, in random order. */
export function pickSeveral<T>(random: Random, from: readonly T[], count: number): T[] {
  const left = [...from];
  return Array.from({ length: count }, () => left.splice(random.below(left.length), 1)[0]);
}

const anyColour = ({ random }: Maze): number => random.below(colours.length);

/** Puts a door into a side that has none, one of its own choice unless told; gives its number. */
export function addDoor(
  maze: Maze,
  room: Room,
  { side, colour, locked }: { side?: number; colour?: number; locked?: boolean } = {},
): number {
  const { world, random } = maze;
  let where = side ?? random.below(4);
  while (side === undefined && !(room.doorPlaces[where] && room.doors[where] === NO_DOOR)) where = random.below(4);
  const shade = colour ?? anyColour(maze);
  const shut = locked ?? random.below(2) === 0;
  const place = room.doorPlaces[where];
  if (!place) throw new Error(`room ${room.column}, ${room.row} has an outer wall at side ${where}`);
  room.locked = shut;
  const door = addThing(world, DOOR, shade, shut ? LOCKED : CLOSED, ...place);
  room.doors[where] = door;
  beyond(maze, room, where).doors[(where + 2) % 4] = door;
  return door;
}

/** Takes away the wall between two rooms. */
export function removeWall(maze: Maze, room: Room, side: number): void {
  const { world, roomSize } = maze;
  for (let i = 1; i < roomSize - 1; i++) {
    const x = side % 2 === 0 ? room.left + (side === 0 ? roomSize - 1 : 0) : room.left + i;
    const y = side % 2 === 0 ? room.top + i : room.top + (side === 1 ? roomSize - 1 : 0);
    world.cells[cellOf(world, x, y)] = EMPTY;
  }
  room.doors[side] = NO_WALL;
  beyond(maze, room, side).doors[(side + 2) % 4] = NO_WALL;
}

/** A free cell of a room, away from the agent by at least `apart`; [x, y]. */
function freePlace({ world, random, roomSize }: Maze, { left, top }: Room, apart: number): [number, number] {
  for (let attempt = 0; attempt <= ATTEMPTS; attempt++) {
    const [x, y] = [left + random.below(roomSize), top + random.below(roomSize)];
    if (world.cells[cellOf(world, x, y)] !== EMPTY) continue;
    if (Math.abs(x - world.x) + Math.abs(y - world.y) < apart) continue;
    return [x, y];
  }
  throw new Rejected('there is no room for another thing');
}

/** Adds a key, ball or box to a room, not beside the agent, of any kind and colour unless told. */
export function addObject(maze: Maze, room: Room, kind?: Kind, colour?: number): number {
  const chosen = kind ?? pick(maze.random, portable);
  const shade = colour ?? anyColour(maze);
  return addThing(maze.world, kindNumber(chosen), shade, 0, ...freePlace(maze, room, 2));
}

const portable = ['key', 'ball', 'box'] as const;

/** Adds things of any kind and colour to a room, or to any rooms; `unique`: none like another of the maze. */
export function addDistractors(
  maze: Maze,
  count: number,
  { room, unique = false }: { room?: Room; unique?: boolean } = {},
): number[] {
  const { world, random } = maze;
  const added: number[] = [];
  for (let attempt = 0; added.length < count; attempt++) {
    if (attempt > ATTEMPTS) throw new Rejected('there are no more different things');
    const colour = anyColour(maze);
    const kind = pick(random, portable);
    if (unique && world.things.some((other) => other.kind === kindNumber(kind) && other.colour === colour)) continue;
    added.push(addObject(maze, room ?? anyRoom(maze), kind, colour));
  }
  return added;
}

/** Puts the agent into a room, any unless told, so that nothing but a wall is right before it. */
export function placeAgent(maze: Maze, room?: Room): void {
  const { world, random } = maze;
  const chosen = room ?? anyRoom(maze);
  do {
    [world.x, world.y] = [-1, -1];
    [world.x, world.y] = freePlace(maze, chosen, 0);
    world.direction = random.below(4);
  } while (world.cells[frontCell(world)] >= 0);
}

/** Adds doors at random until the agent can come to every room. */
export function connectAll(maze: Maze, shades: readonly Colour[] = colours): void {
  const { random, rooms } = maze;
  for (let attempt = 0; reachedRooms(maze).size < rooms.length; attempt++) {
    if (attempt > DOOR_ATTEMPTS) throw new Rejected('the rooms cannot be connected');
    const room = anyRoom(maze);
    const side = random.below(4);
    if (!room.doorPlaces[side] || room.doors[side] !== NO_DOOR) continue;
    if (room.locked || beyond(maze, room, side).locked) continue;
    addDoor(maze, room, { side, colour: colours.indexOf(pick(random, shades)), locked: false });
  }
}

function reachedRooms(maze: Maze): Set<Room> {
  const reached = new Set<Room>([agentRoom(maze)]);
  for (const room of reached) {
    for (const [side, door] of room.doors.entries()) if (door !== NO_DOOR) reached.add(beyond(maze, room, side));
  }
  return reached;
}

/** Numbers of all doors; those between two rooms come twice, once for each, as a door is drawn for an instruction. */
export const doorsOf = ({ rooms }: Maze): number[] => rooms.flatMap(({ doors }) => doors.filter((door) => door >= 0));

export function openAllDoors(maze: Maze): void {
  for (const door of doorsOf(maze)) maze.world.things[door].state = OPEN;
}

/** Whether the agent can come to every thing, through doors of any state, without moving another. */
export function allReachable({ world }: Maze): boolean {
  const { cells, things, width } = world;
  const reached = new Uint8Array(cells.length);
  const stack = [cellOf(world, world.x, world.y)];
  for (let cell = stack.pop(); cell !== undefined; cell = stack.pop()) {
    if (reached[cell] === 1) continue;
    reached[cell] = 1;
    const content = cells[cell];
    if (!canEnter(world, content) && !(content >= 0 && things[content].kind === DOOR)) continue;
    stack.push(cell + 1, cell - 1, cell + width, cell - width);
  }
  return cells.every((content, cell) => content < 0 || reached[cell] === 1);
}

/** @throws Rejected where something blocks the way to something else */
export function requireReachable(maze: Maze): void {
  if (!allReachable(maze)) throw new Rejected('something cannot be reached');
}
