// Every gradient rule, by operation.
import { convolutionGradients } from './convolution.js';
import { elementwiseGradients } from './elementwise.js';
import type { Gradients } from './gradients.js';
import { linearGradients } from './linear.js';
import { reduceGradients } from './reduce.js';
import { shapeGradients } from './shape.js';

export const gradients: Gradients = {
  ...elementwiseGradients,
  ...shapeGradients,
  ...reduceGradients,
  ...linearGradients,
  ...convolutionGradients,
};
