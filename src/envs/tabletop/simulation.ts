// The tabletop in MuJoCo: one scene for all tasks, which differ in how episodes begin and in their goals.

import type { Mujoco, MujocoModel } from '../../physics/bindings.js';
import { compileModel } from '../../physics/compile.js';
import { createPhysics } from '../../physics/physics.js';
import { listShapes } from '../../physics/scene.js';
import type { Random } from '../../random.js';
import { controlPeriod, createArmControl, maxDisplacement } from '../arm/control.js';
import { limitPosition } from '../arm/kinematics.js';
import { filmRobot } from '../arm/views.js';
import type { Filmed } from '../camera.js';
import { moveAlong } from '../controls.js';
import type { EnvSpec, GoalRules, Simulation, TimeStep } from '../env.js';
import { type GroupName, groups, seen, seenOfObject, targetColumn, wants } from './columns.js';
import { colourNames, colourOf, colours, hook, shapeNames, shapeOf, shapes, tableTop, workspace } from './layout.js';
import { goalAt, goalShapes, withMarker } from './markers.js';
import { footRadius, geomsOf, objectNames, tabletopModel, touching } from './model.js';
import { createStart, type Start } from './tasks.js';

/** Physics steps of 5 ms per control step. */
const substeps = 8;
/** How high the gripper is above an object that lies where it shall, in pictures of goals, in metres. */
const clearance = 0.1;
/** Where shapes and colours stand in the user data, after the commanded position. */
const looks = 3;

const compiled = new WeakMap<Mujoco, MujocoModel>();

/** Compiled once; each simulation takes a copy, in which its objects have the shapes of its episode. */
function sharedModel(mujoco: Mujoco): MujocoModel {
  const known = compiled.get(mujoco) ?? compileModel(mujoco, { xml: tabletopModel(substeps), name: 'tabletop' });
  compiled.set(mujoco, known);
  return known;
}

/** What is asked for in the scene. */
export interface TabletopSetting {
  readonly rules: GoalRules & { readonly spec: EnvSpec };
  /** Whether cameras see where the goal is; default: false. */
  readonly goalMarker?: boolean;
  /** Draws how an episode begins, all of `start`, and writes its goal. */
  draw(random: Random, start: Start, goal: Float32Array): void;
  /** Draws another beginning, with the target, shapes and colours in `start`, for a goal that stays; optional. */
  drawAgain?(random: Random, start: Start, goal: Float32Array): void;
}

export interface Tabletop extends Simulation, Filmed {
  /**
   * Begins the episode that was drawn last otherwise: `change` what it begins with, and its goal. False where there is none,
   * after a state was restored.
   */
  rearrange(change: (start: Start, goal: Float32Array) => void, now: TimeStep): boolean;
}

/** Builds a simulation; `createGoalEnv` makes an environment of it. */
export function createTabletop(mujoco: Mujoco, { rules, draw, drawAgain, goalMarker }: TabletopSetting): Tabletop {
  const physics = createPhysics(mujoco, { compiled: sharedModel(mujoco), name: rules.spec.name });
  const { model } = physics;
  const control = createArmControl(physics, substeps, workspace.low, workspace.high);
  const [qpos, qvel, sites, user] = (['qpos', 'qvel', 'site_xpos', 'userdata'] as const).map(physics.array);
  const objects = objectNames.map((name) => ({
    joint: physics.jointAddress(name),
    site: physics.index('site', name),
    body: physics.index('body', name),
    foot: physics.index('geom', `${name}-foot`),
    geoms: shapeNames.map((shape) =>
      geomsOf(shape).map((end) => ({ end, id: physics.index('geom', `${name}-${end}`) })),
    ),
  }));
  const slides = ['button', 'drawer', 'dial', 'hook-x', 'hook-y'].map(physics.jointAddress);
  const [, drawerJoint, dialJoint, hookX, hookY] = slides;
  const { fingers, grip } = control;
  const hand = physics.index('body', 'hand');
  const start = createStart();
  const velocity = new Float64Array(6);
  let target = 0;
  /** Of the present episode. */
  let wanted: Float32Array | undefined;
  let isDrawn = false;
  physics.reset();
  const atRest = physics.save();

  /** Gives the objects the shapes and colours that the user data name: the model holds them, but only the data are saved. */
  function dress(): void {
    const look = user();
    for (let i = 0; i < objects.length; i++) {
      const colour = colours[colourNames[look[looks + 2 * i + 1]]];
      model.geom_pos[3 * objects[i].foot + 2] = footRadius - shapes[shapeNames[look[looks + 2 * i]]][2];
      for (let s = 0; s < shapeNames.length; s++) {
        const chosen = look[looks + 2 * i] === s;
        for (const { end, id } of objects[i].geoms[s]) {
          model.geom_contype[id] = chosen ? touching[end].contype : 0;
          model.geom_conaffinity[id] = chosen ? touching[end].conaffinity : 0;
          model.geom_rgba.set([...colour, chosen ? 1 : 0], 4 * id);
        }
      }
    }
    physics.modelChanged();
  }

  function reset(random: Random, now: TimeStep): void {
    draw(random, start, now.goal);
    arrange(now);
  }

  function again(random: Random, now: TimeStep): void {
    const [wantsFirst, wantsSecond] = objectNames.map((name) => wants(now.goal, name));
    start.target = wantsSecond || (!wantsFirst && target === 1) ? 1 : 0;
    for (let i = 0; i < objects.length; i++) {
      const seenOf = now.observation.subarray(seen.objects + i * seen.objectSize);
      start.shape[i] = shapeOf(seenOf.subarray(seenOfObject.shape));
      start.colour[i] = colourOf(seenOf.subarray(seenOfObject.colour));
    }
    drawAgain?.(random, start, now.goal);
    arrange(now);
  }

  /** Puts everything where `start` says. */
  function arrange(now: TimeStep): void {
    isDrawn = true;
    target = start.target;
    physics.restore(atRest);
    control.place(start.gripper, true);
    const q = qpos();
    for (let i = 0; i < objects.length; i++) {
      const at = objects[i].joint.qpos;
      q.set(start.place[i], at);
      q[at + 2] = shapes[shapeNames[start.shape[i]]][2];
      q[at + 3] = 0;
      user()[looks + 2 * i] = start.shape[i];
      user()[looks + 2 * i + 1] = start.colour[i];
    }
    q[drawerJoint.qpos] = start.drawer;
    q[dialJoint.qpos] = start.dial;
    q[hookX.qpos] = start.hook[0];
    q[hookY.qpos] = start.hook[1];
    dress();
    physics.forward();
    observe(now);
  }

  /**
   * Where the goal is reached: what it is about is there, and all else stays. An object in the air is held; above one that
   * lies the gripper waits, unless the goal says where it is.
   */
  function pose(goal: ArrayLike<number>): void {
    const q = qpos();
    const { at: gripper } = groups.gripper;
    const place = (at: number) => [goal[at], goal[at + 1], goal[at + 2]];
    let hand = wants(goal, 'gripper') ? place(gripper) : undefined;
    for (const [i, name] of (['object-1', 'object-2'] satisfies GroupName[]).entries()) {
      if (!wants(goal, name)) continue;
      const target = place(groups[name].at);
      q.set(target, objects[i].joint.qpos);
      const lies = target[2] < tableTop + 2 * shapes[shapeNames[user()[looks + 2 * i]]][2];
      hand ??= [target[0], target[1], target[2] + (lies ? clearance : 0)];
    }
    for (const [i, name] of (['button', 'drawer', 'dial'] satisfies GroupName[]).entries()) {
      if (wants(goal, name)) q[slides[i].qpos] = goal[groups[name].at];
    }
    if (!hand) return;
    const reachable = Float64Array.from(hand);
    limitPosition(reachable, workspace.low, workspace.high);
    control.place(reachable, true);
  }

  function observe(now: TimeStep): void {
    wanted = now.goal;
    const { observation: o, achieved } = now;
    const site = sites();
    const q = qpos();
    const v = qvel();
    const look = user();
    physics.siteVelocity(grip, velocity);
    for (let j = 0; j < 3; j++) {
      o[seen.gripper + j] = achieved[j] = site[3 * grip + j];
      o[seen.gripperVelocity + j] = velocity[j] * controlPeriod;
    }
    for (let j = 0; j < 2; j++) {
      o[seen.fingers + j] = q[fingers[j].qpos];
      o[seen.fingerVelocities + j] = v[fingers[j].qvel] * controlPeriod;
    }
    for (let i = 0; i < objects.length; i++) {
      const { joint, site: place } = objects[i];
      const at = seen.objects + i * seen.objectSize;
      physics.siteVelocity(place, velocity);
      for (let j = 0; j < 3; j++) {
        o[at + seenOfObject.position + j] = achieved[3 + 3 * i + j] = site[3 * place + j];
        o[at + seenOfObject.relative + j] = site[3 * place + j] - site[3 * grip + j];
        o[at + seenOfObject.velocity + j] = velocity[j] * controlPeriod;
        o[at + seenOfObject.shape + j] = look[looks + 2 * i] === j ? 1 : 0;
        o[at + seenOfObject.colour + j] = colours[colourNames[look[looks + 2 * i + 1]]][j];
      }
      o[at + seenOfObject.yaw] = q[joint.qpos + 3];
      o[at + seenOfObject.yawVelocity] = v[joint.qvel + 3] * controlPeriod;
    }
    for (let j = 0; j < slides.length; j++) {
      o[seen.fixtures + j] = q[slides[j].qpos];
      o[seen.fixtureVelocities + j] = v[slides[j].qvel] * controlPeriod;
      if (j < 3) achieved[9 + j] = q[slides[j].qpos];
    }
    o[seen.fixtures + 3] += hook.x;
    o[seen.fixtures + 4] += hook.y;
    achieved[targetColumn] = target;
  }

  return {
    ...rules,
    ...filmRobot(physics, grip, pose, goalMarker ? (stage) => withMarker(stage, () => wanted) : undefined),
    reset,
    ...(drawAgain && { again }),
    rearrange(change, now) {
      if (!isDrawn) return false;
      change(start, now.goal);
      arrange(now);
      return true;
    },
    step(action, now) {
      control.move(action, action[3]);
      observe(now);
    },
    scene: (now) => ({ dimensions: 3, shapes: [...listShapes(physics), ...goalShapes(now.goal)] }),
    goalAt,
    controls: ({ observation: o }) => ({
      period: controlPeriod,
      move: moveAlong(3, maxDisplacement),
      place: Array.from(o.subarray(seen.gripper, seen.gripper + 3)),
      grip: { number: 3, open: 1 },
      startsOpen: true,
    }),
    pushable: ['object', 'gripper'],
    push(thing, by, now) {
      physics.push(thing === 'object' ? objects[target].body : hand, by);
      observe(now);
    },
    saveState() {
      const state = physics.save();
      const bytes = new Uint8Array(state.length + 1);
      bytes.set(state);
      bytes[state.length] = target;
      return bytes;
    },
    restoreState(bytes) {
      isDrawn = false;
      physics.restore(bytes.subarray(0, bytes.length - 1));
      target = bytes[bytes.length - 1];
      dress();
      physics.forward();
    },
    dispose: physics.dispose,
  };
}
