// The Sawyer robot in MuJoCo as Meta-World 3.1.1 runs it: the same calls in the same order, in float64.
import { RunError } from '../../errors.js';
import type { Mujoco, MujocoModel } from '../../physics/bindings.js';
import { createPhysics, type Physics } from '../../physics/physics.js';
import { createMoment, episodeIn } from './moment.js';
import { createReader } from './reader.js';
import { rewards } from './rewards.js';
import { half, halfHigh, halfLow, observationSize } from './spaces.js';
import { fixtures, type Stage, starts } from './starts.js';
import { handHigh, handLow, type MetaworldTask, taskSetups } from './tasks.js';
import { distance } from './tolerance.js';

/** Physics steps of 2.5 ms per control step. */
const substeps = 5;
/** Steps in which the hand comes to where episodes begin. */
const handSteps = 50 * substeps;
/** Of a control step, in seconds. */
export const period = substeps * 0.0025;
/** Displacement of a full action in metres, as Python multiplies it: in float32, the type of its actions. */
export const fullStep = Math.fround(0.01);
/** The hand's turn, as a quaternion that MuJoCo normalises. */
const turn = [1, 0, 1, 0];
/** How the hand is welded to the mocap body: no offset, and this much weight on the turn. */
const weld = [0, 0, 0, 0, 0, 0, -1, 0, 0, 0, 5];
/** Where the numbers of the object's or the fixture's joint begin, after seven joints of the arm and two of the fingers. */
const free = 9;

export interface Sawyer {
  readonly physics: Physics;
  /** [39]: now, the step before, the target; within its box after steps. Not written by restoring a state. */
  readonly observation: Float64Array;
  readonly achieved: Float64Array;
  readonly target: Float64Array;
  /** Begins an episode with what `drawStart` draws. */
  begin(vector: Float64Array): void;
  /** One control step with four numbers, of which the first three are clipped to [-1, 1]; returns the reward. */
  step(action: ArrayLike<number>): number;
  /** Whether the latest step was a success. */
  isSuccess(): boolean;
  /** Puts another simulation of the task's model where this one is, to be looked at. */
  pose(other: Physics): void;
  saveState(): Uint8Array;
  restoreState(bytes: Uint8Array): void;
}

/** Builds the robot of a task on a compiled model, which stays the caller's. */
export function createSawyer(mujoco: Mujoco, task: MetaworldTask, compiled: MujocoModel): Sawyer {
  const setup = taskSetups[task];
  const physics = createPhysics(mujoco, { compiled, name: `metaworld/${task}` });
  const { model, data } = physics;
  const [qpos, qvel, ctrl, mocap, mocapTurn] = (['qpos', 'qvel', 'ctrl', 'mocap_pos', 'mocap_quat'] as const).map(
    physics.array,
  );
  const now = createMoment();
  const reader = createReader(physics, task, now);
  const [body, fixtureAt] = fixtures[task] ?? [];
  const fixture = body === undefined ? -1 : physics.index('body', body);

  // Everything of an episode beside MuJoCo's state, in one array: target and starts, the observation's half of the step
  // before, where the fixture stands.
  const memory = new Float64Array(12 + half + 3);
  const start = episodeIn(memory);
  const previous = memory.subarray(12, 12 + half);
  const fixturePlace = memory.subarray(12 + half);

  const observation = new Float64Array(observationSize);
  const current = observation.subarray(0, half);
  const [goalLow, goalHigh] = setup.goals;
  const lowest = Float64Array.from([...halfLow, ...halfLow, ...goalLow]);
  const highest = Float64Array.from([...halfHigh, ...halfHigh, ...goalHigh]);

  const [x = 1, y = 1, z = 1] = setup.success.weights ?? [];
  const judged = { now, start, hand: observation.subarray(0, 3), effort: 0, error: 0 };

  function writeHalf(out: Float64Array): void {
    out.set(now.hand);
    out[3] = now.opening;
    out.set(now.object, 4);
    out.set(now.turn, 7);
  }

  function placeFixture(of = physics): void {
    if (fixture < 0) return;
    of.model.body_pos.set(fixturePlace, 3 * fixture);
    of.modelChanged();
  }

  // Where the hand is when an episode begins does not depend on what is drawn, so it gets there once; the last step is done
  // in each episode, for what is computed in it is seen.
  model.eq_data.set(weld);
  physics.modelChanged();
  mujoco.mj_resetData(model, data);
  mocap().set(setup.hand);
  mocapTurn().set(turn);
  ctrl().set([-1, 1]);
  physics.advance(handSteps - 1);
  const handState = physics.save();

  const stage: Stage = {
    now,
    start,
    look: reader.read,
    placeObject(place) {
      for (let i = 0; i < 3; i++) qpos()[free + i] = place[i];
      qvel().fill(0, free, free + 6);
      physics.forwardDynamics();
    },
    setJoint(value) {
      qpos()[free] = value;
    },
    holdJoint(value) {
      qpos()[free] = value;
      qvel()[free] = 0;
    },
    compute: physics.forwardDynamics,
    site: reader.site,
  };

  return {
    physics,
    observation,
    achieved: now.achieved,
    target: start.target,
    begin(vector) {
      memory.fill(0);
      if (fixtureAt !== undefined) fixturePlace.set(vector.subarray(fixtureAt, fixtureAt + 3));
      placeFixture();
      physics.restore(handState);
      physics.advance(1);
      reader.read();
      start.fingers.set(now.fingers);
      starts[task](stage, vector);
      reader.read();
      writeHalf(current);
      previous.set(current);
      observation.set(current, half);
      observation.set(start.target, 2 * half);
    },
    step(action) {
      const place = mocap();
      for (let i = 0; i < 3; i++) {
        const displacement = Math.fround(clip(Math.fround(action[i]), -1, 1) * fullStep);
        place[i] = clip(place[i] + displacement, handLow[i], handHigh[i]);
      }
      mocapTurn().set(turn);
      judged.effort = Math.fround(action[3]);
      ctrl()[0] = judged.effort;
      ctrl()[1] = -judged.effort;
      physics.advance(substeps, true);
      physics.forwardDynamics();
      reader.read();
      observation.set(previous, half);
      writeHalf(previous);
      current.set(previous);
      observation.set(start.target, 2 * half);
      for (let i = 0; i < observationSize; i++) observation[i] = clip(observation[i], lowest[i], highest[i]);
      judged.error = distance(now.achieved, start.target, x, y, z);
      return rewards[task](judged);
    },
    isSuccess: () => judged.error <= setup.success.tolerance,
    pose(other) {
      placeFixture(other);
      other.restore(physics.save());
    },
    saveState() {
      const state = physics.save();
      const bytes = new Uint8Array(memory.byteLength + state.length);
      bytes.set(new Uint8Array(memory.buffer));
      bytes.set(state, memory.byteLength);
      return bytes;
    },
    restoreState(bytes) {
      if (bytes.length < memory.byteLength) {
        throw new RunError(`a state of ${bytes.length} bytes is not one of metaworld/${task}.`);
      }
      new Uint8Array(memory.buffer).set(bytes.subarray(0, memory.byteLength));
      placeFixture();
      physics.restore(bytes.subarray(memory.byteLength));
    },
  };
}

const clip = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);
