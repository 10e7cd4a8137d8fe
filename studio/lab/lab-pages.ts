// The pages of the lab, in the order in which they are read: a row here is all that the frame needs to show one.
import type { LabPage } from './lab-page.js';
import { backups } from './pages/backups.js';
import { coinFlip } from './pages/coin-flip.js';
import { comparison } from './pages/comparison.js';
import { conditioning } from './pages/conditioning.js';
import { descent } from './pages/descent.js';
import { forgetting } from './pages/forgetting.js';
import { gradients } from './pages/gradients.js';
import { handCalculation } from './pages/hand-calculation.js';
import { hindsight } from './pages/hindsight.js';
import { instructions } from './pages/instructions.js';
import { modelRollouts } from './pages/model-rollouts.js';
import { plannerPolicy } from './pages/planner-policy.js';
import { positiveRatio } from './pages/positive-ratio.js';
import { randomExploration } from './pages/random-exploration.js';
import { remedies } from './pages/remedies.js';
import { sameState } from './pages/same-state.js';
import { specialists } from './pages/specialists.js';
import { universal } from './pages/universal.js';
import { wall } from './pages/wall.js';

export const labPages: readonly LabPage[] = [
  randomExploration,
  sameState,
  backups,
  wall,
  hindsight,
  positiveRatio,
  handCalculation,
  coinFlip,
  universal,
  specialists,
  conditioning,
  instructions,
  gradients,
  descent,
  forgetting,
  modelRollouts,
  plannerPolicy,
  remedies,
  comparison,
];
