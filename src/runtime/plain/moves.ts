// Operations that only move elements.
import { broadcastStrides, type Kernel, type Kernels, places, stridesOf } from './values.js';

/** Every element of the result from its place in x. */
const pick = (at: Int32Array, from: ArrayLike<number>, to: { [index: number]: number }) => () => {
  for (let i = 0; i < at.length; i++) to[i] = from[at[i]];
};

const expand: Kernel = ({ inputs: [x], outputs: [y] }) =>
  pick(places(y.shape, broadcastStrides(x.shape, y.shape)), x.data, y.data);

const transpose: Kernel = ({ attributes, inputs: [x], outputs: [y] }) => {
  const strides = stridesOf(x.shape);
  const order = attributes.perm as readonly number[];
  return pick(
    places(
      y.shape,
      order.map((axis) => strides[axis]),
    ),
    x.data,
    y.data,
  );
};

const slice: Kernel = ({ attributes, inputs: [x], outputs: [y] }) => {
  const { axis, start } = attributes as { axis: number; start: number };
  const strides = stridesOf(x.shape);
  return pick(places(y.shape, strides, start * strides[axis]), x.data, y.data);
};

/** Parts follow each other along an axis. */
const split: Kernel = ({ attributes, inputs: [x], outputs }) => {
  const strides = stridesOf(x.shape);
  const { axis } = attributes as { axis: number };
  let start = 0;
  const steps = outputs.map((y) => {
    const step = pick(places(y.shape, strides, start * strides[axis]), x.data, y.data);
    start += y.shape[axis];
    return step;
  });
  return () => {
    for (const step of steps) step();
  };
};

const concat: Kernel = ({ attributes, inputs, outputs: [y] }) => {
  const strides = stridesOf(y.shape);
  const { axis } = attributes as { axis: number };
  let start = 0;
  const parts = inputs.map(({ data, shape }) => {
    const at = places(shape, strides, start * strides[axis]);
    start += shape[axis];
    return { data, at };
  });
  return () => {
    for (const { data, at } of parts) for (let i = 0; i < at.length; i++) y.data[at[i]] = data[i];
  };
};

/** Zeros around stay from the beginning. */
const pad: Kernel = ({ attributes, inputs: [x], outputs: [y] }) => {
  const strides = stridesOf(y.shape);
  const { axis, before } = attributes as { axis: number; before: number };
  const at = places(x.shape, strides, before * strides[axis]);
  return () => {
    for (let i = 0; i < at.length; i++) y.data[at[i]] = x.data[i];
  };
};

export const moves: Kernels = {
  Expand: expand,
  Transpose: transpose,
  Slice: slice,
  Split: split,
  Concat: concat,
  Pad: pad,
};
