// Threads that share updates, in pages: there are none, for they cannot wait for each other without blocking the page.
import type { StartShares } from './share-threads.js';

export const startShares: StartShares = undefined;
