// Simulates the lab's coin flips beside the page: 40,000 transitions take longer than a frame.
import { flip } from '../../../examples/lab/coin-flip.js';

export const trainer = { flip: async (settings: Parameters<typeof flip>[0]) => flip(settings) };
