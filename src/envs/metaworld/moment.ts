// What rewards and observations of Meta-World are made of: the present moment and what an episode began with. Metres.

/** What is read of the simulation after each step; places in world axes. */
export interface Moment {
  readonly hand: Float64Array;
  /** The middle between the fingers' tips. */
  readonly fingers: Float64Array;
  /** The y of the left and the right finger's pad. */
  readonly pads: Float64Array;
  /** Distance of the fingers in units of 0.1 m, at most 1. */
  opening: number;
  /** The place that the observation shows, and its turn as four numbers. */
  readonly object: Float64Array;
  readonly turn: Float64Array;
  /** The place that the target is for. */
  readonly achieved: Float64Array;
  /** Angle of the door's hinge, in rad; 0 elsewhere. */
  angle: number;
  /** Of the two boxes that the peg must not run into: for each the corner with reward 0 and the one with 1. */
  readonly corners: readonly Float64Array[];
}

/** What stays the same during an episode. */
export interface Episode {
  readonly target: Float64Array;
  /** Where the middle between the fingers was. */
  readonly fingers: Float64Array;
  /** Where the object was, or where the fixture is. */
  readonly object: Float64Array;
  /** Where else something was: the peg's head, the window's handle; of the button [0] is how deep it can be pressed. */
  readonly other: Float64Array;
}

export const createMoment = (): Moment => ({
  hand: new Float64Array(3),
  fingers: new Float64Array(3),
  pads: new Float64Array(2),
  opening: 0,
  object: new Float64Array(3),
  turn: new Float64Array(4),
  achieved: new Float64Array(3),
  angle: 0,
  corners: Array.from({ length: 4 }, () => new Float64Array(3)),
});

/** An episode whose arrays lie one after the other in `memory` (12 numbers). */
export const episodeIn = (memory: Float64Array): Episode => ({
  target: memory.subarray(0, 3),
  fingers: memory.subarray(3, 6),
  object: memory.subarray(6, 9),
  other: memory.subarray(9, 12),
});
