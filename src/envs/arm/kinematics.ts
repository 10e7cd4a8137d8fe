// Closed-form inverse kinematics of the six-axis arm with its hand pointing straight down.

/** Lengths in metres and places in the world; the base stands at the origin. */
export const geometry = {
  /** Height of the shoulder axis above the floor. */
  shoulder: 0.68,
  /** Shoulder to elbow. */
  upperArm: 0.44,
  /** Elbow to the centre of the wrist. */
  forearm: 0.42,
  /** Centre of the wrist to the point between the fingertips. */
  hand: 0.21,
  /** Height of the table top. */
  table: 0.4,
} as const;

/** Farthest that the wrist goes from the shoulder: 98% of the outstretched arm, away from the singularity. */
const longestReach = 0.98 * (geometry.upperArm + geometry.forearm);

/** Moves a gripper position (metres, world) inside the box and inside the arm's reach, in place. */
export function limitPosition(position: Float64Array, low: readonly number[], high: readonly number[]): void {
  for (let i = 0; i < 3; i++) position[i] = Math.min(Math.max(position[i], low[i]), high[i]);
  const height = position[2] + geometry.hand - geometry.shoulder;
  const reach = Math.hypot(position[0], position[1], height);
  if (reach > longestReach) {
    // Sideways only, so that being at the limit does not lift the gripper off the table or press it into it.
    const scale = Math.sqrt((longestReach ** 2 - height ** 2) / (position[0] ** 2 + position[1] ** 2));
    position[0] *= scale;
    position[1] *= scale;
  }
}

/**
 * Joint angles (radians: base yaw, shoulder, elbow, forearm roll, wrist, hand roll) that put the point between the
 * fingertips at `position`, elbow up, hand down, fingers opening along the world's y axis.
 */
export function inverseKinematics(position: ArrayLike<number>, joints: Float64Array): void {
  const { shoulder, upperArm, forearm, hand } = geometry;
  const across = Math.hypot(position[0], position[1]);
  const up = position[2] + hand - shoulder;
  // Law of cosines in the vertical plane through shoulder, elbow and wrist; angles are from the vertical.
  const cosElbow = (across ** 2 + up ** 2 - upperArm ** 2 - forearm ** 2) / (2 * upperArm * forearm);
  const elbow = Math.acos(Math.min(Math.max(cosElbow, -1), 1));
  const lift = Math.atan2(across, up) - Math.atan2(forearm * Math.sin(elbow), upperArm + forearm * Math.cos(elbow));
  const yaw = Math.atan2(position[1], position[0]);
  joints[0] = yaw;
  joints[1] = lift;
  joints[2] = elbow;
  joints[3] = 0;
  joints[4] = Math.PI - lift - elbow;
  joints[5] = yaw; // about the downward axis: undoes the base's yaw
}
