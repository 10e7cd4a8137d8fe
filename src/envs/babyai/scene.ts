// BabyAI's world as a scene: cells as squares around the origin, things on them, the agent as an arrow.
import type { SceneShape } from '../../scene.js';
import { type Description, eachClause, type Instruction } from './instructions.js';
import { eachCellSeen } from './view.js';
import {
  type Colour,
  colours,
  DOOR,
  KEY,
  kindName,
  NOTHING,
  OPEN,
  stepX,
  stepY,
  type Thing,
  WALL,
  type World,
} from './world.js';

type Rgba = SceneShape['color'];

const paints: Readonly<Record<Colour, Rgba>> = {
  red: [0.86, 0.15, 0.15, 1],
  green: [0.13, 0.65, 0.25, 1],
  blue: [0.13, 0.35, 0.9, 1],
  purple: [0.5, 0.2, 0.75, 1],
  yellow: [0.93, 0.78, 0.1, 1],
  grey: [0.55, 0.57, 0.6, 1],
};
const paint = colours.map((colour) => paints[colour]);
const floor: Rgba = [0.93, 0.94, 0.96, 1];
const seenFloor: Rgba = [1, 0.98, 0.86, 1];
const wall: Rgba = [0.35, 0.38, 0.43, 1];
const asked: Rgba = [0.95, 0.6, 0.6, 1];

/** Cells are unit squares, the first row on top. What is asked about lies on red, what the agent sees on yellow. */
export function shapesOf(world: World, instruction: Instruction): SceneShape[] {
  const { width, height, cells, things } = world;
  const place = (x: number, y: number) => [x - (width - 1) / 2, (height - 1) / 2 - y, 0];
  const meant = cellsMeant(world, instruction);
  const seen = new Set<number>();
  eachCellSeen(world, (cell) => seen.add(cell));
  const shapes: SceneShape[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const cell = y * width + x;
      const isWall = cells[cell] === WALL;
      const name = isWall ? 'wall' : meant.has(cell) ? 'goal' : 'floor';
      const color = isWall ? wall : meant.has(cell) ? asked : seen.has(cell) ? seenFloor : floor;
      shapes.push({ kind: 'box', size: [0.5, 0.5, 0], position: place(x, y), color, name });
    }
  }
  // In the same order at all times, carried or not, so that views can follow each; a box that was opened is gone.
  for (const [number, thing] of things.entries()) {
    if (world.carrying === number) shapes.push(...shapesOfThing(thing, place(world.x, world.y)));
    else if (cells[thing.y * width + thing.x] === number) shapes.push(...shapesOfThing(thing, place(thing.x, thing.y)));
  }
  const [x, y] = place(world.x, world.y);
  const [dx, dy] = [stepX[world.direction], -stepY[world.direction]];
  const dark: Rgba = [0.1, 0.1, 0.12, 1];
  shapes.push({ kind: 'sphere', size: [0.26], position: [x, y, 0], color: dark, name: 'walker' });
  shapes.push({ kind: 'sphere', size: [0.12], position: [x + 0.32 * dx, y + 0.32 * dy, 0], color: dark, name: 'nose' });
  if (world.carrying !== NOTHING) {
    const { colour } = things[world.carrying];
    shapes.push({ kind: 'sphere', size: [0.12], position: [x, y, 0], color: paint[colour], name: 'carried' });
  }
  return shapes;
}

function shapesOfThing({ kind, colour, state }: Thing, position: number[]): SceneShape[] {
  const color = paint[colour];
  const [x, y] = position;
  if (kind === DOOR) {
    const size = state === OPEN ? [0.08, 0.5, 0] : [0.42, 0.42, 0];
    const at = state === OPEN ? [x - 0.42, y, 0] : position;
    const door: SceneShape = { kind: 'box', size, position: at, color, name: 'door' };
    const lock: SceneShape = { kind: 'sphere', size: [0.12], position, color: floor, name: 'lock' };
    return state === 2 ? [door, lock] : [door];
  }
  if (kind === KEY) {
    return [
      { kind: 'sphere', size: [0.16], position: [x, y + 0.16, 0], color, name: 'key' },
      { kind: 'box', size: [0.05, 0.22, 0], position: [x, y - 0.16, 0], color, name: 'key' },
    ];
  }
  if (kindName(kind) === 'ball') return [{ kind: 'sphere', size: [0.3], position, color, name: 'ball' }];
  return [
    { kind: 'box', size: [0.32, 0.32, 0], position, color, name: 'box' },
    { kind: 'box', size: [0.2, 0.2, 0], position, color: floor, name: 'box' },
  ];
}

function cellsMeant({ things, width }: World, instruction: Instruction): Set<number> {
  const meant = new Set<number>();
  const add = (description: Description | undefined) => {
    for (const thing of description?.things ?? []) {
      if (thing >= 0 && things[thing].x >= 0) meant.add(things[thing].y * width + things[thing].x);
    }
  };
  eachClause(instruction, ({ what, next }) => {
    add(what);
    add(next);
  });
  return meant;
}
