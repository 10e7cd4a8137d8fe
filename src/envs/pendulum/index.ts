// The pendulum: plain TypeScript, no physics engine.

export { pendulum, pendulumSpeed, pendulumStep, pendulumTorque } from './pendulum.js';
