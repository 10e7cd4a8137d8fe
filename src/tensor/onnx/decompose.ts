// Operations that ONNX, or ONNX Runtime in double precision, does not have, in terms of those it has.
import type { Tensor } from '../tensor.js';

// Chebyshev coefficients of erfc(z) exp(z^2) / t, t = 2 / (2 + z); Press et al., Numerical Recipes, 3rd ed., 6.2.2.
const erfcCoefficients = [
  -1.3026537197817094, 0.6419697923564902, 1.9476473204185836e-2, -9.561514786808631e-3, -9.46595344482036e-4,
  3.66839497852761e-4, 4.2523324806907e-5, -2.0278578112534e-5, -1.62429000464e-6, 1.30365583558e-6, 1.5626441722e-8,
  -8.5238095915e-8, 6.529054439e-9, 5.059343495e-9, -9.91364156e-10, -2.27365122e-10, 9.6467911e-11, 2.394038e-12,
  -6.886027e-12, 8.94487e-13, 3.13092e-13, -1.12708e-13, 3.81e-16, 7.106e-15, -1.523e-15, -9.4e-17, 1.21e-16, -2.8e-17,
];

/** erf to about 1e-15 by Clenshaw's recurrence: ONNX Runtime has it in single precision only. */
function erf(x: Tensor): Tensor {
  const { graph } = x;
  const z = x.abs();
  const t = graph.constant(2, undefined, x.dtype).div(z.add(2));
  const y = t.mul(4).sub(2);
  let [d, before] = [t.mul(0), t.mul(0)];
  for (const c of erfcCoefficients.slice(1).reverse()) [d, before] = [y.mul(d).sub(before).add(c), d];
  const exponent = y.mul(d).add(erfcCoefficients[0]).mul(0.5).sub(before).sub(z.mul(z));
  return x.sign().mul(t.mul(exponent.exp()).neg().add(1));
}

export const decompositions: Record<string, (x: Tensor) => Tensor | undefined> = {
  // log(u) x / (u - 1) with u = 1 + x as rounded: the rounding errors cancel (Kahan).
  Log1p(x) {
    const u = x.add(1);
    const d = u.sub(1);
    return d.equal(0).where(x, u.log().mul(x).div(d));
  },
  Erf: (x) => (x.dtype === 'float64' ? erf(x) : undefined),
};
