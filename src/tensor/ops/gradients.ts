// The form of a gradient rule.
import type { Attributes } from '../graph.js';
import type { Tensor } from '../tensor.js';

export interface RuleContext {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly attributes: Attributes;
  /** The first output. */
  readonly y: Tensor;
  /** Gradient of the loss with respect to the first output (zeros where only others have one). */
  readonly dy: Tensor;
  /** The same for every output; undefined where the loss does not depend on it. */
  readonly dys: readonly (Tensor | undefined)[];
  /** Which inputs need a gradient; a rule may skip the others. */
  readonly needs: readonly boolean[];
}

/** From the gradients of the outputs to those of the inputs; undefined is zero. */
export type GradientRule = (context: RuleContext) => readonly (Tensor | undefined)[];
export type Gradients = Readonly<Record<string, GradientRule>>;
