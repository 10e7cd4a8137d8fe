// Everything for pages without a bundler: built into dist/browser/anygoal.js (npm run build).
export * from './index.js';
export * from './page/index.js';
export { configureMujoco } from './physics/engine.js';
export { configureWeb } from './runtime/web.js';
export * from './view/index.js';
