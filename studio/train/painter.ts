// What draws a scene on a canvas: in the plane, or in space by three (loaded only then).
import type { Scene } from '../../src/envs/env.js';

export interface Painter {
  draw(scene: Scene): void;
  dispose(): void;
}

/** Throws where the browser has no WebGL for a scene in space. */
export async function createPainter(scene: Scene, canvas: HTMLCanvasElement): Promise<Painter> {
  if (scene.dimensions === 2) return (await import('./paint-plane.js')).createPlanePainter(canvas);
  return (await import('./paint-space.js')).createSpacePainter(canvas);
}
