// What there is to draw of a moment, for views of any kind.

/** Something to draw: a shape at a place. Sizes are half lengths in metres, `rotation` a row-major 3x3 matrix. */
export interface SceneShape {
  readonly kind: 'plane' | 'sphere' | 'capsule' | 'ellipsoid' | 'cylinder' | 'box' | 'mesh' | 'line';
  readonly size: readonly number[];
  readonly position: readonly number[];
  readonly rotation?: readonly number[];
  readonly color: readonly [number, number, number, number];
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

export interface Scene {
  readonly dimensions: 2 | 3;
  readonly shapes: readonly SceneShape[];
}
