// The bit-flip environment of the hindsight paper.
export { type BitFlipOptions, bitFlip, bitFlipOptions, bitFlipRules } from './bit-flip.js';
