// Noise whose power falls with frequency, as one matrix that white noise is multiplied with (Timmer & Koenig 1995).

/**
 * [H, H], row-major: a row of H independent standard normals times it is a stretch of H numbers of variance 1 each whose
 * power at frequency f goes as f^-exponent; exponent 0 gives white noise.
 */
export function colouring(horizon: number, exponent: number): Float32Array {
  const matrix = new Float32Array(horizon * horizon);
  const amplitude = (k: number) => Math.max(k, 1) ** (-exponent / 2);
  // An orthogonal basis of real waves: constant, cosines and sines of 1, 2, ... waves, and the alternating one.
  const waves: { k: number; of: (t: number) => number }[] = [{ k: 0, of: () => 1 }];
  for (let k = 1; 2 * k < horizon; k++) {
    const turn = (t: number) => (2 * Math.PI * k * t) / horizon;
    waves.push({ k, of: (t) => Math.SQRT2 * Math.cos(turn(t)) }, { k, of: (t) => Math.SQRT2 * Math.sin(turn(t)) });
  }
  if (horizon % 2 === 0 && horizon > 1) waves.push({ k: horizon / 2, of: (t) => (t % 2 === 0 ? 1 : -1) });
  const power = waves.reduce((sum, { k }) => sum + amplitude(k) ** 2, 0);
  waves.forEach(({ k, of }, i) => {
    for (let t = 0; t < horizon; t++) matrix[i * horizon + t] = (of(t) * amplitude(k)) / Math.sqrt(power);
  });
  return matrix;
}
