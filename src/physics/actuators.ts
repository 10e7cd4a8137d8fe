// Gives a model without actuators some: what drives its joints, with gains and ranges. URDF has none by itself.

import { UsageError, unknownName } from '../errors.js';
import type { Mujoco, MujocoActuator, MujocoJoint, MujocoModel, MujocoSpec } from './bindings.js';

/** What drives a hinge or slide. Forces are in N or Nm, positions in m or rad. */
export type JointActuator = {
  /** Most force it can have, [low, high]. Joints may have limits of their own, such as URDF's effort. */
  readonly force?: readonly [number, number];
} & (
  | {
      /** A servo: force = kp (control - position) - kv speed. */
      readonly type: 'position';
      readonly kp: number;
      readonly kv?: number;
      /** Of the control. Default: the joint's. */
      readonly range?: readonly [number, number];
    }
  | {
      /** Force = kv (control - speed). */
      readonly type: 'velocity';
      readonly kv: number;
      readonly range: readonly [number, number];
    }
  | {
      /** Force = gear times control. */
      readonly type: 'motor';
      /** Default 1. */
      readonly gear?: number;
      /** Of the control. Default: what gives the joint's largest forces, such as URDF's effort. */
      readonly range?: readonly [number, number];
    }
);

/** By the joint's name; `*` stands for all hinges and slides not named. */
export type Actuators = Readonly<Record<string, JointActuator>>;

/**
 * Compiles a model, parsed, with these actuators, named after their joints.
 * @throws UsageError naming the joint and the field, or where the model has actuators already
 */
export function compileWith(mujoco: Mujoco, spec: MujocoSpec, actuators: Actuators): MujocoModel {
  if (mujoco.mjs_firstElement(spec, mujoco.mjtObj.mjOBJ_ACTUATOR)) {
    throw new UsageError(
      'actuators: the model has actuators of its own; leave the option away, or them out of the model.',
    );
  }
  const joints = listJoints(mujoco, spec);
  const { '*': others, ...named } = actuators;
  const wanted = new Map<string, JointActuator>(Object.entries(named));
  for (const [name] of wanted) {
    const joint = joints.get(name);
    if (!joint) throw unknownName('joint', name, [...joints.keys()]);
    if (!moves(mujoco, joint)) {
      throw new UsageError(`actuators: joint "${name}" is free or a ball; only hinges and slides can have one here.`);
    }
  }
  const none = mujoco.mjs_getSpecDefault(spec);
  if (!none) throw new UsageError('actuators: the model has no defaults to start from.');
  for (const [name, joint] of joints) {
    const actuator = wanted.get(name) ?? (moves(mujoco, joint) ? others : undefined);
    const added = actuator && mujoco.mjs_addActuator(spec, none);
    if (added) drive(mujoco, added, name, joint, actuator);
  }
  return mujoco.mj_compile(spec);
}

function listJoints(mujoco: Mujoco, spec: MujocoSpec): Map<string, MujocoJoint> {
  const found = new Map<string, MujocoJoint>();
  let element = mujoco.mjs_firstElement(spec, mujoco.mjtObj.mjOBJ_JOINT);
  while (element) {
    const joint = mujoco.mjs_asJoint(element);
    const name = mujoco.mjs_getName(element);
    if (joint && name) found.set(name, joint);
    element = mujoco.mjs_nextElement(spec, element);
  }
  return found;
}

const moves = ({ mjtJoint }: Mujoco, { type }: MujocoJoint) =>
  type.value === mjtJoint.mjJNT_HINGE.value || type.value === mjtJoint.mjJNT_SLIDE.value;

function drive(mujoco: Mujoco, added: MujocoActuator, name: string, joint: MujocoJoint, actuator: JointActuator): void {
  const fail = (problem: string): never => {
    throw new UsageError(`actuators: joint "${name}": ${problem}`);
  };
  const atLeast = (field: string, value: number, above: boolean) => {
    if (!(Number.isFinite(value) && (above ? value > 0 : value >= 0))) {
      fail(`${field} is ${value}; it must be a number ${above ? 'above' : 'of at least'} 0.`);
    }
    return value;
  };
  const pair = (field: string, value: readonly number[]) => {
    if (!(value.length === 2 && value.every(Number.isFinite) && value[0] < value[1])) {
      fail(`${field} is ${JSON.stringify(value)}; it must be two numbers, the lower first.`);
    }
    return value;
  };
  const { mjtLimited, mjtBias, mjtTrn } = mujoco;
  const held = (limited: MujocoJoint['limited'], range: ArrayLike<number>) =>
    limited.value === mjtLimited.mjLIMITED_TRUE.value ||
    (limited.value === mjtLimited.mjLIMITED_AUTO.value && range[0] < range[1]);

  mujoco.mjs_setName(added.element, name);
  added.trntype = mjtTrn.mjTRN_JOINT;
  added.target = name;
  let range: readonly number[] | undefined = actuator.range;
  if (actuator.type === 'position') {
    const kp = atLeast('kp', actuator.kp, true);
    added.biastype = mjtBias.mjBIAS_AFFINE;
    added.gainprm[0] = kp;
    added.biasprm.set([0, -kp, -atLeast('kv', actuator.kv ?? 0, false)]);
    // As the compiler will have it, in radians; the parsed range may be in degrees.
    if (!range && held(joint.limited, joint.range)) added.inheritrange = 1;
  } else if (actuator.type === 'velocity') {
    const kv = atLeast('kv', actuator.kv, true);
    added.biastype = mjtBias.mjBIAS_AFFINE;
    added.gainprm[0] = kv;
    added.biasprm.set([0, 0, -kv]);
  } else if (actuator.type === 'motor') {
    const gear = atLeast('gear', actuator.gear ?? 1, true);
    added.gear[0] = gear;
    const force = joint.actfrcrange;
    if (!range && held(joint.actfrclimited, force)) range = [force[0] / gear, force[1] / gear];
  } else
    fail(`type is ${JSON.stringify((actuator as { type: unknown }).type)}; it must be position, velocity or motor.`);
  if (!range && !added.inheritrange) {
    const missing = { position: 'no limits', velocity: 'no limits of speed', motor: 'no limits of force' }[
      actuator.type
    ];
    fail(`range is missing, and the joint has ${missing} to take it from; give range: [low, high].`);
  }
  if (range) added.ctrlrange.set(pair('range', range));
  added.ctrllimited = mjtLimited.mjLIMITED_TRUE;
  if (actuator.force) {
    added.forcerange.set(pair('force', actuator.force));
    added.forcelimited = mjtLimited.mjLIMITED_TRUE;
  }
}
