// Settings for the tabletop's tasks: those of the arm's, with demonstrations for all but reach, not tuned by runs of their own; those of bc are.
import { listAgents } from '../../agents/index.js';
import { tabletopTasks } from '../../envs/tabletop/tasks.js';
import { objectAgents, objectSettings } from './arm.js';
import { small, smallSac, type TunedFamily, withCamera } from './tuned.js';

/** What mtsac has of them; layer normalisation comes with the network. */
const mtsac = {
  network: 'bronet',
  criticWidth: 128,
  criticBlocks: 1,
  actorWidth: 128,
  actorBlocks: 1,
  learningRate: 1e-3,
  discount: 0.98,
  tau: 0.05,
  initialTemperature: 0.1,
  targetEntropy: -2,
};
/** Found by bench/learning/topics/imitation.ts: goals in relation to what is, and each step's action by itself. */
const bc = {
  relative: true,
  chunk: 1,
  // Who rests goes on resting, where velocities are seen. Those of objects are kept: pushes have to be slowed down.
  unseen: [
    'gripper-velocity-*',
    '*-finger-velocity',
    'button-velocity',
    'drawer-velocity',
    'dial-velocity',
    'hook-*-velocity',
  ],
  // The looks of things, which a film of a demonstration shares with the episode.
  recognizes: { given: ['object-*-is-*', 'object-*-red', 'object-*-green', 'object-*-blue'] },
};
const agents = { ...objectAgents({ discount: 0.98, actionPenalty: 2 }), bc, mtsac };
const settings = { ...objectSettings, training: { ...objectSettings.training, demonstrations: 500 } };

const names = [...tabletopTasks.filter((task) => task !== 'reach'), 'mt3', 'mt10', 'push-left-right'];

export const tabletop: TunedFamily = {
  'tabletop/reach': {
    settings: { steps: 20_000, training: { warmupSteps: 500 } },
    agents: { sac: smallSac, tqc: smallSac, td3: small, ddpg: small, bc },
    camera: withCamera({ training: { batchSize: 128, updatesPerStep: 0.5 } }, { privilegedCritic: true }),
  },
  ...Object.fromEntries(names.map((name) => [`tabletop/${name}`, { settings, agents, camera: withCamera({}) }])),
  // The sentence says all; goals that hindsight makes would have another one.
  'tabletop/words': {
    settings: { ...settings, relabel: 'none', tasks: { identifiers: ['instruction'] } },
    agentSettings: Object.fromEntries(
      listAgents().flatMap(({ name, needsGoals }) => (needsGoals ? [[name, { tasks: { identifiers: [] } }]] : [])),
    ),
    agents,
  },
};
