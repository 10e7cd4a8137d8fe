// The pages of the lab, in the order in which they are read: a row here is all that the frame needs to show one.
import type { LabPage } from './lab-page.js';
import { randomExploration } from './pages/random-exploration.js';

export const labPages: readonly LabPage[] = [randomExploration];
