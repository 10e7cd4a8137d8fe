// The point family: plain TypeScript, no physics engine.
export { type PointOptions, pointOptions, pointReach, pointRules, pointStep } from './reach.js';
