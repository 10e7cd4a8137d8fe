// The pendulum: plain TypeScript, no physics engine.

export { pendulumCamera } from './camera.js';
export { pendulum, pendulumSpeed, pendulumStep, pendulumTorque } from './pendulum.js';
