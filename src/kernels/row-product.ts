// A row times a matrix, in WebAssembly: what a policy does when it decides.
import {
  BRANCH_IF,
  type Code,
  END,
  encodeModule,
  I32,
  I32_ADD,
  I32_LESS,
  i32Const,
  i32Load,
  LOOP,
  localGet,
  localSet,
  simd,
  V128,
} from './wasm.js';

/** Columns that are summed at once, two in each vector of float64. */
export const COLUMNS = 16;
const SUMS = COLUMNS / 2;

/**
 * y = sum over i of factors[i] rows[i]: `factors` float64, `rows` the addresses of float32 rows, `y` float32. Sums are
 * made in float64 in the order of i, so that plain loops give the same bits. All are addresses in bytes, lengths too;
 * columns are done sixteen at a time, so that memory behind y and behind the rows must be there.
 *
 *     for (c = 0; c < columnBytes; c += 64) {
 *       sums = 0
 *       for (i = 0; i < rowBytes; i += 4) sums += factors[2 i] * rows[i][c...]
 *       y[c...] = sums
 *     }
 */
export type RowProduct = (factors: number, rows: number, y: number, columnBytes: number, rowBytes: number) => void;

function rowProduct(): Code {
  const [factors, rows, y, columnBytes, rowBytes, c, i, row, factor] = Array.from({ length: 9 }, (_, k) => localGet(k));
  const [setC, setI, setRow, setFactor] = [5, 6, 7, 8].map(localSet);
  const sums = Array.from({ length: SUMS }, (_, k) => 9 + k);
  const zero = simd(0x0c, ...new Array(16).fill(0));
  return [
    ...LOOP,
    ...sums.flatMap((sum) => [...zero, ...localSet(sum)]),
    ...[...i32Const(0), ...setI],
    ...LOOP,
    // v128.load64_splat: the factor twice
    ...[...factors, ...i, ...i, I32_ADD, I32_ADD, ...simd(0x0a, 3, 0), ...setFactor],
    ...[...rows, ...i, I32_ADD, ...i32Load, ...c, I32_ADD, ...setRow],
    // v128.load64_zero, f64x2.promote_low_f32x4, f64x2.mul, f64x2.add
    ...sums.flatMap((sum, k) => [
      ...[...localGet(sum), ...factor, ...row, ...simd(0x5d, 2, 8 * k), ...simd(0x5f), ...simd(0xf2), ...simd(0xf0)],
      ...localSet(sum),
    ]),
    ...[...i, ...i32Const(4), I32_ADD, ...setI],
    ...[...i, ...rowBytes, I32_LESS, ...BRANCH_IF],
    END,
    // f32x4.demote_f64x2_zero, v128.store64_lane
    ...sums.flatMap((sum, k) => [
      ...[...y, ...c, I32_ADD, ...localGet(sum), ...simd(0x5e), ...simd(0x5b, 2, 8 * k, 0)],
    ]),
    ...[...c, ...i32Const(4 * COLUMNS), I32_ADD, ...setC],
    ...[...c, ...columnBytes, I32_LESS, ...BRANCH_IF],
    END,
  ];
}

let compiled: WebAssembly.Module | undefined;

function compile(): WebAssembly.Module {
  const parameters = new Array(5).fill(I32);
  const locals = [
    [3, I32],
    [1 + SUMS, V128],
  ] as const;
  return new WebAssembly.Module(encodeModule([{ name: 'product', parameters, locals, body: rowProduct() }]));
}

/**
 * The kernel on a memory of so many pages; undefined where there is no SIMD, no memory to be had, or where the page's policy
 * allows no WebAssembly.
 */
export function createRowProduct(pages: number): { product: RowProduct; buffer: ArrayBuffer } | undefined {
  try {
    compiled ??= compile();
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
    return { product: exports.product as unknown as RowProduct, buffer: memory.buffer };
  } catch {
    return undefined;
  }
}
