// BabyAI's levels by name, what each asks for, and the name that minigrid registers it under.

/** name, description, registered name without `BabyAI-` and `-v0`. */
const rows = [
  ['go-to-red-ball-grey', 'go to the red ball, among grey things', 'GoToRedBallGrey'],
  ['go-to-red-ball', 'go to a red ball, among things of all colours', 'GoToRedBall'],
  ['go-to-red-blue-ball', 'go to the red or the blue ball', 'GoToRedBlueBall'],
  ['go-to-obj', 'go to the only thing in the room', 'GoToObj'],
  ['go-to-local', 'go to a thing in the room', 'GoToLocal'],
  ['go-to-door', 'go to a door of the room', 'GoToDoor'],
  ['go-to-obj-door', 'go to a thing or a door', 'GoToObjDoor'],
  ['go-to', 'go to a thing in a maze of nine rooms', 'GoTo'],
  ['go-to-imp-unlock', 'go to a thing in a locked room', 'GoToImpUnlock'],
  ['go-to-seq', 'go to things in an order', 'GoToSeq'],
  ['open', 'open a door in a maze', 'Open'],
  ['open-red-door', 'open the red door', 'OpenRedDoor'],
  ['open-door', 'open a door that is told by its colour or place', 'OpenDoor'],
  ['open-two-doors', 'open one door, then another', 'OpenTwoDoors'],
  ['open-doors-order', 'open one or two doors, in an order', 'OpenDoorsOrder'],
  ['pickup', 'pick up a thing in a maze', 'Pickup'],
  ['unblock-pickup', 'pick up a thing to which others may block the way', 'UnblockPickup'],
  ['pickup-loc', 'pick up a thing that is told by its place', 'PickupLoc'],
  ['pickup-dist', 'pick up a thing that is told by its kind, colour or both', 'PickupDist'],
  ['pickup-above', 'pick up the thing in the room to the north', 'PickupAbove'],
  ['put-next-local', 'put a thing of the room next to another', 'PutNextLocal'],
  ['put-next', 'put a thing next to one in the other half', 'PutNextS7N4'],
  ['unlock', 'open a locked door, whose key lies elsewhere', 'Unlock'],
  ['unlock-local', 'open a locked door with the key in the room', 'UnlockLocal'],
  ['unlock-pickup', 'pick up the box behind a locked door', 'UnlockPickup'],
  ['blocked-unlock-pickup', 'the same with a ball before the door', 'BlockedUnlockPickup'],
  ['unlock-to-unlock', 'pick up a ball behind two locked doors', 'UnlockToUnlock'],
  ['action-obj-door', 'go to, open or pick up a thing or a door', 'ActionObjDoor'],
  ['find-obj', 'pick up the only thing in nine rooms', 'FindObjS7'],
  ['key-corridor', 'pick up the ball behind a locked door, whose key lies off a corridor', 'KeyCorridor'],
  ['one-room', 'pick up the ball in a room', 'OneRoomS8'],
  ['move-two-across', 'put two things next to two others', 'MoveTwoAcrossS8N9'],
  ['synth', 'any single instruction, in a maze', 'Synth'],
  ['synth-loc', 'the same, with places', 'SynthLoc'],
  ['synth-seq', 'any instruction, also joined by and, then, after', 'SynthSeq'],
  ['mini-boss-level', 'all of the language in four small rooms', 'MiniBossLevel'],
  ['boss-level', 'all of the language in nine rooms', 'BossLevel'],
  ['boss-level-no-unlock', 'the same without locked rooms', 'BossLevelNoUnlock'],
] as const;

export type LevelName = (typeof rows)[number][0];

export const levelNames = rows.map(([name]) => name);

export interface LevelListing {
  readonly name: LevelName;
  readonly description: string;
  /** As `gymnasium.make` knows it. */
  readonly registered: string;
}

export const levelListings: readonly LevelListing[] = rows.map(([name, description, registered]) => ({
  name,
  description: `BabyAI's ${registered}: ${description}`,
  registered: `BabyAI-${registered}-v0`,
}));
