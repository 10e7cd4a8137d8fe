// The cart-pole of the DeepMind Control Suite in TypeScript.
export { cartpoleBalance, cartpoleSwingUp } from './cartpole.js';
