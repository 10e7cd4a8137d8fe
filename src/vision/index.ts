// Vision: the cameras of learning.
export { type CameraSettings, createCamera } from './camera.js';
export { createFlatCamera, type FlatWorld } from './flat.js';
export type { Camera, SolidKind, Stage, StageSolid, View } from './stage.js';
