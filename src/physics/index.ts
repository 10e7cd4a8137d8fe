// Physics: MuJoCo models, stepped, saved, restored, looked up by name and drawn.
export type { Actuators, JointActuator } from './actuators.js';
export type { DataArray, Mujoco, MujocoBuffer, MujocoData, MujocoModel } from './bindings.js';
export { compileModel, type ModelSource } from './compile.js';
export { configureMujoco, loadEngine, loadMujoco, type MujocoOptions, type PhysicsBackend } from './engine.js';
export { limitedControls, limitedJoints } from './limits.js';
export { type NamedKind, names } from './names.js';
export { useMujocoLibrary } from './native-library.js';
export {
  type CompiledModel,
  createPhysics,
  type Physics,
  type StepOptions,
} from './physics.js';
export { encodePng } from './png.js';
export { castRay, type RayHit, type Solid, solidsOf } from './ray.js';
export { type Picture, type RenderOptions, render } from './render.js';
export { listShapes } from './scene.js';
export { physicsStage } from './stage.js';
