// Shapes, element types, broadcasting, and errors that say where the caller went wrong.
import { UsageError } from '../errors.js';

/** Sizes per axis, outermost first; [] is a scalar. */
export type Shape = readonly number[];
export type FloatDtype = 'float32' | 'float64';
export type Dtype = FloatDtype | 'int64' | 'int32' | 'uint8' | 'bool';

/** A named value that enters or leaves a program. */
export interface TensorSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: Dtype;
  /** No output depends on this input: it is absent from the ONNX graph and runtimes ignore its values. */
  readonly unused?: boolean;
}

export const isFloat = (dtype: Dtype): dtype is FloatDtype => dtype === 'float32' || dtype === 'float64';

/** Number of elements. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, n) => product * n, 1);

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((n, i) => n === b[i]);

export const formatShape = (shape: Shape): string => `[${shape.join(', ')}]`;

/** Shape of an elementwise result, NumPy rules; undefined where the shapes do not go together. */
export function broadcast(...shapes: readonly Shape[]): number[] | undefined {
  const out: number[] = new Array(Math.max(0, ...shapes.map((s) => s.length))).fill(1);
  for (const shape of shapes) {
    for (let i = 0; i < shape.length; i++) {
      const axis = out.length - shape.length + i;
      if (shape[i] === out[axis] || shape[i] === 1) continue;
      if (out[axis] !== 1) return undefined;
      out[axis] = shape[i];
    }
  }
  return out;
}

/** An axis counted from the front; negative ones count from the back. */
export function axisOf(op: string, axis: number, shape: Shape): number {
  if (!Number.isInteger(axis) || axis < -shape.length || axis >= shape.length) {
    throw tensorError(op, `axis ${axis} of shape ${formatShape(shape)}: use ${-shape.length} to ${shape.length - 1}`);
  }
  return axis < 0 ? axis + shape.length : axis;
}

// Not `new URL('.', import.meta.url)`: bundlers take that for a file to ship.
const here = new URL(import.meta.url).pathname.replace(/[^/]*$/, '');

/** The first line of the stack outside the tensor compiler: the caller's. */
function callSite(): string {
  const lines = (new Error().stack ?? '').split('\n').slice(1);
  const line = lines.find((l) => l.includes('/') && (!l.includes(here) || l.includes('.test.')));
  return line === undefined ? '' : ` (${line.trim()})`;
}

/** A mistake in building a program: names the operation, what is wrong, and the caller's line. */
export const tensorError = (op: string, problem: string): UsageError =>
  new UsageError(`${op}: ${problem}${callSite()}`);
