// What there is to draw of a moment, for views of any kind.

/** Something to draw: a shape at a place. Sizes are half lengths in metres, `rotation` a row-major 3x3 matrix. */
export interface SceneShape {
  readonly kind: 'plane' | 'sphere' | 'capsule' | 'ellipsoid' | 'cylinder' | 'box' | 'mesh' | 'line';
  readonly size: readonly number[];
  readonly position: readonly number[];
  readonly rotation?: readonly number[];
  readonly color: readonly [number, number, number, number];
  /**
   * What it is. Views draw by some names: `goal` is the goal (and can be dragged), `point` or `walker` what moves in two
   * dimensions, `floor`, `square` and `wall` lie below.
   */
  readonly name?: string;
  /** Of a mesh: its triangles, where they are known. */
  readonly mesh?: SceneMesh;
}

/** Triangles in the shape's frame; the same object for every moment of a simulation. */
export interface SceneMesh {
  /** [vertex, 3], in metres. */
  readonly vertices: Float32Array;
  /** [triangle, 3]: indices of vertices. */
  readonly faces: Uint32Array;
}

/**
 * What goals look like to people: `places` of the scene; `cells`, of which a goal is a whole one; `bits`, a string of zeros
 * and ones of which an action turns one over.
 */
export const goalViews = ['places', 'cells', 'bits'] as const;
export type GoalView = (typeof goalViews)[number];

export interface Scene {
  readonly dimensions: 2 | 3;
  readonly shapes: readonly SceneShape[];
}
