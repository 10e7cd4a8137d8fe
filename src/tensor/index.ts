// Tensor programs: symbolic tensors, gradients, optimisers, and their emission as ONNX models.
export { grad } from './grad.js';
export type { Graph, Node } from './graph.js';
export { type OnnxOptions, toModel, toOnnx } from './onnx/emit.js';
export {
  encodeModel,
  type OnnxAttribute,
  type OnnxInitializer,
  type OnnxModel,
  type OnnxNode,
} from './onnx/protobuf.js';
export { toOnnxOfRows } from './onnx/rows.js';
export { concat, stack } from './ops/shape.js';
export { type AdamOptions, adam, adamDefaults, adamW, clipByGlobalNorm, type Optimizer, sgd } from './optimizers.js';
export { type Program, program } from './program.js';
export type { Dtype, FloatDtype, Shape, TensorSpec } from './shape.js';
export { type Operand, Tensor } from './tensor.js';
