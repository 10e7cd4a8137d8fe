// Reverse-mode differentiation, written in the same operations, so that gradients can be differentiated again.
import { type Node, reachable } from './graph.js';
import { gradients } from './ops/index.js';
import { formatShape, isFloat, sizeOf, tensorError } from './shape.js';
import type { Tensor } from './tensor.js';

/**
 * Gradient of a scalar loss with respect to each tensor, inputs or intermediate results, in their shapes; zeros where
 * the loss does not depend on one. Equal expressions are one tensor, so a gradient with respect to an intermediate
 * result counts every place where the same expression occurs.
 */
export function grad(loss: Tensor, wrt: readonly Tensor[]): Tensor[] {
  if (sizeOf(loss.shape) !== 1) {
    throw tensorError('grad', `the loss has shape ${formatShape(loss.shape)}; reduce it with mean() or sum()`);
  }
  const integer = wrt.find((t) => !isFloat(t.dtype));
  if (integer !== undefined) throw tensorError('grad', `${integer} has no gradient: it is ${integer.dtype}`);
  if (!isFloat(loss.dtype)) throw tensorError('grad', `the loss is ${loss.dtype}, not a float`);

  const nodes = reachable([loss]);
  const targets = new Set(wrt);
  // A node matters if it comes from a tensor that the gradient is asked for.
  const active = new Set<Node>();
  const needed = (t: Tensor) => isFloat(t.dtype) && (targets.has(t) || active.has(t.node));
  for (const node of nodes) {
    if (gradients[node.op] !== undefined && node.inputs.some(needed)) active.add(node);
  }

  const total = new Map<Tensor, Tensor>([[loss, loss.graph.constant(1, loss.shape, loss.dtype)]]);
  for (const node of nodes.reverse()) {
    if (!active.has(node)) continue;
    const dys = node.outputs.map((t) => total.get(t));
    if (dys.every((t) => t === undefined)) continue;
    const [y] = node.outputs;
    const dy = dys[0] ?? y.graph.constant(0, y.shape, y.dtype);
    const needs = node.inputs.map(needed);
    const { inputs, outputs, attributes } = node;
    const parts = gradients[node.op]({ inputs, outputs, attributes, y, dy, dys, needs });
    parts.forEach((part, i) => {
      if (part === undefined || !needs[i]) return;
      const before = total.get(inputs[i]);
      total.set(inputs[i], before === undefined ? part : before.add(part));
    });
  }
  return wrt.map((t) => total.get(t) ?? t.graph.constant(0, t.shape, t.dtype));
}
