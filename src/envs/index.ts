// Environments: the contract, the wrapper, vectorised stepping, the registry, the checker.

export type { GoalView, Scene, SceneMesh, SceneShape } from '../scene.js';
export { type Asked, askedIn } from './asked.js';
export { cartpoleBalance, cartpoleSwingUp } from './cartpole/index.js';
export type { EnvListing } from './catalog.js';
export { type CheckOptions, type CheckReport, checkDefinition, checkEnv, type Finding } from './check-env.js';
export { type Column, type ColumnArrays, columnsOf, type Values } from './columns.js';
export type { AxisControl, Controls, Way } from './controls.js';
export { defineEnv, type EnvAuthoring, parseEnvOptions, type WholeEnvAuthoring } from './define-env.js';
export type {
  AnySimulation,
  AuthorSpec,
  ColumnSpec,
  DataPolicy,
  Demonstrator,
  EnvDefinition,
  EnvSpec,
  GoalEnv,
  GoalRules,
  GoalTransition,
  PlainSimulation,
  ResetOptions,
  Simulation,
  SimulationStep,
  TimeStep,
} from './env.js';
export { type SharedPart, sharedParts } from './families/family-spec.js';
export {
  type FamilyMember,
  type FamilyMembers,
  type FamilySettings,
  isTaskFamily,
  type TaskFamily,
  taskFamily,
} from './families/task-family.js';
export {
  type FetchAssets,
  fetchFiles,
  loadFetchAssets,
  provideFetchAssets,
  useFetchAssets,
} from './fetch/assets.js';
export { arrayState, createGoalEnv } from './goal-env.js';
export * from './goals/index.js';
export {
  createGoalBackups,
  fewestSteps,
  type GoalBackups,
  type GoalValueOptions,
  type GoalValues,
  type GridMap,
  type GridOptions,
  type GridTables,
  goalValues,
  grid,
  gridMaps,
  gridModel,
  gridTables,
  moves,
  neighbour,
  parseMap,
  reachableSet,
  type TabularModel,
} from './grid/index.js';
export {
  type GymnasiumAssets,
  gymnasiumFiles,
  loadGymnasiumAssets,
  provideGymnasiumAssets,
  useGymnasiumAssets,
} from './gymnasium/assets.js';
export { type GymnasiumTask, gymnasiumTasks } from './gymnasium/tasks.js';
export { type Instructions, placeholders, writeInstruction } from './instructions.js';
export {
  loadMetaworldAssets,
  type MetaworldAssets,
  metaworldFiles,
  provideMetaworldAssets,
  useMetaworldAssets,
} from './metaworld/assets.js';
export { scriptedPolicy } from './metaworld/scripted.js';
export { type MetaworldTask, metaworldTasks } from './metaworld/tasks.js';
export * from './mujoco/index.js';
export { pendulum, pendulumStep } from './pendulum/index.js';
export { RECORDED } from './recorded-name.js';
export { listEnvs, loadEnv, makeEnv } from './registry.js';
export { actionSize, type Box, box, type Discrete, type Dtype, discrete, image } from './space.js';
export { hasGoals, hasSuccess, resolveSpec, stepLimit, taskNumber } from './spec.js';
export { createVectorEnv, type EnvGroup, type VectorEnv } from './vector-env.js';
export { wrapEnv } from './wrap-env.js';
