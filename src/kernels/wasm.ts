// Writes small WebAssembly modules by hand: functions that walk float32 vectors in steps of four numbers.
// See the WebAssembly specification 2.0, sections 5.4 (instructions) and 5.5 (modules).

/** Instructions, as bytes. */
export type Code = readonly number[];

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

const I32 = 0x7f;
const F32 = 0x7d;
const V128 = 0x7b;
/** Bytes of four numbers. */
const STEP = 16;
/** Bytes of a page of memory. */
export const PAGE = 65536;

const SIMD = 0xfd;
const localGet = (index: number): Code => [0x20, ...unsigned(index)];
const localSet = (index: number): Code => [0x21, ...unsigned(index)];
const i32Const = (value: number): Code => [0x41, ...unsigned(value)]; // small positive values only
const I32_ADD = 0x6a;
const I32_LESS = 0x49;
const LOOP = [0x03, 0x40];
const BRANCH_IF = [0x0d, 0];
const END = 0x0b;
/** Alignment 4 bytes, offset 0. */
const MEMORY_ARGUMENT = [2, 0];
const operation = (code: number) => [SIMD, ...unsigned(code)];

/** LEB128. */
function unsigned(value: number): number[] {
  const low = value & 0x7f;
  return value < 0x80 ? [low] : [low | 0x80, ...unsigned(value >>> 7)];
}

const text = (value: string): number[] => [...unsigned(value.length), ...new TextEncoder().encode(value)];
const list = (items: readonly Code[]): number[] => [...unsigned(items.length), ...items.flat()];
const section = (id: number, items: readonly Code[]): number[] => {
  const body = list(items);
  return [id, ...unsigned(body.length), ...body];
};

/** `for (i = 0; i < bytes; i += 16) body`; the first parameter is `bytes`, the vectors' length; locals: `i`, then sums. */
function encode({ pointers, scalars, body, sums }: VectorFunction): { type: Code; code: Code } {
  const names = ['bytes', ...pointers, ...scalars, ...(sums ? ['out'] : [])];
  const index = (name: string) => names.indexOf(name);
  const i = names.length;
  const address = (pointer: string) => [...localGet(index(pointer)), ...localGet(i), I32_ADD];
  const binary = (code: number) => (a: Code, b: Code) => [...a, ...b, ...operation(code)];
  const vectors: Vectors = {
    load: (pointer) => [...address(pointer), ...operation(0x00), ...MEMORY_ARGUMENT],
    scalar: (name) => [...localGet(index(name)), ...operation(0x13)],
    store: (pointer, value) => [...address(pointer), ...value, ...operation(0x0b), ...MEMORY_ARGUMENT],
    sqrt: (a) => [...a, ...operation(0xe3)],
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
    ...[...operation(0x0b), ...MEMORY_ARGUMENT],
  ]);
  const next = [...localGet(i), ...i32Const(STEP), I32_ADD, ...localSet(i)];
  const again = [...localGet(i), ...localGet(0), I32_LESS, ...BRANCH_IF];
  const locals = list([[1, I32], ...(sums ? [[...unsigned(added.length), V128]] : [])]);
  const code = [...locals, ...LOOP, ...instructions.flat(), ...next, ...again, END, ...results, END];
  const parameters = [I32, ...pointers.map(() => I32), ...scalars.map(() => F32), ...(sums ? [I32] : [])];
  return { type: [0x60, ...list(parameters.map((type) => [type])), 0], code: [...unsigned(code.length), ...code] };
}

/** The module's bytes. It imports `env.memory`, of `pages` pages; shared memory is another type of memory. */
export function encodeModule(
  functions: readonly VectorFunction[],
  { pages, shared }: { readonly pages: number; readonly shared: boolean },
): Uint8Array<ArrayBuffer> {
  const encoded = functions.map(encode);
  const memory = [2, shared ? 3 : 1, ...unsigned(pages), ...unsigned(pages)];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      encoded.map(({ type }) => type),
    ),
    ...section(2, [[...text('env'), ...text('memory'), ...memory]]),
    ...section(
      3,
      functions.map((_, i) => unsigned(i)),
    ),
    ...section(
      7,
      functions.map(({ name }, i) => [...text(name), 0, ...unsigned(i)]),
    ),
    ...section(
      10,
      encoded.map(({ code }) => code),
    ),
  ]);
}
