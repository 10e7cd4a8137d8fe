// A small Transformer over tokens: pre-norm blocks of self-attention and an MLP (Vaswani et al. 2017; Xiong et al. 2020).
import { UsageError } from '../errors.js';
import type { Random } from '../random.js';
import type { Tensor } from '../tensor/index.js';
import { joinLayouts, type Layout, layout } from './layout.js';
import { initDense } from './mlp.js';

export interface TransformerSettings {
  /** Tokens T. */
  readonly tokens: number;
  /** Numbers per token d, a multiple of `heads`. */
  readonly width: number;
  readonly heads: number;
  readonly blocks: number;
  /** Width of the hidden layer of each block's MLP (paper: 4 d). */
  readonly hidden: number;
  /** Tokens see only those before them and themselves. */
  readonly causal?: boolean;
}

export interface Transformer {
  readonly layout: Layout;
  init(random: Random): Float32Array;
  /** Tokens [B, T, d] to [B, T, d]. `present` [B, T] is 1 for tokens that are there and 0 for padding, which none sees. */
  apply(parameters: readonly Tensor[], tokens: Tensor, present?: Tensor): Tensor;
}

/** So low that softmax makes 0 of it, and still a number in single precision. */
const HIDDEN = -1e9;

const blockLayout = ({ width: d, hidden }: TransformerSettings): Layout =>
  layout([
    { name: 'norm1.scale', shape: [d] },
    { name: 'norm1.shift', shape: [d] },
    { name: 'attention.weight', shape: [d, 3 * d] },
    { name: 'attention.bias', shape: [3 * d] },
    { name: 'output.weight', shape: [d, d] },
    { name: 'output.bias', shape: [d] },
    { name: 'norm2.scale', shape: [d] },
    { name: 'norm2.shift', shape: [d] },
    { name: 'mlp.0.weight', shape: [d, hidden] },
    { name: 'mlp.0.bias', shape: [hidden] },
    { name: 'mlp.1.weight', shape: [hidden, d] },
    { name: 'mlp.1.bias', shape: [d] },
  ]);

/**
 * softmax(Q K^T / sqrt(d / heads) + mask) V for each head: x [B, T, d] to [B, T, d]. `mask` broadcasts to
 * [B, heads, T, T].
 */
export function selfAttention(
  x: Tensor,
  [weight, bias, outputWeight, outputBias]: readonly Tensor[],
  heads: number,
  mask?: Tensor,
): Tensor {
  const [rows, tokens, d] = x.shape;
  const size = d / heads;
  const split = (part: Tensor) => part.reshape([rows, tokens, heads, size]).transpose([0, 2, 1, 3]);
  const [q, k, v] = x.dense(weight, bias).split([d, d, d], 2).map(split);
  const scores = q.matmul(k.transpose([0, 1, 3, 2])).mul(1 / Math.sqrt(size));
  const weights = (mask === undefined ? scores : scores.add(mask)).softmax(3);
  const seen = weights.matmul(v).transpose([0, 2, 1, 3]).reshape([rows, tokens, d]);
  return seen.dense(outputWeight, outputBias);
}

/** x + attention(norm(x)), then x + MLP(norm(x)) with GELU. */
function block(x: Tensor, parameters: readonly Tensor[], heads: number, mask?: Tensor): Tensor {
  const [scale1, shift1, ...rest] = parameters;
  const attended = x.add(selfAttention(x.layerNorm(scale1, shift1), rest.slice(0, 4), heads, mask));
  const [scale2, shift2, weight0, bias0, weight1, bias1] = rest.slice(4);
  const hidden = attended.layerNorm(scale2, shift2).dense(weight0, bias0).gelu();
  return attended.add(hidden.dense(weight1, bias1));
}

/** Blocks over tokens with learned positions; a last layer norm gives the output. */
export function transformer(settings: TransformerSettings): Transformer {
  const { tokens, width, heads, blocks, causal = false } = settings;
  if (!Number.isInteger(width / heads)) {
    throw new UsageError(`width is ${width}; it must be a multiple of the ${heads} heads.`);
  }
  const one = blockLayout(settings);
  const ends = layout([
    { name: 'positions', shape: [tokens, width] },
    { name: 'norm.scale', shape: [width] },
    { name: 'norm.shift', shape: [width] },
  ]);
  const all = joinLayouts({
    ends,
    ...Object.fromEntries(Array.from({ length: blocks }, (_, i) => [`block${i}`, one])),
  });
  return {
    layout: all,
    init(random) {
      const values = initDense(all, random);
      all.entries.forEach(({ name, offset, shape }) => {
        const part = values.subarray(offset, offset + shape.reduce((product, n) => product * n, 1));
        if (name.endsWith('.scale')) part.fill(1);
        else if (name.endsWith('.shift')) part.fill(0);
        else if (name.endsWith('positions')) {
          random.fillNormal(part);
          for (let i = 0; i < part.length; i++) part[i] *= 0.02;
        }
      });
      return values;
    },
    apply([positions, scale, shift, ...rest], x, present) {
      const { graph } = x;
      const rows = x.shape[0];
      const ahead = Array.from({ length: tokens * tokens }, (_, i) =>
        i % tokens > Math.floor(i / tokens) ? HIDDEN : 0,
      );
      const future = causal ? graph.constant(ahead, [1, 1, tokens, tokens]) : undefined;
      const absent = present?.neg().add(1).mul(HIDDEN).reshape([rows, 1, 1, tokens]);
      const mask = future && absent ? future.add(absent) : (future ?? absent);
      let y = x.add(positions);
      for (let i = 0; i < blocks; i++) {
        y = block(y, rest.slice(i * one.entries.length, (i + 1) * one.entries.length), heads, mask);
      }
      return y.layerNorm(scale, shift);
    },
  };
}
