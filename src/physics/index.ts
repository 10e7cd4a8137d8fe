// Physics: MuJoCo models, stepped, saved, restored, looked up by name and drawn.
export { loadMujoco, type Mujoco, type MujocoOptions } from './engine.js';
export { createPhysics, type DataArray, type ModelSource, type NamedKind, names, type Physics } from './physics.js';
export { listShapes } from './scene.js';
