// What a level of BabyAI is, and the ways of drawing one that several share.
import { ask, type Clause, describe, type Instruction } from './instructions.js';
import { drawMission, type Language, wholeLanguage } from './random-instruction.js';
import {
  addDistractors,
  addDoor,
  addObject,
  agentRoom,
  anyRoom,
  connectAll,
  type Maze,
  openAllDoors,
  pick,
  placeAgent,
  removeWall,
  requireReachable,
  roomAt,
} from './rooms.js';
import { colours, kindName } from './world.js';

export interface LevelSettings {
  readonly columns: number;
  readonly rows: number;
  readonly roomSize: number;
  /** How many things there are, besides what the level itself needs. */
  readonly objects: number;
  /** Whether the doors of a maze are open. */
  readonly doorsOpen: boolean;
}

export interface Level {
  readonly defaults: Partial<LevelSettings>;
  /** Fills the maze and says what is asked. @throws Rejected for a draw that cannot be */
  draw(maze: Maze, settings: LevelSettings): Instruction;
  /** The time limit in multiples of a room's cells; absent: rooms times ways of the instruction. */
  readonly limit?: number;
  /** Instructions that draw keys of locked doors are refused (the levels with `unblocking` of minigrid). */
  readonly sparesKeys?: boolean;
  /** Whether it can have any number of rooms, from two by two. */
  readonly ofAnySize?: boolean;
  /** Whether it has a number of things that can be chosen; absent: it has. */
  readonly things?: boolean;
  /** Ways of the longest instruction. */
  readonly ways?: number;
}

export const RED = colours.indexOf('red');
export const oneRoom = { columns: 1, rows: 1 };

/** What is asked of a thing, told by kind and colour. */
export function about(maze: Maze, verb: Clause['ask'], thing: number, next?: number, strict?: boolean): Clause {
  const of = (number: number) => {
    const { kind, colour } = maze.world.things[number];
    return describe(kindName(kind), colours[colour]);
  };
  return ask(verb, of(thing), next === undefined ? undefined : of(next), strict);
}

export const redBall =
  (grey: boolean) =>
  (maze: Maze, { objects }: LevelSettings): Instruction => {
    placeAgent(maze);
    const ball = addObject(maze, anyRoom(maze), 'ball', RED);
    const others = addDistractors(maze, objects);
    if (grey) for (const other of others) maze.world.things[other].colour = colours.indexOf('grey');
    requireReachable(maze);
    return about(maze, 'go to', ball);
  };

/** A thing of a maze, to which nothing blocks the way. */
export const ofMaze =
  (verb: 'go to' | 'pick up') =>
  (maze: Maze, { objects, doorsOpen }: LevelSettings): Instruction => {
    placeAgent(maze);
    connectAll(maze);
    const things = addDistractors(maze, objects);
    requireReachable(maze);
    const asked = about(maze, verb, pick(maze.random, things));
    if (doorsOpen) openAllDoors(maze);
    return asked;
  };

export const language = (defaults: Partial<LevelSettings>, changes: Partial<Language>): Level => ({
  defaults: { objects: 18, ...defaults },
  draw: (maze, { objects }) => drawMission(maze, { ...wholeLanguage, ...changes, objects }),
  sparesKeys: changes.blocking ?? wholeLanguage.blocking,
  ofAnySize: defaults.rows !== 1,
  ways: ((changes.asks?.includes('put') ?? true) ? 2 : 1) * (changes.joins?.length === 1 ? 1 : 4),
});

/** The middle room of nine. */
export const middle = (maze: Maze) => roomAt(maze, 1, 1);

/** A locked door with its key in another room, and things everywhere but behind it; the agent is outside. */
export function lockedAway(maze: Maze, objects: number, connect: (door: number) => void) {
  const room = anyRoom(maze);
  const door = addDoor(maze, room, { locked: true });
  let other = anyRoom(maze);
  while (other === room) other = anyRoom(maze);
  addObject(maze, other, 'key', maze.world.things[door].colour);
  connect(door);
  for (const each of maze.rooms) if (each !== room) addDistractors(maze, objects, { room: each });
  do placeAgent(maze);
  while (agentRoom(maze) === room);
  requireReachable(maze);
  return { room, door };
}

/** Things left and right of a wall that is then taken away. */
export function twoHalves(maze: Maze, objects: number): [number[], number[]] {
  placeAgent(maze, roomAt(maze, 0, 0));
  const halves = [0, 1].map((column) => addDistractors(maze, objects, { room: roomAt(maze, column, 0), unique: true }));
  removeWall(maze, roomAt(maze, 0, 0), 0);
  return [halves[0], halves[1]];
}
