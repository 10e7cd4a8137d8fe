// For workers of one's own that train environments of one's own.
export { serveTraining } from './serve-training.js';
