// The tabletop's fixed facts: where things stand, what they look like, and how far they move.
import { geometry } from '../arm/kinematics.js';

/** Height of the table's top, in metres, as everywhere here; the robot's base stands at the origin, x leads away from it. */
export const tableTop = geometry.table;

/** Where the gripper may go. */
export const workspace = { low: [0.33, -0.43, tableTop + 0.02], high: [0.77, 0.43, tableTop + 0.4] } as const;

/** Where objects may be wanted: also a little farther than the gripper goes. */
export const objectRoom = { low: [0.33, -0.43, tableTop + 0.02], high: [0.92, 0.43, tableTop + 0.4] } as const;

/** The two things that can be lifted have one of these shapes each; half lengths along x, y, z (of a cylinder its hull). */
export const shapes = {
  cube: [0.025, 0.025, 0.025],
  cylinder: [0.025, 0.025, 0.025],
  brick: [0.035, 0.022, 0.02],
} as const;
export type ShapeName = keyof typeof shapes;
export const shapeNames = Object.keys(shapes) as ShapeName[];

/** Colours by name: red, green, blue from 0 to 1. */
export const colours = {
  red: [0.86, 0.16, 0.14],
  green: [0.16, 0.62, 0.24],
  blue: [0.16, 0.4, 0.86],
  yellow: [0.95, 0.8, 0.13],
  purple: [0.55, 0.24, 0.7],
  white: [0.93, 0.93, 0.91],
} as const;
export type ColourName = keyof typeof colours;
export const colourNames = Object.keys(colours) as ColourName[];

/** The numbers of the shape and of the colour that look most like these: one-hot, and red, green, blue. */
export const shapeOf = (looks: ArrayLike<number>): number => nearest(looks, [...shapeNames.keys()].map(oneHot));
export const colourOf = (looks: ArrayLike<number>): number =>
  nearest(
    looks,
    colourNames.map((name) => colours[name]),
  );

const oneHot = (shape: number) => shapeNames.map((_, i) => (i === shape ? 1 : 0));

function nearest(looks: ArrayLike<number>, known: readonly (readonly number[])[]): number {
  const distances = known.map((one) => one.reduce((sum, x, i) => sum + (x - looks[i]) ** 2, 0));
  return distances.indexOf(Math.min(...distances));
}

/** Where the two objects lie at the beginning, and goals on the table. */
export const area = { x: [0.42, 0.64], y: [-0.13, 0.13] } as const;

export const button = { x: 0.42, y: -0.36, top: tableTop + 0.06, travel: 0.016 } as const;

/** A drawer on the left that opens towards the robot; `bar` is the x of its handle when closed. */
export const drawer = { bar: 0.547, y: 0.4, height: tableTop + 0.05, travel: 0.15 } as const;

/** A dial that turns about an upright axis; its peg stands `radius` from the axis, at angle 0 towards the table's middle. */
export const dial = { x: 0.6, y: -0.36, radius: 0.06, height: tableTop + 0.045, range: 1.2 } as const;

/** A tray with a low wall on three sides, open towards the robot: its middle, and half lengths of its inside. */
export const tray = { x: 0.78, y: -0.1, halfLength: 0.06, halfWidth: 0.065 } as const;

/**
 * A hook that slides on the table: a shaft along x from its handle at (x, y), and an arm at its far end towards the
 * table's middle.
 */
export const hook = { x: 0.48, y: 0.25, height: tableTop + 0.03, length: 0.32, arm: 0.09, halfWidth: 0.009 } as const;
