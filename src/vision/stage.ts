// What stands before a camera: solids that stay as they are, and where they are now.

/** Shapes that a camera draws, all convex. Sizes as in scenes: half lengths; of capsules and cylinders [radius, half length]. */
export type SolidKind = 'plane' | 'sphere' | 'capsule' | 'ellipsoid' | 'cylinder' | 'box';

export interface StageSolid {
  readonly kind: SolidKind;
  /** Metres. A plane of size 0 is infinite. */
  readonly size: readonly number[];
  /** Never moves and never changes its colour: it is drawn once. */
  readonly still: boolean;
}

/** Where the solids are and how they look now; arrays are read anew for every picture and may be replaced by others. */
export interface Stage {
  readonly solids: readonly StageSolid[];
  /** [solid, 3], metres. */
  positions(): ArrayLike<number>;
  /** [solid, 9], row-major 3 x 3 matrices. */
  rotations(): ArrayLike<number>;
  /** [solid, 4]: red, green, blue and alpha from 0 to 1; what has alpha 0 is not there, all else is opaque. */
  colours(): ArrayLike<number>;
}

/** Where a camera stands. */
export interface View {
  /** Where `from` and `at` are counted from [3], read anew for every picture: of a camera that goes along. Absent: from the origin. */
  readonly along?: () => ArrayLike<number>;
  /** In metres; z is up. */
  readonly from: readonly [number, number, number];
  /** What is in the middle of the picture; not straight above or below `from`. */
  readonly at: readonly [number, number, number];
  /** Metres that the picture is wide at the distance of `at`. */
  readonly width: number;
}

/** Makes pictures [size, size, 3] of bytes, row by row from the top. */
export interface Camera {
  /** Writes what it sees now; allocates nothing. The same state gives the same bytes in every JavaScript engine. */
  take(out: Uint8Array): void;
}
