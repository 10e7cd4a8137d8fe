// The tabletop in MJCF: the robot, two objects of changing shapes, a button, a drawer, a dial, a hook and a tray.
import { controlPeriod } from '../arm/control.js';
import { armActuators, armBodies, armDefaults, fingerBit } from '../arm/robot.js';
import { button, dial, drawer, hook, type ShapeName, shapeNames, shapes, tableTop, tray } from './layout.js';

// Who touches whom: a pair collides when one's contype meets the other's conaffinity.
const TABLE = 1;
const OBJECT = 4;
const FIXTURE = 8;

/** How each shape's geoms touch, by the end of their names; geoms of the other shapes touch nothing. */
export const touching: Readonly<Record<string, { readonly contype: number; readonly conaffinity: number }>> = {
  cube: { contype: OBJECT, conaffinity: fingerBit | OBJECT | FIXTURE },
  brick: { contype: OBJECT, conaffinity: fingerBit | OBJECT | FIXTURE },
  // A cylinder is round to fingers, but meets other things as the square inside it: exact and cheap contacts.
  cylinder: { contype: 0, conaffinity: fingerBit },
  'cylinder-core': { contype: OBJECT, conaffinity: OBJECT | FIXTURE },
};

/** The geoms of a shape, by the end of their names. */
export const geomsOf = (shape: ShapeName): string[] => (shape === 'cylinder' ? ['cylinder', 'cylinder-core'] : [shape]);

/** Height of the foot's middle above an object's lower face. */
export const footRadius = 0.005;

export const objectNames = ['object-1', 'object-2'] as const;

const stiff = 'solref="0.01 1" solimp="0.97 0.995 0.001"';
const surface = `friction="0.5 0.005 0.0001" ${stiff}`;
const solid = `contype="${FIXTURE}" conaffinity="${fingerBit}" density="0" ${surface}`;

/**
 * The MJCF document. `substeps` physics steps make one control period. User data: the commanded position of the gripper
 * (3), then for each object the numbers of its shape and its colour. No midphase: bodies have few geoms, so looking at each
 * pair is faster than trees of boxes.
 */
export const tabletopModel = (substeps: number): string => `<mujoco model="tabletop">
  <compiler angle="radian" autolimits="true"/>
  <option timestep="${controlPeriod / substeps}" integrator="implicitfast" cone="elliptic" impratio="10">
    <flag midphase="disable"/>
  </option>
  <size nuserdata="7" memory="1M"/>
${armDefaults}  <worldbody>
    <light name="sun" pos="0.2 -1.2 2.6" dir="0.15 0.5 -1" directional="true"/>
    <geom name="floor" type="plane" size="0 0 0.1" rgba="0.56 0.62 0.70 1"/>
${table}
${still}
${armBodies()}${moving}
${objectNames.map(objectBody).join('\n')}
  </worldbody>
  <contact>
${objectNames.map(footContact).join('\n')}
  </contact>
${armActuators}</mujoco>`;

// Things lie on a plane at the height of the table: its contacts are exact and cheap, and nothing falls off.
const table = `    <geom name="table-plane" type="plane" size="0 0 0.1" pos="0 0 ${tableTop}" group="3" contype="${TABLE}" ${surface}/>
    <geom class="wood" name="table" size="0.38 0.52 0.02" pos="0.64 0 ${tableTop - 0.021}"/>
${[0.31, 0.97].flatMap((x) => [-0.47, 0.47].map((y) => `    <geom class="wood" rgba="0.36 0.38 0.42 1" size="0.025 0.025 0.18" pos="${x} ${y} 0.18"/>`)).join('\n')}`;

const wall = (name: string, half: string, place: string) =>
  `    <geom class="dark" name="${name}" type="box" size="${half}" pos="${place}" ${solid}/>`;

const trayWalls = [
  `    <geom name="tray" type="box" size="${tray.halfLength} ${tray.halfWidth} 0.0005" pos="${tray.x} ${tray.y} ${tableTop}" rgba="0.55 0.60 0.68 1"/>`,
  wall(
    'tray-far',
    `0.006 ${tray.halfWidth + 0.012} 0.012`,
    `${tray.x + tray.halfLength + 0.006} ${tray.y} ${tableTop + 0.012}`,
  ),
  ...[-1, 1].map((side) =>
    wall(
      side < 0 ? 'tray-right' : 'tray-left',
      `${tray.halfLength} 0.006 0.012`,
      `${tray.x} ${tray.y + side * (tray.halfWidth + 0.006)} ${tableTop + 0.012}`,
    ),
  ),
].join('\n');

const front = drawer.bar + 0.065;

// The robot's joints come first in the state, so what can move follows after it.
const still = `${trayWalls}
    <geom class="dark" name="button-box" type="box" size="0.04 0.04 0.02" pos="${button.x} ${button.y} ${tableTop + 0.02}" ${solid}/>
    <geom class="wood" name="cabinet" type="box" size="0.10 0.06 0.055" pos="${front + 0.108} ${drawer.y} ${tableTop + 0.055}" ${solid} rgba="0.62 0.50 0.38 1"/>`;

const moving = `    <body name="button" pos="${button.x} ${button.y} ${button.top - 0.012}">
      <joint name="button" type="slide" axis="0 0 -1" range="-0.001 ${button.travel}" armature="0.05" damping="3" stiffness="150"/>
      <geom name="button" type="cylinder" size="0.024 0.012" rgba="0.85 0.10 0.10 1" mass="0.05"/>
      <geom class="touch" name="button-touch" type="box" size="0.02 0.02 0.012" contype="${FIXTURE}" conaffinity="${fingerBit}"/>
    </body>
    <body name="drawer" pos="${front} ${drawer.y} ${drawer.height}">
      <joint name="drawer" type="slide" axis="-1 0 0" range="0 ${drawer.travel}" damping="8"/>
      <geom name="drawer-front" type="box" size="0.008 0.056 0.045" rgba="0.75 0.63 0.48 1" mass="0.4" contype="${FIXTURE}" conaffinity="${fingerBit}" ${surface}/>
      <geom class="wood" name="drawer-box" type="box" size="0.08 0.05 0.03" pos="0.085 0 -0.008"/>
      <geom class="touch" name="drawer-bar-touch" type="capsule" size="0.008" fromto="-0.065 -0.04 0 -0.065 0.04 0" contype="${FIXTURE}" conaffinity="${fingerBit}"/>
      <geom class="dark" name="drawer-bar" type="capsule" size="0.008" fromto="-0.065 -0.04 0 -0.065 0.04 0"/>
      <geom class="dark" name="drawer-bar-left" type="capsule" size="0.006" fromto="-0.065 0.04 0 0 0.04 0"/>
      <geom class="dark" name="drawer-bar-right" type="capsule" size="0.006" fromto="-0.065 -0.04 0 0 -0.04 0"/>
    </body>
    <body name="dial" pos="${dial.x} ${dial.y} ${tableTop}">
      <joint name="dial" axis="0 0 1" range="-${dial.range} ${dial.range}" armature="0.0005" damping="0.05"/>
      <geom name="dial" type="cylinder" size="0.075 0.008" pos="0 0 0.008" rgba="0.85 0.86 0.88 1" mass="0.1"/>
      <geom class="hub" name="dial-pointer" type="box" size="0.005 0.03 0.002" pos="0 0.03 0.017"/>
      <geom class="hub" name="dial-peg" type="capsule" size="0.011" fromto="0 ${dial.radius} 0.016 0 ${dial.radius} 0.055"/>
      <geom class="touch" name="dial-touch" type="capsule" size="0.011" fromto="0 ${dial.radius} 0.016 0 ${dial.radius} 0.055" contype="${FIXTURE}" conaffinity="${fingerBit}"/>
    </body>
    <body name="hook" pos="${hook.x} ${hook.y} ${tableTop}">
      <joint name="hook-x" type="slide" axis="1 0 0" range="-0.2 0.35" damping="6"/>
      <joint name="hook-y" type="slide" axis="0 1 0" range="-0.45 0.1" damping="6"/>
      <geom name="hook-handle" type="box" size="0.02 0.012 0.02" pos="0 0 0.021" rgba="0.93 0.42 0.10 1" mass="0.1" contype="${FIXTURE}" conaffinity="${fingerBit}" friction="1 0.005 0.0001" solref="0.01 1" solimp="0.97 0.995 0.001"/>
      <geom class="dark" name="hook-shaft" type="box" size="${hook.length / 2} ${hook.halfWidth} 0.01" pos="${hook.length / 2} 0 0.012" mass="0.05" contype="${FIXTURE}" conaffinity="${fingerBit}" ${surface}/>
      <geom class="dark" name="hook-arm" type="box" size="${hook.halfWidth} ${hook.arm / 2} 0.01" pos="${hook.length} ${-hook.arm / 2} 0.012" mass="0.02" contype="${FIXTURE}" conaffinity="${fingerBit}" ${surface}/>
    </body>`;

/**
 * An object stays upright: it slides, turns about the vertical and is lifted, but does not tip over. So it stands on one
 * small foot under its middle, a single contact, where a free block has four: faster, and nothing rolls about. The foot
 * stands where the shape's lower face is; compiled for the cube, the simulation moves it.
 */
function objectBody(name: string): string {
  const geoms = shapeNames.flatMap((shape) => {
    const [x, y, z] = shapes[shape];
    const geom = (end: string, rest: string) => {
      const { contype, conaffinity } = touching[end];
      return `      <geom name="${name}-${end}" mass="0" ${rest} contype="${contype}" conaffinity="${conaffinity}" friction="0.5" ${stiff}/>`;
    };
    // The foot stands out a little, so that what is stacked rests on it too.
    const height = z - 0.0005;
    if (shape !== 'cylinder') return geom(shape, `type="box" size="${x} ${y} ${height}"`);
    const inner = x * Math.SQRT1_2;
    return [
      geom('cylinder', `type="cylinder" size="${x} ${height}"`),
      geom('cylinder-core', `type="box" size="${inner} ${inner} ${height}" group="3"`),
    ];
  });
  return `    <body name="${name}" pos="0 0 ${tableTop}">
      <joint name="${name}" type="slide" axis="1 0 0"/>
      <joint name="${name}-y" type="slide" axis="0 1 0"/>
      <joint name="${name}-z" type="slide" axis="0 0 1"/>
      <joint name="${name}-yaw" axis="0 0 1"/>
      <inertial pos="0 0 0" mass="0.2" diaginertia="8.3e-5 8.3e-5 8.3e-5"/>
      <site name="${name}" size="0.01" group="4"/>
      <geom name="${name}-foot" type="sphere" size="${footRadius}" pos="0 0 ${footRadius - shapes.cube[2]}" mass="0" group="3" contype="0" conaffinity="${OBJECT}" condim="4" friction="0.5 0.01 0.0001" priority="1" ${stiff}/>
${geoms.join('\n')}
    </body>`;
}

// As stiff in friction as in the normal direction, a contact would lift what suddenly slides.
const footContact = (name: string): string =>
  `    <pair geom1="${name}-foot" geom2="table-plane" condim="4" friction="0.5 0.5 0.01 0.0001 0.0001" ${stiff} solreffriction="0.04 1"/>`;
