// Operations that ONNX, or ONNX Runtime in double precision, does not have, in terms of those it has.
import type { Tensor } from '../tensor.js';

export const decompositions: Record<string, (inputs: readonly Tensor[]) => Tensor | undefined> = {
  // log(u) x / (u - 1) with u = 1 + x as rounded: the rounding errors cancel (Kahan).
  Log1p([x]) {
    const u = x.add(1);
    const d = u.sub(1);
    return d.equal(0).where(x, u.log().mul(x).div(d));
  },
};
