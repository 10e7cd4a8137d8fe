// Networks, their gradients and Adam as the hand-written graphs have them: the plain way, one node after the other.
import type { HandGraph } from './graph.js';

/** What the reference of an update needs to know of a case (cases.ts). */
export interface ReferenceSize {
  readonly observation: number;
  readonly goal: number;
  /** Numbers of an action; of discrete ones, how many there are. */
  readonly action: number;
  readonly batch: number;
  readonly hidden: readonly number[];
}

/** A learning step written by hand. Inputs, outputs and metrics are named as those of the compiled step. */
export interface Reference {
  readonly bytes: Uint8Array;
  readonly nodeCount: number;
  readonly metricNames: readonly string[];
}

export const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

export type Shapes = readonly (readonly number[])[];
const volume = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);
export const total = (shapes: Shapes) => shapes.reduce((sum, shape) => sum + volume(shape), 0);

/** Weight and bias of each layer. */
export const layers = (sizes: readonly number[]): Shapes =>
  sizes.slice(1).flatMap((out, i) => [
    [sizes[i], out],
    [1, out],
  ]);

/** The tensors of a flat vector; biases stay as they are cut. */
export function views(g: HandGraph, flat: string, shapes: Shapes): string[] {
  const pieces = g.split(flat, shapes.map(volume), 0);
  return pieces.map((piece, i) => (i % 2 === 0 ? g.op('Reshape', [piece, g.ints(shapes[i])]) : piece));
}

/** Output of a network, and the input of each of its layers. */
export function forward(g: HandGraph, parameters: readonly string[], x: string): { y: string; inputs: string[] } {
  const inputs: string[] = [];
  let y = x;
  for (let i = 0; i < parameters.length; i += 2) {
    if (i > 0) y = g.op('Relu', [y]);
    inputs.push(y);
    y = g.op('Gemm', [y, parameters[i], parameters[i + 1]]);
  }
  return { y, inputs };
}

/** Back through a network: the flat gradient of its parameters, or the gradient of its input. */
export function backward(g: HandGraph, parameters: readonly string[], inputs: readonly string[], output: string) {
  const gradients: string[] = [];
  let dy = output;
  const through = (layer: number) => {
    dy = g.op('Gemm', [dy, parameters[2 * layer]], { transB: 1 });
    if (layer > 0) dy = g.mul(dy, g.mask('Greater', inputs[layer], g.number(0)));
  };
  return {
    parameterGradients(): string[] {
      for (let layer = inputs.length - 1; layer >= 0; layer--) {
        const weight = g.op('Gemm', [inputs[layer], dy], { transA: 1 });
        const bias = g.op('ReduceSum', [dy, g.ints([0])], { keepdims: 0 });
        gradients.unshift(g.op('Reshape', [weight, g.ints([-1])]), bias);
        if (layer > 0) through(layer);
      }
      return gradients;
    },
    inputGradient(): string {
      for (let layer = inputs.length - 1; layer >= 0; layer--) through(layer);
      return dy;
    },
  };
}

/** `count` networks of the same shapes in one flat vector. */
export function ensemble(g: HandGraph, flat: string, shapes: Shapes, count: number): string[][] {
  const all = views(g, flat, Array.from({ length: count }, () => shapes).flat());
  return Array.from({ length: count }, (_, i) => all.slice(i * shapes.length, (i + 1) * shapes.length));
}

/**
 * Adam with the textbook's moments m and v as further inputs and outputs; `rate` names an input that holds
 * [learning rate / (1 - beta1^t), 1 / sqrt(1 - beta2^t)]. Gives the parameters' new value.
 */
export function adam(g: HandGraph, name: string, size: number, value: string, gradient: string, rate: string): string {
  const { beta1, beta2, epsilon } = ADAM;
  const [stepSize, correction] = g.split(rate, [1, 1], 0);
  const decayed = (slot: string, beta: number, x: string) =>
    g.add(g.mul(g.input(`${name}.${slot}`, [size]), g.number(beta)), g.mul(x, g.number(1 - beta)));
  const m = decayed('m', beta1, gradient);
  const v = decayed('v', beta2, g.mul(gradient, gradient));
  const deviation = g.add(g.mul(g.op('Sqrt', [v]), correction), g.number(epsilon));
  const next = g.sub(value, g.op('Div', [g.mul(m, stepSize), deviation]));
  g.output(next, `${name}_out`, [size]);
  g.output(m, `${name}.m_out`, [size]);
  g.output(v, `${name}.v_out`, [size]);
  return next;
}

/** target (1 - tau) + online tau, as the target's new value. */
export function polyak(g: HandGraph, name: string, size: number, target: string, online: string, tau: number): void {
  g.output(g.add(g.mul(target, g.number(1 - tau)), g.mul(online, g.number(tau))), `${name}_out`, [size]);
}

export const mean = (g: HandGraph, x: string): string => g.op('ReduceMean', [x], { keepdims: 0 });
export const join = (g: HandGraph, ...parts: string[]): string => g.op('Concat', parts, { axis: 1 });

/** Ends a graph: the scalars of `metrics` become its output of that name. */
export function finish(g: HandGraph, metrics: Readonly<Record<string, string>>): Reference {
  const values = Object.values(metrics).map((value) => g.op('Reshape', [value, g.ints([1])]));
  g.output(g.op('Concat', values, { axis: 0 }), 'metrics', [values.length]);
  return { bytes: g.bytes(), nodeCount: g.nodes.length, metricNames: Object.keys(metrics) };
}
