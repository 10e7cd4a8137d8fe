// Networks over flat parameter vectors.
export * from './dropout.js';
export * from './encoder.js';
export * from './goal-form.js';
export * from './image-encoder.js';
export * from './input.js';
export * from './input-network.js';
export * from './layout.js';
export * from './mlp.js';
export * from './noise.js';
export * from './token-network.js';
export * from './transformer.js';
