// Memory that WebAssembly multiplies in: parameters that lie there are multiplied where they are.
import { COLUMNS, createRowProduct, type RowProduct } from '../../kernels/row-product.js';
import { PAGE } from '../../kernels/wasm.js';
import { reachable } from '../../tensor/graph.js';
import type { Program } from '../../tensor/index.js';
import { sizeOf } from '../../tensor/shape.js';
import { multiplyAdds } from './cost.js';

export interface Workspace {
  readonly buffer: ArrayBuffer;
  /** Where the program's input of this name is read without being copied; undefined: not of float32. */
  readonly inputs: ReadonlyMap<string, Float32Array>;
  /** Of one row of the largest product: numbers other than zero, the addresses of their rows, and the result. */
  readonly factors: Float64Array;
  readonly rows: Int32Array;
  readonly result: Float32Array;
  readonly product: RowProduct;
}

/** Below so many multiplications plain loops take no longer. */
const LEAST = 2000;

/** A workspace for the program; undefined where it is not worth one, or where WebAssembly has no SIMD or is forbidden. */
export function createWorkspace(program: Program): Workspace | undefined {
  if (multiplyAdds(program).products < LEAST) return undefined;
  const specs = program.inputs.filter(({ dtype }) => dtype === 'float32');
  const products = reachable(program.simplified).filter(({ op }) => op === 'MatMul');
  const largest = (size: (x: readonly number[]) => number, input: number) =>
    Math.max(0, ...products.map(({ inputs }) => size(inputs[input].shape)));
  const last = (shape: readonly number[]) => shape[shape.length - 1];
  const [k, n] = [largest(last, 0), largest(last, 1)];
  let bytes = 0;
  /** The address of so much; everything begins where a cache line does. */
  const reserve = (length: number) => {
    const address = bytes;
    bytes += Math.ceil(length / 64) * 64;
    return address;
  };
  const factors = reserve(8 * k);
  const rows = reserve(4 * k);
  // The product fills whole groups of columns, and reads as many behind the last row.
  const result = reserve(4 * (n + COLUMNS));
  const places = specs.map(({ shape }) => reserve(4 * sizeOf(shape)));
  reserve(4 * COLUMNS);
  const kernel = createRowProduct(Math.ceil(bytes / PAGE));
  if (!kernel) return undefined;
  const { buffer, product } = kernel;
  return {
    buffer,
    inputs: new Map(specs.map(({ name, shape }, i) => [name, new Float32Array(buffer, places[i], sizeOf(shape))])),
    factors: new Float64Array(buffer, factors, k),
    rows: new Int32Array(buffer, rows, k),
    result: new Float32Array(buffer, result, n),
    product,
  };
}
