// Levels that draw any instruction of the language (`LevelGen` of minigrid 3.2.0).
import type { Random } from '../../random.js';
import {
  ask,
  type Clause,
  type Description,
  describe,
  findThings,
  type Instruction,
  join,
  places,
} from './instructions.js';
import {
  addDistractors,
  addDoor,
  addObject,
  agentRoom,
  anyRoom,
  connectAll,
  isInside,
  type Maze,
  pick,
  placeAgent,
  Rejected,
  type Room,
  requireReachable,
} from './rooms.js';
import { colours, type Kind, kinds } from './world.js';

export interface Language {
  readonly asks: readonly Clause['ask'][];
  readonly joins: readonly ('one' | 'and' | 'sequence')[];
  /** Whether things are told by where they are. */
  readonly places: boolean;
  /** Things in the maze. */
  readonly objects: number;
  /** Chance that a room is locked. */
  readonly lockedRoom: number;
  /** Whether things may block the way to others, so that they have to be moved. */
  readonly blocking: boolean;
  /** Whether an instruction may be about things in the locked room alone. */
  readonly unlocking: boolean;
}

/** All of the language. */
export const wholeLanguage: Language = {
  asks: ['go to', 'pick up', 'open', 'put'],
  joins: ['one', 'and', 'sequence'],
  places: true,
  objects: 18,
  lockedRoom: 0.5,
  blocking: true,
  unlocking: true,
};

const portable = kinds.filter((kind) => kind !== 'door');
/** Descriptions that are tried before the level is drawn anew. */
const ATTEMPTS = 100;

/** Fills the maze and draws an instruction. */
export function drawMission(maze: Maze, language: Language): Instruction {
  const { random } = maze;
  const locked = random.uniform() < language.lockedRoom ? lockRoom(maze) : undefined;
  connectAll(maze);
  addDistractors(maze, language.objects);
  do placeAgent(maze);
  while (agentRoom(maze) === locked);
  if (!language.blocking) requireReachable(maze);
  return drawInstruction(maze, language, language.joins, locked);
}

/** A room behind a locked door; its key lies in another one. */
function lockRoom(maze: Maze): Room {
  const { random } = maze;
  let locked = anyRoom(maze);
  let side = random.below(4);
  while (!locked.doorPlaces[side]) {
    locked = anyRoom(maze);
    side = random.below(4);
  }
  const door = addDoor(maze, locked, { side, locked: true });
  let other = anyRoom(maze);
  while (other === locked) other = anyRoom(maze);
  addObject(maze, other, 'key', maze.world.things[door].colour);
  return locked;
}

function drawInstruction(maze: Maze, language: Language, joins: Language['joins'], locked?: Room): Instruction {
  const { random } = maze;
  const draw = (allowed: Language['joins']) => drawInstruction(maze, language, allowed, locked);
  const how = pick(random, joins);
  if (how === 'and') return join('and', draw(['one']), draw(['one']));
  if (how === 'sequence') {
    const [first, second] = [draw(['one', 'and']), draw(['one', 'and'])];
    return join(pick(random, ['before', 'after']), first, second);
  }
  const asked = pick(random, language.asks);
  const thing = (of: readonly Kind[]) => drawDescription(maze, language, of, locked);
  if (asked === 'go to') return ask(asked, thing(kinds));
  if (asked === 'open') return ask(asked, thing(['door']));
  if (asked === 'pick up') return ask(asked, thing(portable));
  return ask(asked, thing(portable), thing(kinds));
}

/** A description that means something, and something outside the locked room where that is asked for. */
function drawDescription(maze: Maze, language: Language, of: readonly Kind[], locked?: Room): Description {
  const { random, world } = maze;
  const maybe = <T>(from: readonly T[]) => drawOrNone(random, from);
  for (let attempt = 0; attempt <= ATTEMPTS; attempt++) {
    const colour = maybe(colours);
    const kind = pick(random, of);
    const place = language.places && random.below(2) === 0 ? pick(random, places) : null;
    const { cells } = findThings(world, describe(kind, colour, place));
    const outside = (cell: number) =>
      !locked || !isInside(maze, locked, cell % world.width, Math.floor(cell / world.width));
    if (language.unlocking ? cells.length > 0 : cells.some(outside)) return describe(kind, colour, place);
  }
  throw new Rejected('no description fits');
}

/** One of them or none, each with equal chance. */
function drawOrNone<T>(random: Random, from: readonly T[]): T | null {
  const which = random.below(from.length + 1);
  return which === 0 ? null : from[which - 1];
}
