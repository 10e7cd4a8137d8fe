// Any MuJoCo model as a goal environment.

import { UsageError } from '../../errors.js';
import type { Mujoco, MujocoModel } from '../../physics/bindings.js';
import { compileModel } from '../../physics/compile.js';
import { loadEngine, loadMujoco } from '../../physics/engine.js';
import { limitedJoints } from '../../physics/limits.js';
import { names } from '../../physics/names.js';
import { type CompiledModel, createPhysics, type Physics } from '../../physics/physics.js';
import { listShapes } from '../../physics/scene.js';
import type { Random } from '../../random.js';
import type { EnvDefinition, EnvSpec, GoalRules, Simulation, TimeStep } from '../env.js';
import { createGoalEnv } from '../goal-env.js';
import { type GoalForm, goalRules, statePredicates, targetState } from '../goals/index.js';
import { box } from '../space.js';
import { createControl } from './control.js';
import { loadModel } from './model-files.js';
import { checkMujocoOptions, type MujocoEnvOptions, type MujocoSettings, mujocoSettings } from './options.js';
import { createReader, type ObservationPart, type Place } from './places.js';

/**
 * Defines an environment from a MuJoCo model. The model is compiled once here, to learn its sizes and to find mistakes,
 * so this is asynchronous: `export const env = await mujocoEnv({ ... })` in a module whose path then works wherever an
 * environment's name does.
 * @throws UsageError with MuJoCo's own message for a broken model, and for names that the model does not have
 */
export async function mujocoEnv(options: MujocoEnvOptions): Promise<EnvDefinition<MujocoSettings>> {
  checkMujocoOptions(options);
  const { name, description = 'a MuJoCo model' } = options;
  const mujoco = await loadMujoco();
  // Kept as long as the definition: each environment takes a copy.
  const source = { compiled: await compile(mujoco, options), name };
  try {
    const shape = probe(mujoco, source, options);
    return {
      name,
      description,
      options: mujocoSettings(options),
      rules: (settings) => modelRules(options, shape, settings),
      create(settings) {
        const make = (engine: Mujoco) =>
          createGoalEnv(createModel(engine, source, options, modelRules(options, shape, settings)));
        return settings.physics === 'native' ? loadEngine('native').then(make) : make(mujoco);
      },
    };
  } catch (error) {
    source.compiled.delete();
    throw error;
  }
}

async function compile(mujoco: Mujoco, options: MujocoEnvOptions): Promise<MujocoModel> {
  const { path, xml = '', files, name, actuators } = options;
  if (path === undefined) return compileModel(mujoco, { xml, files, name, actuators });
  return (await loadModel(mujoco, path, { files, actuators })).model;
}

function probe(mujoco: Mujoco, source: CompiledModel, options: MujocoEnvOptions): Shape {
  const physics = createPhysics(mujoco, source);
  try {
    return describe(physics, options);
  } finally {
    physics.dispose();
  }
}

/** What the spaces need to know of the compiled model. */
interface Shape {
  readonly observation: readonly string[];
  readonly achieved: readonly string[];
  readonly actuators: readonly string[];
  /** Size of the model, in metres. */
  readonly extent: number;
}

const achievedOf = ({ achieved }: MujocoEnvOptions) => (Array.isArray(achieved) ? achieved : [achieved]) as Place[];

function observed(options: MujocoEnvOptions): readonly ObservationPart[] {
  const places = achievedOf(options).filter((place) => !('joint' in place)); // joints are in qpos
  return options.observation ?? ['qpos', 'qvel', ...places];
}

function describe(physics: Physics, options: MujocoEnvOptions): Shape {
  const shape = {
    observation: createReader(physics, observed(options)).names,
    achieved: createReader(physics, achievedOf(options)).names,
    actuators: createControl(physics, options.action).names,
    extent: physics.model.stat.extent,
  };
  const { goal } = options;
  if ('low' in goal && (goal.low.length !== shape.achieved.length || goal.high.length !== shape.achieved.length)) {
    throw new UsageError(
      `mujocoEnv ${options.name}: goal.low and goal.high have ${goal.low.length} and ${goal.high.length} numbers; what is achieved has ${shape.achieved.length} (${shape.achieved.join(', ')}).`,
    );
  }
  // Mistakes in these show here rather than in the first run.
  startState(physics, options);
  if ('configurations' in goal) configurable(physics, goal.configurations);
  return shape;
}

function modelRules(
  options: MujocoEnvOptions,
  shape: Shape,
  settings: MujocoSettings,
): GoalRules & { readonly spec: EnvSpec } {
  const form = goalForm(options, shape);
  const { rewardRange, ...rules } = goalRules(form, settings.reward);
  const { observation, achieved, actuators } = shape;
  return {
    ...rules,
    spec: {
      name: options.name,
      observation: box(observation.length, -Infinity, Infinity, observation),
      achieved: box(achieved.length, -Infinity, Infinity, achieved),
      goal: form.goal,
      goalKind: form.kind,
      action: box(actuators.length, -1, 1, actuators),
      maxEpisodeSteps: options.maxEpisodeSteps ?? 100,
      rewardRange,
      successEndsEpisode: settings.successEndsEpisode,
      info: [],
    },
  };
}

function goalForm({ goal }: MujocoEnvOptions, { achieved, extent }: Shape): GoalForm {
  if ('predicates' in goal) return statePredicates(achieved.length, goal.predicates, goal.otherwise);
  const size = 'low' in goal ? Math.hypot(...goal.high.map((bound, j) => bound - goal.low[j])) : extent;
  const space = box(achieved.length, -Infinity, Infinity, achieved);
  return targetState(space, goal.tolerance, goal.farthest ?? 2 * Math.max(size, goal.tolerance));
}

function startState(physics: Physics, { keyframe, name }: MujocoEnvOptions): Uint8Array {
  const { mujoco, model, data } = physics;
  physics.reset();
  if (keyframe !== undefined) {
    const key = typeof keyframe === 'number' ? keyframe : keyframeNames(physics).indexOf(keyframe);
    if (!(Number.isInteger(key) && key >= 0 && key < model.nkey)) {
      const known = keyframeNames(physics).join(', ') || 'none';
      throw new UsageError(
        `mujocoEnv ${name}: the model has no keyframe ${JSON.stringify(keyframe)}; it has ${known}.`,
      );
    }
    mujoco.mj_resetDataKeyframe(model, data, key);
    physics.forward();
  }
  return physics.save();
}

/** Keyframes by what the option may be: a name, or the number of one without. */
const keyframeNames = ({ model }: Physics) => names(model, 'keyframe').map((name, id) => name || `${id}`);

function createModel(
  mujoco: Mujoco,
  source: CompiledModel,
  options: MujocoEnvOptions,
  rules: GoalRules & { readonly spec: EnvSpec },
): Simulation {
  const { frameSkip = 5, resetNoise = 0, goal } = options;
  const physics = createPhysics(mujoco, source);
  const start = startState(physics, options);
  const observation = createReader(physics, observed(options));
  const achieved = createReader(physics, achievedOf(options));
  const control = createControl(physics, options.action);
  const noise = typeof resetNoise === 'number' ? { qpos: resetNoise, qvel: resetNoise } : resetNoise;
  const [qpos, qvel] = [physics.array('qpos'), physics.array('qvel')];
  const loose = positionsOf(physics, [0, 2, 3]).filter(({ component }) => component < 3);
  const drawGoal = 'predicates' in goal ? drawPredicate : 'low' in goal ? drawInRange : drawConfiguration;
  const turned = 'configurations' in goal ? configurable(physics, goal.configurations) : [];
  const movable = new Map(
    names(physics.model, 'body').flatMap((name, body) =>
      name && physics.model.body_dofnum[body] > 0 ? [[name, body] as const] : [],
    ),
  );
  const success = new Uint8Array(1);
  const none = new Float32Array(0);

  function drawInRange(random: Random, now: TimeStep): void {
    if (!('low' in goal)) return;
    for (let j = 0; j < now.goal.length; j++) {
      now.goal[j] = goal.low[j] + (goal.high[j] - goal.low[j]) * random.uniform();
    }
  }

  function drawConfiguration(random: Random, now: TimeStep): void {
    const kept = physics.save();
    for (const { index, low, high } of turned) qpos()[index] = low + (high - low) * random.uniform();
    physics.forward();
    achieved.read(now.goal);
    physics.restore(kept);
  }

  /** A predicate that does not hold yet, if there is one. */
  function drawPredicate(random: Random, now: TimeStep): void {
    const count = now.goal.length;
    const first = random.below(count);
    for (let k = 0; k <= count; k++) {
      now.goal.fill(0);
      now.goal[(first + k) % count] = 1;
      rules.computeSuccess(now.achieved, now.goal, none, success);
      if (success[0] === 0) return;
    }
  }

  function observe(now: TimeStep): void {
    observation.read(now.observation);
    achieved.read(now.achieved);
  }

  return {
    ...rules,
    reset(random, now) {
      physics.restore(start);
      if (noise.qpos) for (const { index } of loose) qpos()[index] += noise.qpos * (2 * random.uniform() - 1);
      if (noise.qvel) for (let i = 0; i < qvel().length; i++) qvel()[i] += noise.qvel * (2 * random.uniform() - 1);
      options.start?.(random, physics);
      physics.forward();
      observe(now);
      drawGoal(random, now);
    },
    step(action, now) {
      control.apply(action);
      physics.step(frameSkip);
      observe(now);
      return options.failed?.(physics) ?? false;
    },
    scene(now) {
      const shapes = listShapes(physics);
      const [place, ...others] = achievedOf(options);
      if (!('tolerance' in goal) || 'joint' in place || others.length > 0) return { dimensions: 3, shapes };
      // Along axes that do not count the marker goes with what shall reach it.
      const { axes = 'xyz', ...whole } = place;
      const at = new Float32Array(3);
      createReader(physics, [whole as Place]).read(at);
      for (const [j, axis] of [...axes].entries()) at['xyz'.indexOf(axis)] = now.goal[j];
      const position = Array.from(at);
      shapes.push({ kind: 'sphere', size: [goal.tolerance], position, color: [0.95, 0.08, 0.1, 0.6], name: 'goal' });
      return { dimensions: 3, shapes };
    },
    goalAt(point, out) {
      const [place, ...others] = achievedOf(options);
      if (!('tolerance' in goal) || 'joint' in place || others.length > 0) return false;
      for (const [j, axis] of [...(place.axes ?? 'xyz')].entries()) {
        const value = point['xyz'.indexOf(axis)];
        out[j] = 'low' in goal ? Math.min(Math.max(value, goal.low[j]), goal.high[j]) : value;
      }
      return true;
    },
    pushable: [...movable.keys()],
    push(thing, velocity, now) {
      physics.push(movable.get(thing) ?? 0, velocity);
      observe(now);
    },
    saveState: physics.save,
    restoreState: physics.restore,
    dispose: physics.dispose,
  };
}

/** Numbers of qpos that belong to joints of these types (mjtJoint: 0 free, 1 ball, 2 slide, 3 hinge). */
function positionsOf({ model }: Physics, types: readonly number[]) {
  return Array.from({ length: model.njnt }, (_, joint) => joint)
    .filter((joint) => types.includes(model.jnt_type[joint]))
    .flatMap((joint) =>
      Array.from({ length: model.jnt_type[joint] === 0 ? 7 : 1 }, (_, component) => {
        return { joint, component, index: model.jnt_qposadr[joint] + component };
      }),
    );
}

function configurable(physics: Physics, chosen: true | readonly string[]) {
  const { model } = physics;
  const called = names(model, 'joint');
  const held = limitedJoints(physics);
  const wanted = chosen === true ? undefined : new Set(chosen.map((name) => physics.index('joint', name)));
  return positionsOf(physics, [2, 3])
    .filter(({ joint }) => wanted?.has(joint) ?? true)
    .map(({ joint, index }) => {
      const [from, to]: number[] = [model.jnt_range[2 * joint], model.jnt_range[2 * joint + 1]];
      const limited = held[joint];
      if (!limited && model.jnt_type[joint] === 2) {
        throw new UsageError(
          `the slide "${called[joint] || joint}" has no limits to draw goal configurations from; give it a range in the model, or the goal as { low, high, tolerance }.`,
        );
      }
      const [low, high] = limited ? [from, to] : [-Math.PI, Math.PI];
      return { index, low, high };
    });
}
