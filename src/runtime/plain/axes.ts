// Operations along axes: sums, extrema, softmax, cumulative sums, order, and picking by index.
import { type Kernel, type Kernels, linesOf, places, stridesOf, type Value } from './values.js';

/** Where every element of x goes in a result without the reduced axes. */
function reducedPlaces(x: Value, axes: readonly number[]): Int32Array {
  const rest = x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
  const strides = stridesOf(rest).map((stride, axis) => (axes.includes(axis) ? 0 : stride));
  return places(x.shape, strides);
}

/** Folds elements into float64 numbers that begin at `start`; `end` makes the result of each. */
const reduction =
  (start: number, fold: (sum: number, x: number) => number, end: (sum: number, count: number) => number): Kernel =>
  ({ attributes, inputs: [x], outputs: [y] }) => {
    const to = reducedPlaces(x, attributes.axes as readonly number[]);
    const sums = new Float64Array(y.data.length);
    const count = x.data.length / sums.length;
    return () => {
      sums.fill(start);
      for (let i = 0; i < to.length; i++) sums[to[i]] = fold(sums[to[i]], x.data[i]);
      for (let i = 0; i < sums.length; i++) y.data[i] = end(sums[i], count);
    };
  };

const logSumExp: Kernel = ({ attributes, inputs: [x], outputs: [y] }) => {
  const to = reducedPlaces(x, attributes.axes as readonly number[]);
  const [largest, sums] = [new Float64Array(y.data.length), new Float64Array(y.data.length)];
  return () => {
    largest.fill(-Infinity);
    sums.fill(0);
    for (let i = 0; i < to.length; i++) largest[to[i]] = Math.max(largest[to[i]], x.data[i]);
    for (let i = 0; i < to.length; i++) sums[to[i]] += Math.exp(x.data[i] - largest[to[i]]);
    for (let i = 0; i < sums.length; i++) y.data[i] = largest[i] + Math.log(sums[i]);
  };
};

/** Softmax, or its logarithm. */
const softmax =
  (logarithm: boolean): Kernel =>
  ({ attributes, inputs: [x], outputs: [y] }) => {
    const { outer, length, inner } = linesOf(x.shape, attributes.axis as number);
    return () => {
      for (let o = 0; o < outer; o++) {
        for (let n = 0; n < inner; n++) {
          const first = o * length * inner + n;
          let largest = -Infinity;
          for (let i = 0; i < length; i++) largest = Math.max(largest, x.data[first + i * inner]);
          let sum = 0;
          for (let i = 0; i < length; i++) sum += Math.exp(x.data[first + i * inner] - largest);
          for (let i = 0; i < length; i++) {
            const at = first + i * inner;
            const shifted = x.data[at] - largest;
            y.data[at] = logarithm ? shifted - Math.log(sum) : Math.exp(shifted) / sum;
          }
        }
      }
    };
  };

/** Mean 0 and variance 1 along the last axis, then times scale plus bias; and each row's mean and 1 / deviation. */
const layerNormalization: Kernel = ({ attributes, inputs: [x, scale, bias], outputs: [y, means, inverses] }) => {
  const n = scale.data.length;
  const epsilon = attributes.epsilon as number;
  return () => {
    for (let first = 0; first < y.data.length; first += n) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += x.data[first + i];
      const mean = sum / n;
      let squares = 0;
      for (let i = 0; i < n; i++) squares += (x.data[first + i] - mean) ** 2;
      const factor = 1 / Math.sqrt(squares / n + epsilon);
      for (let i = 0; i < n; i++) {
        y.data[first + i] = (x.data[first + i] - mean) * factor * scale.data[i] + bias.data[i];
      }
      means.data[first / n] = mean;
      inverses.data[first / n] = factor;
    }
  };
};

const argmax: Kernel = ({ attributes, inputs: [x], outputs: [y] }) => {
  const { outer, length, inner } = linesOf(x.shape, attributes.axis as number);
  return () => {
    for (let o = 0; o < outer; o++) {
      for (let n = 0; n < inner; n++) {
        const first = o * length * inner + n;
        let best = 0;
        for (let i = 1; i < length; i++) if (x.data[first + i * inner] > x.data[first + best * inner]) best = i;
        y.data[o * inner + n] = best;
      }
    }
  };
};

const cumsum: Kernel = ({ attributes, inputs: [x], outputs: [y] }) => {
  const { outer, length, inner } = linesOf(x.shape, attributes.axis as number);
  const { reverse, exclusive } = attributes;
  return () => {
    for (let o = 0; o < outer; o++) {
      for (let n = 0; n < inner; n++) {
        let sum = 0;
        for (let k = 0; k < length; k++) {
          const at = (o * length + (reverse ? length - 1 - k : k)) * inner + n;
          if (exclusive) y.data[at] = sum;
          sum += x.data[at];
          if (!exclusive) y.data[at] = sum;
        }
      }
    }
  };
};

/** The first k in order; of equals the first. */
const topK: Kernel = ({ attributes, inputs: [x], outputs: [values, indices] }) => {
  const { outer, length, inner } = linesOf(x.shape, attributes.axis as number);
  const k = attributes.k as number;
  const sign = attributes.largest ? -1 : 1;
  const order = Array.from({ length }, (_, i) => i);
  return () => {
    for (let o = 0; o < outer; o++) {
      for (let n = 0; n < inner; n++) {
        const at = (i: number) => x.data[(o * length + i) * inner + n];
        order.sort((i, j) => sign * (at(i) - at(j)) || i - j);
        for (let i = 0; i < k; i++) {
          values.data[(o * k + i) * inner + n] = at(order[i]);
          indices.data[(o * k + i) * inner + n] = order[i];
        }
      }
    }
  };
};

/** Indices from the back are negative. */
const within = (index: number, length: number): number => (index < 0 ? index + length : index);

const gather: Kernel = ({ attributes, inputs: [x, indices], outputs: [y] }) => {
  const { outer, length, inner } = linesOf(x.shape, attributes.axis as number);
  const picked = indices.data.length;
  return () => {
    for (let o = 0; o < outer; o++) {
      for (let k = 0; k < picked; k++) {
        const from = (o * length + within(indices.data[k], length)) * inner;
        const to = (o * picked + k) * inner;
        for (let n = 0; n < inner; n++) y.data[to + n] = x.data[from + n];
      }
    }
  };
};

/** One element per index along an axis; the other axes agree. */
const gatherElements: Kernel = ({ attributes, inputs: [x, indices], outputs: [y] }) => {
  const axis = attributes.axis as number;
  const { length, inner } = linesOf(x.shape, axis);
  const lines = linesOf(indices.shape, axis);
  return () => {
    for (let o = 0; o < lines.outer; o++) {
      for (let k = 0; k < lines.length; k++) {
        for (let n = 0; n < inner; n++) {
          const at = (o * lines.length + k) * inner + n;
          y.data[at] = x.data[(o * length + within(indices.data[at], length)) * inner + n];
        }
      }
    }
  };
};

/** Adds updates to x at one index each along an axis. */
const scatterElements: Kernel = ({ attributes, inputs: [x, indices, updates], outputs: [y] }) => {
  const axis = attributes.axis as number;
  const { length, inner } = linesOf(x.shape, axis);
  const lines = linesOf(indices.shape, axis);
  return () => {
    y.data.set(x.data);
    for (let o = 0; o < lines.outer; o++) {
      for (let k = 0; k < lines.length; k++) {
        for (let n = 0; n < inner; n++) {
          const at = (o * lines.length + k) * inner + n;
          y.data[(o * length + within(indices.data[at], length)) * inner + n] += updates.data[at];
        }
      }
    }
  };
};

export const alongAxes: Kernels = {
  ReduceSum: reduction(
    0,
    (sum, x) => sum + x,
    (sum) => sum,
  ),
  ReduceMean: reduction(
    0,
    (sum, x) => sum + x,
    (sum, count) => sum / count,
  ),
  ReduceMax: reduction(-Infinity, Math.max, (largest) => largest),
  ReduceMin: reduction(Infinity, Math.min, (smallest) => smallest),
  ReduceLogSumExp: logSumExp,
  Softmax: softmax(false),
  LogSoftmax: softmax(true),
  LayerNormalization: layerNormalization,
  ArgMax: argmax,
  CumSum: cumsum,
  TopK: topK,
  Gather: gather,
  GatherElements: gatherElements,
  ScatterElements: scatterElements,
};
