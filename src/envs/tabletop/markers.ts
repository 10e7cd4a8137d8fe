// How the tabletop's goals look in a scene, and which goal a place of the scene stands for.
import type { SceneShape } from '../../scene.js';
import type { Stage } from '../../vision/index.js';
import { type GroupName, groups, wants } from './columns.js';
import { button, dial, drawer, objectRoom, workspace } from './layout.js';

/** The dial's peg at an angle. */
export const pegAt = (angle: number, axis: number): number =>
  axis === 0 ? dial.x - dial.radius * Math.sin(angle) : dial.y + dial.radius * Math.cos(angle);

/** Where a group shall be, as a place: of button, drawer and dial, where the part that moves shall be. */
function placeOf(goal: ArrayLike<number>, group: GroupName): [number, number, number] {
  const { at } = groups[group];
  switch (group) {
    case 'button':
      return [button.x, button.y, button.top - goal[at]];
    case 'drawer':
      return [drawer.bar - goal[at], drawer.y, drawer.height];
    case 'dial':
      return [pegAt(goal[at], 0), pegAt(goal[at], 1), dial.height];
    default:
      return [goal[at], goal[at + 1], goal[at + 2]];
  }
}

/** Objects first: what is dragged is what the task is about. */
const order = ['object-1', 'object-2', 'gripper', 'button', 'drawer', 'dial'] as const;

/** Metres, and a colour that nothing else on the table has. */
const MARKER = { radius: 0.022, colour: [0.1, 0.95, 0.95, 1] } as const;

/** A stage with a ball where the goal of what the task is about is; none without a goal. */
export function withMarker(stage: Stage, goal: () => ArrayLike<number> | undefined): Stage {
  const behind = (values: ArrayLike<number>, own: readonly number[]) => [...Array.from(values), ...own];
  const wanted = () => {
    const now = goal();
    const group = now && order.find((name) => wants(now, name));
    return now && group && placeOf(now, group);
  };
  return {
    solids: [...stage.solids, { kind: 'sphere', size: [MARKER.radius], still: false }],
    positions: () => behind(stage.positions(), wanted() ?? [0, 0, 0]),
    rotations: () => behind(stage.rotations(), [1, 0, 0, 0, 1, 0, 0, 0, 1]),
    colours: () => behind(stage.colours(), wanted() ? MARKER.colour : [0, 0, 0, 0]),
  };
}

export function goalShapes(goal: ArrayLike<number>): SceneShape[] {
  return order
    .filter((group) => wants(goal, group))
    .map((group, i) => ({
      kind: 'sphere' as const,
      size: [group === 'gripper' && i > 0 ? 0.015 : 0.03],
      position: placeOf(goal, group),
      color: [0.95, 0.08, 0.1, 0.6] as const,
      name: i === 0 ? 'goal' : `goal-${group}`,
    }));
}

/** As in `Simulation`: moves what the goal is about to a place; where a gripper shall be above an object it goes along. */
export function goalAt(place: readonly number[], goal: Float32Array): boolean {
  if (place.length !== 3) return false;
  const [group] = order.filter((name) => wants(goal, name));
  if (group === undefined) return false;
  const { at, size } = groups[group];
  if (size === 3) {
    const { low, high } = group === 'gripper' ? workspace : objectRoom;
    const before = goal.slice(at, at + 3);
    for (let j = 0; j < 3; j++) goal[at + j] = Math.min(Math.max(place[j], low[j]), high[j]);
    if (group === 'gripper' || !wants(goal, 'gripper')) return true;
    for (let j = 0; j < 3; j++) goal[groups.gripper.at + j] += goal[at + j] - before[j];
  } else if (group === 'button') goal[at] = Math.min(Math.max(button.top - place[2], 0), button.travel);
  else if (group === 'drawer') goal[at] = Math.min(Math.max(drawer.bar - place[0], 0), drawer.travel);
  else {
    const angle = Math.atan2(dial.x - place[0], place[1] - dial.y);
    goal[at] = Math.min(Math.max(angle, -dial.range), dial.range);
  }
  return true;
}
