// Settings for the tabletop's tasks: those of the arm's pick and place, with demonstrations; not tuned by runs of their own.
import { objectAgents, objectSettings } from './arm.js';
import type { TunedFamily } from './tuned.js';

const agents = objectAgents({ discount: 0.98, actionPenalty: 2 });
const settings = { ...objectSettings, training: { ...objectSettings.training, demonstrations: 500 } };

const names = [
  'reach',
  'push',
  'pick-and-place',
  'stack',
  'press-button',
  'open-drawer',
  'close-drawer',
  'turn-dial',
  'pull-with-hook',
  'sweep-into-tray',
  'mt3',
  'mt10',
  'push-left-right',
];

export const tabletop: TunedFamily = Object.fromEntries(
  names.map((name) => [`tabletop/${name}`, { settings, agents }]),
);
