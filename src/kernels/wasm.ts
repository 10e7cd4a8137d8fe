// Writes small WebAssembly modules by hand: their binary form, and the instructions that our functions use.
// See the WebAssembly specification 2.0, sections 5.4 (instructions) and 5.5 (modules).

/** Instructions, as bytes. */
export type Code = readonly number[];

/** A function as a module holds it. */
export interface WasmFunction {
  readonly name: string;
  readonly parameters: readonly number[];
  /** Of further locals, in runs of one type: how many, and the type. */
  readonly locals: readonly (readonly [count: number, type: number])[];
  readonly body: Code;
}

export const I32 = 0x7f;
export const F32 = 0x7d;
export const V128 = 0x7b;
/** Bytes of a page of memory. */
export const PAGE = 65536;

export const localGet = (index: number): Code => [0x20, ...unsigned(index)];
export const localSet = (index: number): Code => [0x21, ...unsigned(index)];
/** Small positive values only. */
export const i32Const = (value: number): Code => [
  0x41,
  ...(value < 64 ? [value] : [(value & 0x7f) | 0x80, value >>> 7]),
];
export const i32Load: Code = [0x28, 2, 0];
export const I32_ADD = 0x6a;
export const I32_LESS = 0x49;
export const LOOP: Code = [0x03, 0x40];
export const BRANCH_IF: Code = [0x0d, 0];
export const END = 0x0b;
/** An instruction on vectors, with what follows it: of memory, alignment and offset. */
export const simd = (code: number, ...rest: readonly number[]): Code => [0xfd, ...unsigned(code), ...rest];

/** LEB128. */
export function unsigned(value: number): number[] {
  const low = value & 0x7f;
  return value < 0x80 ? [low] : [low | 0x80, ...unsigned(value >>> 7)];
}

const text = (value: string): number[] => [...unsigned(value.length), ...new TextEncoder().encode(value)];
const list = (items: readonly Code[]): number[] => [...unsigned(items.length), ...items.flat()];
const section = (id: number, items: readonly Code[]): number[] => {
  const body = list(items);
  return [id, ...unsigned(body.length), ...body];
};
const sized = (code: Code): number[] => [...unsigned(code.length), ...code];

/** The module's bytes. It imports `env.memory`: of so many pages and shared or not, or of any size. */
export function encodeModule(
  functions: readonly WasmFunction[],
  memory?: { readonly pages: number; readonly shared: boolean },
): Uint8Array<ArrayBuffer> {
  const limits = memory ? [memory.shared ? 3 : 1, ...unsigned(memory.pages), ...unsigned(memory.pages)] : [0, 1];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      functions.map(({ parameters }) => [0x60, ...list(parameters.map((type) => [type])), 0]),
    ),
    ...section(2, [[...text('env'), ...text('memory'), 2, ...limits]]),
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
      functions.map(({ locals, body }) =>
        sized([...list(locals.map(([count, type]) => [...unsigned(count), type])), ...body, END]),
      ),
    ),
  ]);
}
