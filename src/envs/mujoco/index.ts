// Any MuJoCo model as a goal environment.
export type { Actuators, JointActuator } from '../../physics/actuators.js';
export { readModel } from './model-files.js';
export { mujocoEnv } from './mujoco-env.js';
export type { MujocoEnvOptions, MujocoSettings, PredicateGoal, TargetGoal } from './options.js';
export type { ObservationPart, Place } from './places.js';
