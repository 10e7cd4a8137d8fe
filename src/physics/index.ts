// Physics: MuJoCo models, stepped, saved, restored, looked up by name and drawn.
export type { DataArray, Mujoco, MujocoBuffer, MujocoData, MujocoModel } from './bindings.js';
export { loadMujoco, type MujocoOptions } from './engine.js';
export {
  type CompiledModel,
  compileModel,
  createPhysics,
  type ModelSource,
  type NamedKind,
  names,
  type Physics,
} from './physics.js';
export { encodePng } from './png.js';
export { castRay, type RayHit, type Solid, solidsOf } from './ray.js';
export { type Picture, type RenderOptions, render } from './render.js';
export { listShapes } from './scene.js';
