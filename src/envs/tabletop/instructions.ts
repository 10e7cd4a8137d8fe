// How the tabletop's tasks are said in words.
import type { Instructions } from '../instructions.js';
import { groups, seen, seenOfObject, wants } from './columns.js';
import { area, colourNames, colours, shapeNames, tableTop } from './layout.js';
import type { TabletopTask } from './tasks.js';

const sides = ['left', 'right', 'far side', 'near side'];
const heights = ['low', 'high'];
/** Clockwise, counterclockwise from above. */
const turns = ['right', 'left'];
const levels = ['on the table', 'in the air'];

const words = {
  colour: colourNames,
  shape: shapeNames,
  'other-colour': colourNames,
  'other-shape': shapeNames,
  side: sides,
  height: heights,
  level: levels,
  turn: turns,
};

const push = ['push the {colour} {shape} to the {side}', 'move the {colour} {shape} to the {side}, without lifting it'];

const templates: Readonly<Record<TabletopTask, readonly string[]>> = {
  reach: ['move the hand to the {side}, {height}', 'reach {height}, to the {side}'],
  push,
  'push-left': push,
  'push-right': push,
  'pick-and-place': [
    'bring the {colour} {shape} to the {side}, {level}',
    'pick up the {colour} {shape} and take it to the {side}, {level}',
  ],
  stack: [
    'put the {colour} {shape} on the {other-colour} {other-shape}',
    'stack the {colour} {shape} on top of the {other-colour} {other-shape}',
  ],
  'press-button': ['press the button', 'push the red button down and hold it'],
  'open-drawer': ['open the drawer', 'pull the drawer out'],
  'close-drawer': ['close the drawer', 'push the drawer in'],
  'turn-dial': ['turn the dial to the {turn}', 'turn the handle of the dial to the {turn}'],
  'pull-with-hook': ['pull the {colour} {shape} closer with the hook', 'use the hook to get the {colour} {shape}'],
  'sweep-into-tray': ['sweep the {colour} {shape} into the tray', 'push the {colour} {shape} into the tray'],
};

function nearestColour(o: ArrayLike<number>, at: number): string {
  const far = (name: keyof typeof colours) =>
    colours[name].reduce((sum, value, j) => sum + (value - o[at + seenOfObject.colour + j]) ** 2, 0);
  return colourNames.reduce((best, name) => (far(name) < far(best) ? name : best));
}
const shapeOf = (o: ArrayLike<number>, at: number): string =>
  shapeNames.reduce((best, name, j) => (o[at + seenOfObject.shape + j] > 0.5 ? name : best), shapeNames[0]);

/** The direction of a displacement on the table: left is +y, the far side +x, as seen from the robot. */
const sideOf = (dx: number, dy: number): string =>
  Math.abs(dy) >= Math.abs(dx) ? sides[dy >= 0 ? 0 : 1] : sides[dx >= 0 ? 2 : 3];

function fill(o: ArrayLike<number>, goal: ArrayLike<number>): Record<string, string> {
  const second = wants(goal, 'object-2');
  const at = seen.objects + (second ? seen.objectSize : 0);
  const other = seen.objects + (second ? 0 : seen.objectSize);
  const object = second || wants(goal, 'object-1');
  const place = groups[second ? 'object-2' : object ? 'object-1' : 'gripper'].at;
  const middle = [(area.x[0] + area.x[1]) / 2, 0];
  const from = object ? [o[at], o[at + 1]] : middle;
  return {
    colour: nearestColour(o, at),
    shape: shapeOf(o, at),
    'other-colour': nearestColour(o, other),
    'other-shape': shapeOf(o, other),
    side: sideOf(goal[place] - from[0], goal[place + 1] - from[1]),
    height: heights[goal[place + 2] > tableTop + 0.19 ? 1 : 0],
    level: levels[goal[place + 2] > tableTop + 0.04 ? 1 : 0],
    turn: turns[goal[groups.dial.at] > o[seen.fixtures + 2] ? 1 : 0],
  };
}

export const tabletopInstructions = (task: TabletopTask): Instructions => ({ templates: templates[task], words, fill });
