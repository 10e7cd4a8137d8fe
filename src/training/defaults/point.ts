// Tuned settings for the point's tasks.
import { small, smallSac, type Tuned, type TunedFamily, withCamera } from './tuned.js';

/**
 * Mazes (docs/environments/point-maze.md). What counts is how many different episodes are seen, not how often: sixteen
 * environments share few updates. Layer normalisation in the critics keeps values apart on the two sides of a wall; long
 * ways need a discount near 1.
 */
const maze = { hidden: [128, 128], learningRate: 1e-3, discount: 0.98, tau: 0.02 };
const mazeAgents = {
  sac: { ...maze, initialTemperature: 0.1, entropyBackup: false, criticLayerNorm: true },
  td3: { ...maze, criticLayerNorm: true },
  ddpg: maze,
};
/** Values that change quickly across walls: with the plain numbers critics lead to the wall next to far goals. */
const waves = { encoders: { observation: { kind: 'fourier' }, goal: { kind: 'fourier' } } };
const numbers = { settings: {}, agents: { sac: waves, td3: waves, ddpg: waves } };
const mazeSettings = (steps: number) => ({
  steps,
  envs: 16,
  training: { warmupSteps: 500, updatesPerStep: 0.1, cycleSteps: 160 },
  evaluation: { every: steps / 20 },
  // PPO has fewer steps than the others (see its settings).
  checkpoint: { every: steps / 10 },
});

const families: Tuned = {
  settings: { steps: 10_000, training: { warmupSteps: 500 } },
  agents: { sac: smallSac, mtsac: smallSac, td3: small, ddpg: small },
  camera: withCamera({ training: { batchSize: 128 } }),
};
/** All that the camera shows is where something is. */
const seen = { encoders: { camera: { kind: 'keypoints' } } };

export const point: TunedFamily = {
  'point/reach': {
    settings: { steps: 5000, training: { warmupSteps: 500 } },
    agents: { sac: smallSac, td3: small, ddpg: small },
    camera: withCamera({ steps: 3000, training: { batchSize: 128 }, evaluation: { every: 500 } }),
  },
  'point/two-tasks': families,
  'point/navigate': families,
  'point/left-right': families,
  'point/camera': {
    settings: { steps: 5000, training: { warmupSteps: 500, batchSize: 128 }, replay: { capacity: 50_000 } },
    agents: { sac: { ...smallSac, ...seen }, td3: { ...small, ...seen }, ddpg: { ...small, ...seen } },
  },
  'point/maze-umaze': { settings: mazeSettings(100_000), agents: mazeAgents, camera: withCamera({}) },
  'point/maze-medium': { settings: mazeSettings(400_000), agents: mazeAgents, camera: withCamera({}) },
  'point/maze-large': { settings: mazeSettings(600_000), agents: mazeAgents, numbers, camera: withCamera({}) },
};
