// Networks over flat parameter vectors.
export * from './bro-net.js';
export * from './convolutions.js';
export * from './default-encoder.js';
export * from './dropout.js';
export * from './encoder.js';
export * from './goal-form.js';
export * from './image-encoder.js';
export * from './input.js';
export * from './input-network.js';
export * from './layout.js';
export * from './mlp.js';
export * from './multi-head.js';
export * from './noise.js';
export * from './soft-modules.js';
export * from './token-encoder.js';
export * from './token-network.js';
export * from './transformer.js';
