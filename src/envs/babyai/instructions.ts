// BabyAI's instructions: descriptions of things, what is asked with them, sentences, and whether it has been done.
import {
  type Colour,
  colours,
  DOOR,
  DROP,
  frontCell,
  type Kind,
  kindNumber,
  NOTHING,
  OPEN,
  PICKUP,
  stepX,
  stepY,
  TOGGLE,
  WALL,
  type World,
} from './world.js';

export const places = ['left', 'right', 'front', 'behind'] as const;
export type Place = (typeof places)[number];

/** Things of a kind, colour and place; null: any. Places are seen from where the agent starts, in its room. */
export interface Description {
  readonly kind: Kind | null;
  readonly colour: Colour | null;
  readonly place: Place | null;
  /** What it means in this episode, by numbers; walls, which are things too and grey, as `WALL`. */
  readonly things: number[];
  /** Cells where these are, or were when something was last dropped. */
  readonly cells: number[];
}

export interface Clause {
  readonly ask: 'go to' | 'open' | 'pick up' | 'put';
  readonly what: Description;
  /** Of `put`: what it shall lie next to. */
  readonly next?: Description;
  /** Whether doing it with something else fails. */
  readonly strict?: boolean;
  /** What was carried when it was last verified. */
  carried: number;
}

export interface Pair {
  readonly join: 'and' | 'before' | 'after';
  readonly first: Instruction;
  readonly second: Instruction;
  firstDone: Status;
  secondDone: Status;
}

export type Instruction = Clause | Pair;

/** 0: not yet, 1: done, 2: failed. */
export type Status = 0 | 1 | 2;

export const describe = (kind: Kind | null, colour: Colour | null = null, place: Place | null = null): Description => ({
  kind,
  colour,
  place,
  things: [],
  cells: [],
});
export const ask = (ask: Clause['ask'], what: Description, next?: Description, strict = false): Clause => ({
  ask,
  what,
  ...(next && { next }),
  ...(strict && { strict }),
  carried: NOTHING,
});
export const join = (how: Pair['join'], first: Instruction, second: Instruction): Pair => ({
  join: how,
  first,
  second,
  firstDone: 0,
  secondDone: 0,
});

const isPair = (instruction: Instruction): instruction is Pair => 'join' in instruction;

/** Calls back with every clause, the first one first. */
export function eachClause(instruction: Instruction, visit: (clause: Clause) => void): void {
  if (isPair(instruction)) {
    eachClause(instruction.first, visit);
    eachClause(instruction.second, visit);
  } else visit(instruction);
}

/** Finds the things that a description means now, column by column. */
export function findThings(world: World, description: Description): Description {
  description.things.length = 0;
  description.cells.length = 0;
  scan(world, description, (content, cell) => {
    description.things.push(content);
    description.cells.push(cell);
  });
  return description;
}

/** Finds where the things are that a description means already. Carried ones are nowhere, and the others move up. */
export function findCells(world: World, description: Description): void {
  const { things, cells, kind, colour } = description;
  const walls = kind === null && (colour === null || colour === 'grey');
  cells.length = 0;
  for (let x = 0; x < world.width; x++) {
    for (let y = 0; y < world.height; y++) {
      const content = world.cells[y * world.width + x];
      const meant = content === WALL ? walls : content >= 0 && things.includes(content);
      if (meant) cells.push(y * world.width + x);
    }
  }
}

function scan(
  world: World,
  { kind, colour, place }: Description,
  found: (content: number, cell: number) => void,
): void {
  const wanted = kind === null ? -1 : kindNumber(kind);
  const shade = colour === null ? -1 : colours.indexOf(colour);
  const side = world.roomSize - 1;
  const [roomX, roomY] = [Math.floor(world.x / side) * side, Math.floor(world.y / side) * side];
  for (let x = 0; x < world.width; x++) {
    for (let y = 0; y < world.height; y++) {
      const cell = y * world.width + x;
      const content = world.cells[cell];
      if (content === WALL) {
        if (wanted >= 0 || (shade >= 0 && colour !== 'grey')) continue;
      } else {
        if (content < 0) continue;
        const thing = world.things[content];
        if ((wanted >= 0 && thing.kind !== wanted) || (shade >= 0 && thing.colour !== shade)) continue;
      }
      if (place !== null) {
        if (x < roomX || y < roomY || x > roomX + side || y > roomY + side || !liesAt(world, place, x, y)) continue;
      }
      found(content, cell);
    }
  }
}

function liesAt({ x, y, direction }: World, place: Place, cx: number, cy: number): boolean {
  const ahead = (cx - x) * stepX[direction] + (cy - y) * stepY[direction];
  const right = (cy - y) * stepX[direction] - (cx - x) * stepY[direction];
  if (place === 'front') return ahead > 0;
  if (place === 'behind') return ahead < 0;
  return place === 'right' ? right > 0 : right < 0;
}

/** Begins an episode: what descriptions mean is found, and nothing is done yet. */
export function begin(world: World, instruction: Instruction): void {
  if (isPair(instruction)) {
    begin(world, instruction.first);
    begin(world, instruction.second);
    instruction.firstDone = 0;
    instruction.secondDone = 0;
    return;
  }
  instruction.carried = NOTHING;
  findThings(world, instruction.what);
  if (instruction.next) findThings(world, instruction.next);
}

/** After `drop`: where things are now. */
export function follow(world: World, instruction: Instruction): void {
  if (isPair(instruction)) {
    follow(world, instruction.first);
    follow(world, instruction.second);
    return;
  }
  findCells(world, instruction.what);
  if (instruction.next) findCells(world, instruction.next);
}

/** Whether the action has done what is asked, or failed it; called once after every action. */
export function verify(world: World, instruction: Instruction, action: number): Status {
  if (!isPair(instruction)) return verifyClause(world, instruction, action);
  const { join, first, second } = instruction;
  if (join === 'and') {
    if (instruction.firstDone !== 1) instruction.firstDone = verify(world, first, action);
    if (instruction.secondDone !== 1) instruction.secondDone = verify(world, second, action);
    return instruction.firstDone === 1 && instruction.secondDone === 1 ? 1 : 0;
  }
  // "A after you B": B comes first.
  if (join === 'before') {
    if (instruction.firstDone !== 1) instruction.firstDone = verify(world, first, action);
    if (instruction.firstDone !== 1) return instruction.firstDone;
    instruction.secondDone = verify(world, second, action);
    return instruction.secondDone;
  }
  if (instruction.secondDone !== 1) instruction.secondDone = verify(world, second, action);
  if (instruction.secondDone !== 1) return instruction.secondDone;
  instruction.firstDone = verify(world, first, action);
  return instruction.firstDone;
}

function verifyClause(world: World, clause: Clause, action: number): Status {
  const { what, next, strict } = clause;
  const before = clause.carried;
  clause.carried = world.carrying;
  switch (clause.ask) {
    case 'go to':
      return what.cells.includes(frontCell(world)) ? 1 : 0;
    case 'open': {
      if (action !== TOGGLE) return 0;
      const content = world.cells[frontCell(world)];
      if (content < 0 || world.things[content].kind !== DOOR) return 0;
      if (what.things.includes(content) && world.things[content].state === OPEN) return 1;
      return strict ? 2 : 0;
    }
    case 'pick up':
      if (action !== PICKUP || world.carrying === NOTHING) return 0;
      if (before === NOTHING && what.things.includes(world.carrying)) return 1;
      return strict ? 2 : 0;
    default:
      if (strict && action === PICKUP && world.carrying !== NOTHING) return 2;
      if (action !== DROP || before === NOTHING || !what.things.includes(before)) return 0;
      return next && touches(world, before, next) ? 1 : 0;
  }
}

/** Whether a thing lies beside a cell of the description, not across a corner. */
export function touches(world: World, thing: number, { cells }: Description): boolean {
  const { x, y } = world.things[thing];
  return cells.some((cell) => Math.abs((cell % world.width) - x) + Math.abs(Math.floor(cell / world.width) - y) === 1);
}

/** How many ways across the maze it takes at most: time limits are multiples of it. */
export function ways(instruction: Instruction): number {
  let count = 0;
  eachClause(instruction, ({ ask }) => {
    count += ask === 'put' ? 2 : 1;
  });
  return count;
}

/** The sentence; articles tell whether there are several such things, so it is of a world. */
export function sentenceOf(world: World, instruction: Instruction): string {
  if (isPair(instruction)) {
    const words = { and: ' and ', before: ', then ', after: ' after you ' }[instruction.join];
    return `${sentenceOf(world, instruction.first)}${words}${sentenceOf(world, instruction.second)}`;
  }
  const { ask, what, next } = instruction;
  const said = `${ask} ${phraseOf(world, what)}`;
  return next ? `${said} next to ${phraseOf(world, next)}` : said;
}

function phraseOf(world: World, description: Description): string {
  const article = findThings(world, description).things.length > 1 ? 'a' : 'the';
  return phrase(description, article);
}

const placeWords: Readonly<Record<Place, string>> = {
  front: ' in front of you',
  behind: ' behind you',
  left: ' on your left',
  right: ' on your right',
};

export function phrase({ kind, colour, place }: Description, article: 'a' | 'the'): string {
  return `${article} ${colour ? `${colour} ` : ''}${kind ?? 'object'}${place ? placeWords[place] : ''}`;
}
