// What is around BabyAI's agent, as its bot asks: cells in directions, doors, the key in its hand.
import { VIEW } from './view.js';
import { DOOR, frontCell, KEY, NOTHING, OPEN, stepX, stepY, WALL, type World } from './world.js';

/** Cells are numbers, as in `world.cells`; directions may be any whole numbers, 4 apart are the same. */
export interface Surroundings {
  here(): number;
  front(): number;
  /** The cell beside another one, the agent's unless said otherwise. */
  cellToward(direction: number, from?: number): number;
  /** Of what a cell holds. */
  isDoor(content: number): boolean;
  isOpen(content: number): boolean;
  /** Steps between two cells, if nothing were in the way. */
  distance(a: number, b: number): number;
  /** Whether the key in the hand opens a door. */
  hasKeyOf(door: number): boolean;
  /** Cells to the next wall or door in a direction beside the agent, as far as it sees. */
  room(direction: number): number;
}

export function surroundingsOf(world: World): Surroundings {
  const { cells, things, width } = world;
  const here = () => world.y * width + world.x;
  const cellToward = (direction: number, from = here()) => {
    const d = direction & 3;
    return from + stepY[d] * width + stepX[d];
  };
  const isDoor = (content: number) => content >= 0 && things[content].kind === DOOR;
  return {
    here,
    front: () => frontCell(world),
    cellToward,
    isDoor,
    isOpen: (content) => isDoor(content) && things[content].state === OPEN,
    distance: (a, b) => Math.abs((a % width) - (b % width)) + Math.abs(Math.floor(a / width) - Math.floor(b / width)),
    hasKeyOf(door) {
      if (world.carrying === NOTHING) return false;
      const { kind, colour } = things[world.carrying];
      return kind === KEY && colour === things[door].colour;
    },
    room(direction) {
      for (let steps = 1, cell = cellToward(direction); ; steps++, cell = cellToward(direction, cell)) {
        if (steps > VIEW >> 1) return steps - 1;
        if (cells[cell] === WALL || isDoor(cells[cell])) return steps;
      }
    },
  };
}
