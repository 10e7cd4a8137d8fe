// How much work a program is.
import { reachable } from '../../tensor/graph.js';
import type { Program } from '../../tensor/index.js';
import { sizeOf } from '../../tensor/shape.js';

export interface MultiplyAdds {
  /** Of matrix products. */
  readonly products: number;
  readonly convolutions: number;
}

/** Multiplications with additions of one run of the program. */
export function multiplyAdds(program: Program): MultiplyAdds {
  let [products, convolutions] = [0, 0];
  for (const { op, inputs, outputs } of reachable(program.simplified)) {
    if (op === 'MatMul') products += sizeOf(outputs[0].shape) * inputs[0].shape[inputs[0].shape.length - 1];
    if (op === 'Conv') convolutions += sizeOf(outputs[0].shape) * sizeOf(inputs[1].shape.slice(1));
    if (op === 'ConvTranspose') convolutions += sizeOf(inputs[0].shape) * sizeOf(inputs[1].shape.slice(1));
  }
  return { products, convolutions };
}
