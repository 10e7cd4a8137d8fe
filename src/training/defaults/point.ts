// Tuned settings for the point's tasks.
import { small, smallSac, type TunedFamily } from './tuned.js';

/**
 * Tuned on umaze (docs/environments/point-maze.md); the larger mazes share them. Starts anywhere explore by themselves
 * and steps are cheap, so eight environments share few updates; long ways need a discount near 1.
 */
const maze = { hidden: [128, 128], learningRate: 1e-3, discount: 0.98, tau: 0.02 };
const mazeAgents = {
  sac: { ...maze, initialTemperature: 0.1, entropyBackup: false },
  td3: maze,
  ddpg: maze,
};
const mazeSettings = (steps: number) => ({
  steps,
  envs: 8,
  training: { warmupSteps: 500, updatesPerStep: 0.5, cycleSteps: 16 },
  evaluation: { every: 2000 },
  checkpoint: { every: 20_000 },
});

export const point: TunedFamily = {
  'point/reach': {
    settings: { steps: 5000, training: { warmupSteps: 500 } },
    agents: { sac: smallSac, td3: small, ddpg: small },
  },
  'point/maze-umaze': { settings: mazeSettings(30_000), agents: mazeAgents },
  'point/maze-medium': { settings: mazeSettings(100_000), agents: mazeAgents },
  'point/maze-large': { settings: mazeSettings(150_000), agents: mazeAgents },
};
