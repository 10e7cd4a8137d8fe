// The policies of pictures and words that bench/ trains and times: their views, their size, and how pictures become tokens.
import { cameraParts } from '../src/envs/camera.js';

/** What they see: from the front, from beside, and along with the gripper. */
export const vlaCamera = { size: 48, views: ['close', 'beside', 'gripper'], state: true };
const parts = cameraParts({ ...vlaCamera, goal: false });

/** The same for each of the views. */
export const views = <Of>(of: Of): Record<string, Of> => Object.fromEntries(parts.map((part) => [part, of]));

/** Where things are in a view: a place for each channel. */
export const places = { kind: 'keypoints', channels: [16, 32] };
/** And of what the words ask for. */
const askedPlaces = { ...places, by: 'words', picks: 16 };
/** A view as tokens: what three convolutions leave, each place one. */
export const patches = { kind: 'tokens', channels: [16, 32, 64], patch: 1 };

export const smallVla = {
  backbone: 'transformer',
  tokenWidth: 64,
  blocks: 2,
  tokenNumbers: 64,
  chunk: 1,
  encoders: { ...views(askedPlaces), words: 'tokens' },
};
