// Matrix products and convolutions in plain loops.
import { sizeOf } from '../../tensor/shape.js';
import { rowProducts } from './row-products.js';
import { broadcastStrides, type Kernel, type Kernels, places } from './values.js';

const matmul: Kernel = ({ inputs: [x, w], outputs: [y], workspace }) => {
  const [m, k] = x.shape.slice(-2);
  const n = w.shape[w.shape.length - 1];
  const leading = y.shape.slice(0, -2);
  // Matrices are read as if leading axes of size 1 were repeated.
  const firsts = [x, w].map(({ shape }) => {
    const [rows, columns] = shape.slice(-2);
    return places(leading, broadcastStrides(shape.slice(0, -2), leading)).map((place) => place * rows * columns);
  });
  const count = sizeOf(leading);
  const { factors, rows, first, step, run, result } = rowProducts(w.data, k, n, workspace);
  return () => {
    for (let b = 0; b < count; b++) {
      const matrix = first + step * firsts[1][b];
      for (let row = 0; row < m; row++) {
        const from = firsts[0][b] + row * k;
        let used = 0;
        for (let i = 0; i < k; i++) {
          const factor = x.data[from + i];
          if (factor === 0) continue;
          factors[used] = factor;
          rows[used++] = matrix + step * n * i;
        }
        run(used);
        y.data.set(result, (b * m + row) * n);
      }
    }
  };
};

interface Geometry {
  readonly stride: number;
  readonly dilation: number;
  readonly padding: number;
}

/**
 * Calls for every pair of places that a kernel element joins: in the larger picture [.., height, width], in the smaller
 * one and in the kernel.
 */
function joined(
  [height, width]: readonly number[],
  [rows, columns]: readonly number[],
  [kernelRows, kernelColumns]: readonly number[],
  { stride, dilation, padding }: Geometry,
): { large: Int32Array; small: Int32Array; kernel: Int32Array } {
  const [large, small, kernel]: number[][] = [[], [], []];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      for (let k = 0; k < kernelRows; k++) {
        for (let l = 0; l < kernelColumns; l++) {
          const [row, column] = [i * stride + k * dilation - padding, j * stride + l * dilation - padding];
          if (row < 0 || row >= height || column < 0 || column >= width) continue;
          large.push(row * width + column);
          small.push(i * columns + j);
          kernel.push(k * kernelColumns + l);
        }
      }
    }
  }
  return { large: Int32Array.from(large), small: Int32Array.from(small), kernel: Int32Array.from(kernel) };
}

/** y[b, o, i] = sum over c, k of x[b, c, i stride + k dilation - padding] weight[o, c, k]. */
const convolve: Kernel = ({ attributes, inputs: [x, weight], outputs: [y] }) => {
  const [batch, channels] = x.shape;
  const out = weight.shape[0];
  const [large, small, area] = [x, y, weight].map(({ shape }) => sizeOf(shape.slice(2)));
  const at = joined(x.shape.slice(2), y.shape.slice(2), weight.shape.slice(2), attributes as unknown as Geometry);
  const sums = new Float64Array(small);
  return () => {
    for (let b = 0; b < batch; b++) {
      for (let o = 0; o < out; o++) {
        sums.fill(0);
        for (let c = 0; c < channels; c++) {
          const [atX, atW] = [(b * channels + c) * large, (o * channels + c) * area];
          for (let p = 0; p < at.large.length; p++) {
            sums[at.small[p]] += x.data[atX + at.large[p]] * weight.data[atW + at.kernel[p]];
          }
        }
        y.data.set(sums, (b * out + o) * small);
      }
    }
  };
};

/** Its adjoint: y[b, c, i stride + k dilation - padding] += x[b, o, i] weight[o, c, k]. */
const spread: Kernel = ({ attributes, inputs: [x, weight], outputs: [y] }) => {
  const [batch, out] = x.shape;
  const channels = weight.shape[1];
  const [small, large, area] = [x, y, weight].map(({ shape }) => sizeOf(shape.slice(2)));
  const at = joined(y.shape.slice(2), x.shape.slice(2), weight.shape.slice(2), attributes as unknown as Geometry);
  const sums = new Float64Array(large);
  return () => {
    for (let b = 0; b < batch; b++) {
      for (let c = 0; c < channels; c++) {
        sums.fill(0);
        for (let o = 0; o < out; o++) {
          const [atX, atW] = [(b * out + o) * small, (o * channels + c) * area];
          for (let p = 0; p < at.large.length; p++) {
            sums[at.large[p]] += x.data[atX + at.small[p]] * weight.data[atW + at.kernel[p]];
          }
        }
        y.data.set(sums, (b * channels + c) * large);
      }
    }
  };
};

export const linear: Kernels = { MatMul: matmul, Conv: convolve, ConvTranspose: spread };
