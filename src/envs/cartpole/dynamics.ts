// A cart on a rail with a pole on it: the equations of motion of the DeepMind Control Suite's model, and its integration.

export const cartpole = {
  gravity: 9.81, // m/s^2
  cartMass: 1, // kg
  poleMass: 0.1, // kg
  /** Of the pole's straight part, and of its round ends (m). */
  length: 1,
  radius: 0.045,
  /** Newtons at control 1. */
  gear: 10,
  cartDamping: 5e-4, // N s/m
  poleDamping: 2e-6, // N m s/rad
  /** The cart stops dead at this distance from the middle (m). */
  rail: 1.8,
  period: 0.01, // s, of one step of integration
} as const;

const { gravity, cartMass, poleMass, length, radius, gear, cartDamping, poleDamping, rail, period } = cartpole;

/** Of a capsule of even density about its centre, across its axis: a cylinder and two half-spheres. */
const inertia = (() => {
  const ends = (poleMass * 4 * radius) / 3 / (length + (4 * radius) / 3);
  const middle = poleMass - ends;
  return (
    middle * (length ** 2 / 12 + radius ** 2 / 4) +
    ends * ((2 * radius ** 2) / 5 + length ** 2 / 4 + (3 * length * radius) / 8)
  );
})();
/** Distance of the pole's centre from the hinge. */
const arm = length / 2;

/** Accelerations of [x, angle] at [x, angle from upright (towards +x), their velocities], written to out[0..1]. */
function accelerate(state: Float64Array, force: number, out: Float64Array): void {
  const [, angle, velocity, turning] = state;
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  // [a b; b d] [x''; angle''] = [p; q]
  const a = cartMass + poleMass;
  const b = poleMass * arm * cos;
  const d = inertia + poleMass * arm ** 2;
  const p = force + poleMass * arm * turning ** 2 * sin - cartDamping * velocity;
  const q = poleMass * gravity * arm * sin - poleDamping * turning;
  const determinant = a * d - b * b;
  out[0] = (d * p - b * q) / determinant;
  out[1] = (a * q - b * p) / determinant;
}

const middle = new Float64Array(4);
const found = new Float64Array(2);
const sum = new Float64Array(4);

/** Moves [x, angle, their velocities] on by 0.01 s in place, by Runge and Kutta's method of order four. */
export function cartpoleStep(state: Float64Array, control: number): void {
  const force = gear * control;
  sum.fill(0);
  middle.set(state);
  for (let stage = 0; stage < 4; stage++) {
    accelerate(middle, force, found);
    const weight = stage === 0 || stage === 3 ? 1 / 6 : 1 / 3;
    const [velocity, turning] = [middle[2], middle[3]];
    sum[0] += weight * velocity;
    sum[1] += weight * turning;
    sum[2] += weight * found[0];
    sum[3] += weight * found[1];
    const ahead = stage === 2 ? period : period / 2;
    middle[0] = state[0] + ahead * velocity;
    middle[1] = state[1] + ahead * turning;
    middle[2] = state[2] + ahead * found[0];
    middle[3] = state[3] + ahead * found[1];
  }
  for (let i = 0; i < 4; i++) state[i] += period * sum[i];
  if (Math.abs(state[0]) > rail) {
    state[0] = Math.sign(state[0]) * rail;
    state[2] = 0;
  }
}

/** 1 at 0, falling like a bell to 0.1 at `margin`. */
const bell = (x: number, margin: number): number => Math.exp(Math.log(0.1) * (x / margin) ** 2);

/** The suite's smooth reward, 0 to 1, of the state that a control led to. */
export function cartpoleReward(state: Float64Array, control: number): number {
  const upright = (Math.cos(state[1]) + 1) / 2;
  const centred = (1 + bell(state[0], 2)) / 2;
  const gentle = (4 + Math.max(0, 1 - control ** 2)) / 5;
  const slow = (1 + bell(state[3], 5)) / 2;
  return upright * centred * gentle * slow;
}
