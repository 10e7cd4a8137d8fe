// How much work a program is.
import { reachable } from '../../tensor/graph.js';
import type { Program } from '../../tensor/index.js';
import { sizeOf } from '../../tensor/shape.js';

/** Multiplications with additions of the program's matrix products and convolutions, of one run. */
export function multiplyAdds(program: Program): number {
  let count = 0;
  for (const { op, inputs, outputs } of reachable(program.simplified)) {
    if (op === 'MatMul') count += sizeOf(outputs[0].shape) * inputs[0].shape[inputs[0].shape.length - 1];
    if (op === 'Conv') count += sizeOf(outputs[0].shape) * sizeOf(inputs[1].shape.slice(1));
    if (op === 'ConvTranspose') count += sizeOf(inputs[0].shape) * sizeOf(inputs[1].shape.slice(1));
  }
  return count;
}
