// Tuned settings for the point's tasks.
import { small, smallSac, type TunedFamily } from './tuned.js';

export const point: TunedFamily = {
  'point/reach': {
    settings: { steps: 5000, training: { warmupSteps: 500 } },
    agents: { sac: smallSac, td3: small, ddpg: small },
  },
};
