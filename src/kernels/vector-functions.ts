// Functions in WebAssembly that walk float32 vectors in steps of four numbers.
import {
  BRANCH_IF,
  type Code,
  END,
  F32,
  I32,
  I32_ADD,
  I32_LESS,
  i32Const,
  LOOP,
  localGet,
  localSet,
  simd,
  V128,
  type WasmFunction,
} from './wasm.js';

/** A function over vectors of equally many numbers in the imported memory. */
export interface VectorFunction {
  readonly name: string;
  /** Parameters, each the address of a vector. */
  readonly pointers: readonly string[];
  /** Parameters after them: float32 numbers. */
  readonly scalars: readonly string[];
  /** What happens to four numbers at a time. */
  body(v: Vectors): readonly Code[];
  /** Values that are added up over all steps: the k-th sum's four numbers are stored at `out` + 16 k, the last parameter. */
  sums?(v: Vectors): readonly Code[];
}

/** Instructions on four numbers of every vector. Values are float32, each operation rounded by itself. */
export interface Vectors {
  load(pointer: string): Code;
  /** Four times the scalar. */
  scalar(name: string): Code;
  store(pointer: string, value: Code): Code;
  add(a: Code, b: Code): Code;
  sub(a: Code, b: Code): Code;
  mul(a: Code, b: Code): Code;
  div(a: Code, b: Code): Code;
  sqrt(a: Code): Code;
}

/** Bytes of four numbers. */
const STEP = 16;
/** Alignment 4 bytes, offset 0. */
const MEMORY_ARGUMENT = [2, 0];

/** `for (i = 0; i < bytes; i += 16) body`; the first parameter is `bytes`, the vectors' length; locals: `i`, then sums. */
export function vectorFunction({ name, pointers, scalars, body, sums }: VectorFunction): WasmFunction {
  const names = ['bytes', ...pointers, ...scalars, ...(sums ? ['out'] : [])];
  const index = (name: string) => names.indexOf(name);
  const i = names.length;
  const address = (pointer: string) => [...localGet(index(pointer)), ...localGet(i), I32_ADD];
  const binary = (code: number) => (a: Code, b: Code) => [...a, ...b, ...simd(code)];
  const vectors: Vectors = {
    load: (pointer) => [...address(pointer), ...simd(0x00, ...MEMORY_ARGUMENT)],
    scalar: (name) => [...localGet(index(name)), ...simd(0x13)],
    store: (pointer, value) => [...address(pointer), ...value, ...simd(0x0b, ...MEMORY_ARGUMENT)],
    sqrt: (a) => [...a, ...simd(0xe3)],
    add: binary(0xe4),
    sub: binary(0xe5),
    mul: binary(0xe6),
    div: binary(0xe7),
  };
  const added = sums?.(vectors) ?? [];
  const sumOf = (k: number) => i + 1 + k;
  const instructions = [
    ...body(vectors),
    ...added.map((value, k) => [...vectors.add(localGet(sumOf(k)), value), ...localSet(sumOf(k))]),
  ];
  const results = added.flatMap((_, k) => [
    ...[...localGet(index('out')), ...i32Const(STEP * k), I32_ADD, ...localGet(sumOf(k))],
    ...simd(0x0b, ...MEMORY_ARGUMENT),
  ]);
  const next = [...localGet(i), ...i32Const(STEP), I32_ADD, ...localSet(i)];
  const again = [...localGet(i), ...localGet(0), I32_LESS, ...BRANCH_IF];
  return {
    name,
    parameters: [I32, ...pointers.map(() => I32), ...scalars.map(() => F32), ...(sums ? [I32] : [])],
    locals: [[1, I32], ...(sums ? [[added.length, V128] as const] : [])],
    body: [...LOOP, ...instructions.flat(), ...next, ...again, END, ...results],
  };
}
