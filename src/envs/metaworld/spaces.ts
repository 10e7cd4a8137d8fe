// The numbers that a Meta-World observation has, and their bounds.

/** Numbers of an observation's half: hand, opening, object, its turn, and zeros for a second object. */
export const half = 18;
/** Now, the step before, the target. */
export const observationSize = 2 * half + 3;

/** The box of the hand in observations, in metres, wider than where it can be sent. */
const seenLow = [-0.525, 0.348, -0.0525];
const seenHigh = [0.525, 1.025, 0.7];

/** Bounds of a half: the hand, the opening, and no bounds for the rest. */
export const halfLow: readonly number[] = [...seenLow, -1, ...new Array(half - 4).fill(-Infinity)];
export const halfHigh: readonly number[] = [...seenHigh, 1, ...new Array(half - 4).fill(Infinity)];
