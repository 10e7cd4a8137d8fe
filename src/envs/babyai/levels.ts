// How each of BabyAI's levels is drawn: its rooms, what lies in them, and what is asked (minigrid 3.2.0, envs/babyai).
import { ask, describe, join, places } from './instructions.js';
import {
  about,
  type Level,
  type LevelSettings,
  language,
  lockedAway,
  middle,
  ofMaze,
  oneRoom,
  RED,
  redBall,
  twoHalves,
} from './level.js';
import type { LevelName } from './names.js';
import {
  addDistractors,
  addDoor,
  addObject,
  allReachable,
  anyRoom,
  connectAll,
  doorsOf,
  pick,
  pickSeveral,
  placeAgent,
  Rejected,
  removeWall,
  requireReachable,
  roomAt,
} from './rooms.js';
import { addThing, colours, DOOR, kindName, kindNumber } from './world.js';

export const levels: Readonly<Record<LevelName, Level>> = {
  'go-to-red-ball-grey': { defaults: { ...oneRoom, objects: 7 }, draw: redBall(true) },
  'go-to-red-ball': { defaults: { ...oneRoom, objects: 7 }, draw: redBall(false) },
  'go-to-red-blue-ball': {
    defaults: { ...oneRoom, objects: 7 },
    draw(maze, { objects }) {
      placeAgent(maze);
      const shades = [RED, colours.indexOf('blue')];
      const others = addDistractors(maze, objects).map((other) => maze.world.things[other]);
      if (others.some(({ kind, colour }) => kindName(kind) === 'ball' && shades.includes(colour)))
        throw new Rejected('there is another red or blue ball');
      const ball = addObject(maze, anyRoom(maze), 'ball', pick(maze.random, shades));
      requireReachable(maze);
      return about(maze, 'go to', ball);
    },
  },
  'go-to-obj': {
    defaults: { ...oneRoom, objects: 1 },
    draw(maze, { objects }) {
      placeAgent(maze);
      return about(maze, 'go to', addDistractors(maze, objects, { unique: true })[0]);
    },
  },
  'go-to-local': {
    defaults: { ...oneRoom, objects: 8 },
    draw(maze, { objects }) {
      placeAgent(maze);
      const things = addDistractors(maze, objects);
      requireReachable(maze);
      return about(maze, 'go to', pick(maze.random, things));
    },
  },
  'go-to-door': {
    things: false,
    defaults: { roomSize: 7 },
    draw(maze) {
      const doors = Array.from({ length: 4 }, () => addDoor(maze, middle(maze)));
      placeAgent(maze, middle(maze));
      return about(maze, 'go to', pick(maze.random, doors));
    },
  },
  'go-to-obj-door': {
    defaults: { objects: 8 },
    draw(maze, { objects }) {
      placeAgent(maze, middle(maze));
      const things = addDistractors(maze, objects, { room: middle(maze) });
      for (let i = 0; i < 4; i++) things.push(addDoor(maze, middle(maze)));
      requireReachable(maze);
      return about(maze, 'go to', pick(maze.random, things));
    },
  },
  'go-to': { defaults: { objects: 18 }, ofAnySize: true, draw: ofMaze('go to') },
  'go-to-imp-unlock': {
    defaults: { objects: 2 },
    ofAnySize: true,
    draw(maze, { objects }) {
      const { room } = lockedAway(maze, objects, () => connectAll(maze));
      return about(maze, 'go to', addDistractors(maze, 1, { room })[0]);
    },
  },
  'go-to-seq': language({}, { asks: ['go to'], lockedRoom: 0, places: false, blocking: false }),
  open: {
    defaults: { objects: 18 },
    ofAnySize: true,
    draw(maze, { objects }) {
      placeAgent(maze);
      connectAll(maze);
      addDistractors(maze, objects);
      requireReachable(maze);
      return about(maze, 'open', pick(maze.random, doorsOf(maze)));
    },
  },
  'open-red-door': {
    things: false,
    defaults: { columns: 2, rows: 1, roomSize: 5 },
    draw(maze) {
      const door = addDoor(maze, roomAt(maze, 0, 0), { side: 0, colour: RED, locked: false });
      placeAgent(maze, roomAt(maze, 0, 0));
      return about(maze, 'open', door);
    },
  },
  'open-door': {
    things: false,
    defaults: { roomSize: 8 },
    draw(maze) {
      const { random } = maze;
      const shades = pickSeveral(random, colours, 4);
      for (const [side, shade] of shades.entries())
        addDoor(maze, middle(maze), { side, colour: colours.indexOf(shade), locked: false });
      const told = random.below(2) === 0 ? describe('door', shades[0]) : describe('door', null, pick(random, places));
      placeAgent(maze, middle(maze));
      return ask('open', told);
    },
  },
  'open-two-doors': {
    things: false,
    defaults: { roomSize: 6 },
    limit: 20,
    draw(maze) {
      const [first, second] = pickSeveral(maze.random, [...colours.keys()], 2).map((colour, i) =>
        addDoor(maze, middle(maze), { side: i === 0 ? 2 : 0, colour, locked: false }),
      );
      placeAgent(maze, middle(maze));
      return join('before', about(maze, 'open', first), about(maze, 'open', second));
    },
  },
  'open-doors-order': {
    defaults: { roomSize: 6, objects: 4 },
    limit: 20,
    draw(maze, { objects }) {
      const { random } = maze;
      const doors = pickSeveral(random, [...colours.keys()], objects).map((colour) =>
        addDoor(maze, middle(maze), { colour, locked: false }),
      );
      placeAgent(maze, middle(maze));
      const [first, second] = pickSeveral(random, doors, 2).map((door) => about(maze, 'open', door));
      const mode = random.below(3);
      return mode === 0 ? first : join(mode === 1 ? 'before' : 'after', first, second);
    },
  },
  pickup: { defaults: { objects: 18 }, ofAnySize: true, draw: ofMaze('pick up') },
  'unblock-pickup': {
    defaults: { objects: 20 },
    ofAnySize: true,
    draw(maze, { objects }) {
      placeAgent(maze);
      connectAll(maze);
      const things = addDistractors(maze, objects);
      if (allReachable(maze)) throw new Rejected('nothing blocks the way');
      return about(maze, 'pick up', pick(maze.random, things));
    },
  },
  'pickup-loc': language(
    { ...oneRoom, objects: 8 },
    { asks: ['pick up'], joins: ['one'], lockedRoom: 0, blocking: false },
  ),
  'pickup-dist': {
    defaults: { ...oneRoom, roomSize: 7, objects: 5 },
    draw(maze, { objects }) {
      const things = addDistractors(maze, objects, { unique: true });
      placeAgent(maze, roomAt(maze, 0, 0));
      const { kind, colour } = about(maze, 'pick up', pick(maze.random, things)).what;
      const by = maze.random.below(3);
      return ask('pick up', describe(by === 0 ? null : kind, by === 1 ? null : colour));
    },
  },
  'pickup-above': {
    things: false,
    defaults: { roomSize: 6 },
    limit: 8,
    draw(maze) {
      const thing = addObject(maze, roomAt(maze, 1, 0));
      addDoor(maze, middle(maze), { side: 3, locked: false });
      placeAgent(maze, middle(maze));
      connectAll(maze);
      return about(maze, 'pick up', thing);
    },
  },
  'put-next-local': {
    defaults: { ...oneRoom, objects: 8 },
    ways: 2,
    draw(maze, { objects }) {
      placeAgent(maze);
      const things = addDistractors(maze, objects, { unique: true });
      requireReachable(maze);
      const [moved, fixed] = pickSeveral(maze.random, things, 2);
      return about(maze, 'put', moved, fixed);
    },
  },
  'put-next': {
    defaults: { columns: 2, rows: 1, roomSize: 7, objects: 4 },
    limit: 8,
    draw(maze, { objects }) {
      const { random } = maze;
      const sides = twoHalves(maze, objects).map((half) => pick(random, half));
      const [moved, fixed] = random.below(2) === 0 ? sides : sides.reverse();
      return about(maze, 'put', moved, fixed);
    },
  },
  unlock: {
    defaults: { objects: 3 },
    ofAnySize: true,
    draw(maze, { objects }) {
      const { door } = lockedAway(maze, objects, (locked) => {
        const shade = colours[maze.world.things[locked].colour];
        connectAll(maze, maze.random.below(2) === 0 ? colours.filter((colour) => colour !== shade) : colours);
      });
      return about(maze, 'open', door);
    },
  },
  'unlock-local': {
    defaults: { objects: 0 },
    draw(maze, { objects }) {
      const door = addDoor(maze, middle(maze), { locked: true });
      addObject(maze, middle(maze), 'key', maze.world.things[door].colour);
      addDistractors(maze, objects, { room: middle(maze), unique: true });
      placeAgent(maze, middle(maze));
      return ask('open', describe('door'));
    },
  },
  'unlock-pickup': {
    defaults: { columns: 2, rows: 1, roomSize: 6, objects: 0 },
    draw(maze, { objects }) {
      const box = addObject(maze, roomAt(maze, 1, 0), 'box');
      const door = addDoor(maze, roomAt(maze, 0, 0), { side: 0, locked: true });
      addObject(maze, roomAt(maze, 0, 0), 'key', maze.world.things[door].colour);
      addDistractors(maze, objects, { unique: true });
      placeAgent(maze, roomAt(maze, 0, 0));
      return about(maze, 'pick up', box);
    },
  },
  'blocked-unlock-pickup': {
    things: false,
    defaults: { columns: 2, rows: 1, roomSize: 6 },
    limit: 16,
    draw(maze) {
      const { world } = maze;
      addObject(maze, roomAt(maze, 1, 0), 'box');
      const door = world.things[addDoor(maze, roomAt(maze, 0, 0), { side: 0, locked: true })];
      addThing(world, kindNumber('ball'), maze.random.below(colours.length), 0, door.x - 1, door.y);
      addObject(maze, roomAt(maze, 0, 0), 'key', door.colour);
      placeAgent(maze, roomAt(maze, 0, 0));
      return ask('pick up', describe('box'));
    },
  },
  'unlock-to-unlock': {
    things: false,
    defaults: { columns: 3, rows: 1, roomSize: 6 },
    limit: 30,
    draw(maze) {
      const shades = pickSeveral(maze.random, [...colours.keys()], 2);
      for (const [column, colour] of shades.entries()) {
        addDoor(maze, roomAt(maze, column, 0), { side: 0, colour, locked: true });
        addObject(maze, roomAt(maze, 2 - column, 0), 'key', colour);
      }
      addObject(maze, roomAt(maze, 0, 0), 'ball');
      placeAgent(maze, roomAt(maze, 1, 0));
      return ask('pick up', describe('ball'));
    },
  },
  'action-obj-door': {
    defaults: { roomSize: 7, objects: 5 },
    draw(maze, { objects }) {
      const { random, world } = maze;
      const things = addDistractors(maze, objects, { room: middle(maze), unique: true });
      for (let i = 0; i < 4; i++) things.push(addDoor(maze, middle(maze), { locked: false }));
      placeAgent(maze, middle(maze));
      const thing = pick(random, things);
      const other = world.things[thing].kind === DOOR ? 'open' : 'pick up';
      return about(maze, random.below(2) === 0 ? 'go to' : other, thing);
    },
  },
  'find-obj': {
    things: false,
    defaults: { roomSize: 7 },
    limit: 20,
    draw(maze) {
      const thing = addObject(maze, anyRoom(maze));
      placeAgent(maze, middle(maze));
      connectAll(maze);
      return ask('pick up', describe(kindName(maze.world.things[thing].kind)));
    },
  },
  'key-corridor': {
    things: false,
    defaults: { roomSize: 6 },
    limit: 30,
    draw(maze) {
      const { random, rows } = maze;
      for (let row = 1; row < rows; row++) removeWall(maze, roomAt(maze, 1, row), 3);
      const behind = roomAt(maze, 2, random.below(rows));
      const door = addDoor(maze, behind, { side: 2, locked: true });
      addObject(maze, behind, 'ball');
      addObject(maze, roomAt(maze, 0, random.below(rows)), 'key', maze.world.things[door].colour);
      placeAgent(maze, roomAt(maze, 1, rows >> 1));
      connectAll(maze);
      return ask('pick up', describe('ball'));
    },
  },
  'one-room': {
    things: false,
    defaults: oneRoom,
    draw(maze) {
      addObject(maze, roomAt(maze, 0, 0), 'ball');
      placeAgent(maze);
      return ask('pick up', describe('ball'));
    },
  },
  'move-two-across': {
    defaults: { columns: 2, rows: 1, objects: 9 },
    limit: 16,
    draw(maze, { objects }) {
      const [[a, d], [b, c]] = twoHalves(maze, objects).map((half) => pickSeveral(maze.random, half, 2));
      return join('before', about(maze, 'put', a, b), about(maze, 'put', c, d));
    },
  },
  synth: language({}, { joins: ['one'], places: false, unlocking: false }),
  'synth-loc': language({}, { joins: ['one'], unlocking: false }),
  'synth-seq': language({}, { unlocking: false }),
  'mini-boss-level': language({ columns: 2, rows: 2, roomSize: 5, objects: 7 }, { lockedRoom: 0.25 }),
  'boss-level': language({}, {}),
  'boss-level-no-unlock': language({}, { lockedRoom: 0, unlocking: false }),
};

export const completeSettings = (name: LevelName, given: Partial<LevelSettings> = {}): LevelSettings => ({
  columns: 3,
  rows: 3,
  roomSize: 8,
  objects: 0,
  doorsOpen: false,
  ...levels[name].defaults,
  ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
});
