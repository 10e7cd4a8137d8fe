// An episode of a level: drawn from random numbers, or made of a layout that was recorded elsewhere.
import { UsageError } from '../../errors.js';
import type { Random } from '../../random.js';
import { begin, eachClause, findThings, type Instruction, sentenceOf, touches, ways } from './instructions.js';
import type { Level, LevelSettings } from './level.js';
import { levels } from './levels.js';
import type { LevelName } from './names.js';
import { createMaze, type Maze, Rejected } from './rooms.js';
import { addThing, buildWalls, cellOf, colours, createWorld, DOOR, EMPTY, LOCKED, type World } from './world.js';

export interface Episode {
  readonly world: World;
  readonly instruction: Instruction;
  readonly sentence: string;
  /** Steps after which it is over. */
  readonly limit: number;
}

/** Draws of a level until it is given up. */
const ATTEMPTS = 2000;

/** Draws until a level comes out that can be. @throws UsageError where none does: too many things for its rooms */
export function drawEpisode(name: LevelName, settings: LevelSettings, random: Random): Episode {
  const level = levels[name];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      const maze = createMaze(settings, random);
      const instruction = level.draw(maze, settings);
      validate(maze, level, instruction);
      return beginEpisode(name, settings, maze.world, instruction);
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
    }
  }
  throw new UsageError(
    `babyai/${name}: no level with rooms of ${settings.roomSize} cells and ${settings.objects} things came out in ${ATTEMPTS} draws; set roomSize higher or objects lower.`,
  );
}

export function beginEpisode(
  name: LevelName,
  settings: LevelSettings,
  world: World,
  instruction: Instruction,
): Episode {
  const sentence = sentenceOf(world, instruction);
  begin(world, instruction);
  return { world, instruction, sentence, limit: stepLimitOf(name, settings, ways(instruction)) };
}

/** Steps of an episode whose instruction takes so many ways; absent: of the longest. */
export function stepLimitOf(name: LevelName, settings: LevelSettings, ways = levels[name].ways ?? 1): number {
  const { limit } = levels[name];
  const { columns, rows, roomSize } = settings;
  return roomSize ** 2 * (limit ?? columns * rows * ways);
}

/** Refuses what is done already, what cannot be done, and what takes a key away that opens a door. */
function validate({ world }: Maze, { sparesKeys = false }: Level, instruction: Instruction): void {
  const { things } = world;
  const keys = new Set(
    things.filter(({ kind, state }) => kind === DOOR && state === LOCKED).map(({ colour }) => colour),
  );
  eachClause(instruction, ({ what, next }) => {
    if (next) {
      const moved = findThings(world, what).things;
      const fixed = findThings(world, next);
      if (moved.some((thing) => fixed.things.includes(thing))) throw new Rejected('a thing would go next to itself');
      if (moved.some((thing) => touches(world, thing, fixed))) throw new Rejected('it is there already');
    }
    for (const of of [what, next]) {
      if (!sparesKeys || of?.kind !== 'key' || of.colour === null) continue;
      if (keys.has(colours.indexOf(of.colour))) throw new Rejected('the key opens a door');
    }
  });
}

/** Where things and the agent are, as recorded from minigrid (test/babyai/record.py). */
export interface Layout {
  /** Columns and rows of rooms, cells of a room along a side. */
  readonly rooms: readonly [columns: number, rows: number, roomSize: number];
  /** Kind, colour, state, x, y. */
  readonly things: readonly (readonly number[])[];
  /** Cells [x, y] without the wall that there would be. */
  readonly gaps: readonly (readonly number[])[];
  /** x, y, direction. */
  readonly agent: readonly number[];
}

/** The world of a layout. */
export function worldOf({ rooms, things, gaps, agent }: Layout): World {
  const world = createWorld(...rooms);
  buildWalls(world);
  for (const [x, y] of gaps) world.cells[cellOf(world, x, y)] = EMPTY;
  for (const [kind, colour, state, x, y] of things) addThing(world, kind, colour, state, x, y);
  [world.x, world.y, world.direction] = agent;
  return world;
}
