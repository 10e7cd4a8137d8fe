// Values over places of a scene, as views paint them.

export interface Field {
  readonly panel: number;
  readonly columns: number;
  readonly rows: number;
  /** Outline in the scene, [x from, y from, x to, y to], and its height. */
  readonly outline: readonly [number, number, number, number];
  readonly height: number;
  /** [rows, columns] from the lowest y; NaN where there is no goal. */
  readonly values: Float32Array;
  readonly low: number;
  readonly high: number;
}
