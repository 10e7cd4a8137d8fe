// Scenes of environments on a canvas.
export { openSceneView, type SceneView, type SceneViewOptions } from './scene-view.js';
