// The arm's world in MJCF: the robot, a table, and what lies on it.
import { controlPeriod } from './control.js';
import { geometry } from './kinematics.js';
import { armActuators, armBodies, armDefaults, fingerBit } from './robot.js';

/** What lies on the table. The block is a 5 cm cube, the puck a disc 6 cm across and 3 cm high. */
export type ArmObject = 'none' | 'block' | 'puck';

/** Half the block's edge and half the puck's height, in metres: how high their centres lie above the table. */
export const objectHalfHeight: Record<Exclude<ArmObject, 'none'>, number> = { block: 0.025, puck: 0.015 };

/** Where the table's top ends, in metres: [x from, x to, half width]. The puck needs room to slide. */
export const tableExtent = (object: ArmObject): readonly [number, number, number] =>
  object === 'puck' ? [0.26, 1.4, 0.4] : [0.26, 0.92, 0.4];

// Who touches whom: a pair collides when one's contype meets the other's conaffinity. Fingers touch what has bit 2 in it.
const TABLE = 1;
const FLOOR = 4;

const table = geometry.table;

/** The MJCF document. `substeps` physics steps make one control period. */
export function armModel(object: ArmObject, substeps: number): string {
  return `<mujoco model="arm">
  <compiler angle="radian" autolimits="true"/>
  <option timestep="${controlPeriod / substeps}" integrator="implicitfast" cone="elliptic" impratio="10"/>
  <size nuserdata="3" memory="1M"/>
${armDefaults}  <worldbody>
    <light name="sun" pos="0.2 -1.2 2.6" dir="0.15 0.5 -1" directional="true"/>
    <geom name="floor" type="plane" size="0 0 0.1" contype="${FLOOR}" rgba="0.56 0.62 0.70 1"/>
${tableBodies(object)}
${armBodies()}${objectBody(object)}
  </worldbody>
${armActuators}</mujoco>`;
}

function tableBodies(object: ArmObject): string {
  const [from, to, halfWidth] = tableExtent(object);
  const x = (from + to) / 2;
  const halfLength = (to - from) / 2;
  const legs = [-1, 1].flatMap((i) =>
    [-1, 1].map((j) => {
      const place = `${x + i * (halfLength - 0.05)} ${j * (halfWidth - 0.05)} ${(table - 0.04) / 2}`;
      return `    <geom class="wood" rgba="0.36 0.38 0.42 1" size="0.025 0.025 ${(table - 0.04) / 2}" pos="${place}"/>`;
    }),
  );
  return `    <geom class="wood" name="table" size="${halfLength} ${halfWidth} 0.02" pos="${x} 0 ${table - 0.02}" contype="${TABLE}" friction="0.5 0.005 0.0001" solref="0.01 1" solimp="0.97 0.995 0.001"/>
${legs.join('\n')}`;
}

function objectBody(object: ArmObject): string {
  if (object === 'none') return '';
  const half = objectHalfHeight[object];
  const start = `<body name="object" pos="0.55 0 ${table + half}">
      <freejoint name="object"/>
      <site name="object" size="0.01" group="4"/>`;
  if (object === 'block') {
    return `    ${start}
      <geom name="block" type="box" size="${half} ${half} ${half}" mass="0.2" rgba="0.20 0.47 0.85 1" conaffinity="${TABLE | fingerBit | FLOOR}" friction="0.5 0.005 0.0001" solref="0.01 1" solimp="0.97 0.995 0.001"/>
    </body>`;
  }
  // The disc glides on four small feet, flush with its lower face: single contacts that MuJoCo computes exactly.
  const feet = [-1, 1].flatMap((i) =>
    [-1, 1].map(
      (j) =>
        `      <geom class="touch" type="sphere" size="0.004" pos="${i * 0.018} ${j * 0.018} ${0.004 - half}" conaffinity="${TABLE}" friction="0.08 0.001 0.0001" priority="1"/>`,
    ),
  );
  return `    ${start}
      <geom name="puck" type="cylinder" size="0.03 ${half}" mass="0.2" rgba="0.20 0.47 0.85 1" conaffinity="${fingerBit | FLOOR}" friction="0.3 0.001 0.0001" solref="0.01 1" solimp="0.97 0.995 0.001"/>
${feet.join('\n')}
    </body>`;
}
