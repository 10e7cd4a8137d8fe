// The environments that come with anygoal: names, descriptions, and where each is.
import { levelListings } from './babyai/names.js';

export interface EnvListing {
  readonly name: string;
  /** One line. */
  readonly description: string;
}

/** An environment that loads when it is asked for. */
export interface Entry extends EnvListing {
  load(): Promise<unknown>;
}

// Names and descriptions are written out here so that listing them loads no physics; a test compares.
export const entries: readonly Entry[] = [
  {
    name: 'point/reach',
    description: 'move a point in a square to a goal: the smallest goal-reaching task',
    load: () => import('./point/index.js').then((family) => family.pointReach),
  },
  {
    name: 'point/maze-umaze',
    description: 'move a point around one wall to a goal',
    load: () => import('./point/index.js').then((family) => family.pointMazeUmaze),
  },
  {
    name: 'point/maze-medium',
    description: 'move a point through a maze of 6 x 6 cells to a goal',
    load: () => import('./point/index.js').then((family) => family.pointMazeMedium),
  },
  {
    name: 'point/maze-large',
    description: 'move a point through a maze of 10 x 7 cells to a goal',
    load: () => import('./point/index.js').then((family) => family.pointMazeLarge),
  },
  {
    name: 'point/two-tasks',
    description: 'two tasks in one: move a point to a goal, with actions as they are and turned round',
    load: () => import('./point/index.js').then((family) => family.pointTwoTasks),
  },
  {
    name: 'point/navigate',
    description: 'tasks by number: move a point to one of several places',
    load: () => import('./point/index.js').then((family) => family.pointNavigate),
  },
  {
    name: 'point/left-right',
    description: 'two tasks with opposed gradients: move a point from the middle to the left, or to the right',
    load: () => import('./point/index.js').then((family) => family.pointLeftRight),
  },
  {
    name: 'point/camera',
    description: 'move a point to a goal, seen through a camera of 32 x 32 pixels',
    load: () => import('./point/index.js').then((family) => family.pointCamera),
  },
  {
    name: 'pendulum',
    description: 'Pendulum-v1: swing a pendulum up and hold it there; rewards without a goal',
    load: () => import('./pendulum/index.js').then((family) => family.pendulum),
  },
  {
    name: 'pendulum/camera',
    description: 'the pendulum seen through a camera of 32 x 32 pixels, now and two steps before',
    load: () => import('./pendulum/index.js').then((family) => family.pendulumCamera),
  },
  {
    name: 'cartpole/balance',
    description: "the Control Suite's cart-pole: keep a pole on a cart upright",
    load: () => import('./cartpole/index.js').then((family) => family.cartpoleBalance),
  },
  {
    name: 'cartpole/swing-up',
    description: "the Control Suite's cart-pole: swing a hanging pole up and keep it there",
    load: () => import('./cartpole/index.js').then((family) => family.cartpoleSwingUp),
  },
  {
    name: 'bit-flip',
    description: 'turn a string of bits into another by single flips: the classic case for hindsight',
    load: () => import('./bit-flip/index.js').then((family) => family.bitFlip),
  },
  {
    name: 'grid',
    description: 'walk on a map with walls to a cell, a set of cells or a region; exact values by dynamic programming',
    load: () => import('./grid/index.js').then((family) => family.grid),
  },
  {
    name: 'arm/reach',
    description: 'bring the gripper of a six-axis arm to a point in the air',
    load: () => import('./arm/index.js').then((family) => family.armReach),
  },
  {
    name: 'arm/push',
    description: 'push a block over the table to a place, gripper closed',
    load: () => import('./arm/index.js').then((family) => family.armPush),
  },
  {
    name: 'arm/slide',
    description: 'hit a puck so that it stops at a place out of reach',
    load: () => import('./arm/index.js').then((family) => family.armSlide),
  },
  {
    name: 'arm/pick-and-place',
    description: 'grasp a block and bring it to a place on or above the table',
    load: () => import('./arm/index.js').then((family) => family.armPickAndPlace),
  },
  {
    name: 'tabletop/reach',
    description: 'bring the gripper to a point in the air',
    load: () => import('./tabletop/index.js').then((family) => family.tabletopEnv('reach')),
  },
  {
    name: 'tabletop/push',
    description: 'push an object over the table to a place',
    load: () => import('./tabletop/index.js').then((family) => family.tabletopEnv('push')),
  },
  {
    name: 'tabletop/pick-and-place',
    description: 'grasp an object and bring it to a place on or above the table',
    load: () => import('./tabletop/index.js').then((family) => family.tabletopEnv('pick-and-place')),
  },
  {
    name: 'tabletop/stack',
    description: 'put one object on top of the other and let go',
    load: () => import('./tabletop/index.js').then((family) => family.tabletopEnv('stack')),
  },
  {
    name: 'tabletop/press-button',
    description: 'press the button and hold it down',
    load: () => import('./tabletop/index.js').then((family) => family.tabletopEnv('press-button')),
  },
  {
    name: 'tabletop/open-drawer',
    description: 'open the drawer',
    load: () => import('./tabletop/index.js').then((family) => family.tabletopEnv('open-drawer')),
  },
  {
    name: 'tabletop/close-drawer',
    description: 'close the drawer',
    load: () => import('./tabletop/index.js').then((family) => family.tabletopEnv('close-drawer')),
  },
  {
    name: 'tabletop/turn-dial',
    description: 'turn the dial to an angle',
    load: () => import('./tabletop/index.js').then((family) => family.tabletopEnv('turn-dial')),
  },
  {
    name: 'tabletop/pull-with-hook',
    description: 'pull an object that is out of reach nearer with a hook',
    load: () => import('./tabletop/index.js').then((family) => family.tabletopEnv('pull-with-hook')),
  },
  {
    name: 'tabletop/sweep-into-tray',
    description: 'sweep an object into the tray',
    load: () => import('./tabletop/index.js').then((family) => family.tabletopEnv('sweep-into-tray')),
  },
  {
    name: 'tabletop/mt3',
    description: 'three tasks on a table: reach, push, pick and place',
    load: () => import('./tabletop/families.js').then((family) => family.tabletopMt3),
  },
  {
    name: 'tabletop/mt10',
    description: 'ten tasks on a table, in one scene',
    load: () => import('./tabletop/families.js').then((family) => family.tabletopMt10),
  },
  {
    name: 'tabletop/push-left-right',
    description: 'two tasks with opposed gradients: push an object to the left, or to the right',
    load: () => import('./tabletop/families.js').then((family) => family.tabletopPushLeftRight),
  },
  {
    name: 'tabletop/words',
    description: 'asked in words: go to, pick up or push one of two things, told by colour and shape',
    load: () => import('./tabletop/words.js').then((words) => words.tabletopWords),
  },
  {
    name: 'fetch/reach',
    description: 'FetchReach-v4: bring the gripper of the Fetch robot to a point in the air',
    load: () => import('./fetch/index.js').then((family) => family.fetchReach),
  },
  {
    name: 'fetch/push',
    description: 'FetchPush-v4: push a block over the table to a place, gripper closed',
    load: () => import('./fetch/index.js').then((family) => family.fetchPush),
  },
  {
    name: 'fetch/slide',
    description: 'FetchSlide-v4: hit a puck so that it stops at a place far off',
    load: () => import('./fetch/index.js').then((family) => family.fetchSlide),
  },
  {
    name: 'fetch/pick-and-place',
    description: 'FetchPickAndPlace-v4: grasp a block and bring it to a place on or above the table',
    load: () => import('./fetch/index.js').then((family) => family.fetchPickAndPlace),
  },
  {
    name: 'ogbench/pointmaze-medium',
    description: 'pointmaze-medium-v0: roll a ball through a maze of 26 cells to a goal',
    load: () => import('./ogbench/index.js').then((family) => family.pointmazeMedium),
  },
  {
    name: 'ogbench/pointmaze-large',
    description: 'pointmaze-large-v0: roll a ball through a maze of 46 cells to a goal',
    load: () => import('./ogbench/index.js').then((family) => family.pointmazeLarge),
  },
  {
    name: 'ogbench/pointmaze-giant',
    description: 'pointmaze-giant-v0: roll a ball through a maze of 86 cells to a goal',
    load: () => import('./ogbench/index.js').then((family) => family.pointmazeGiant),
  },
  {
    name: 'ogbench/pointmaze-teleport',
    description: 'pointmaze-teleport-v0: the same with places from which it is moved to others at random',
    load: () => import('./ogbench/index.js').then((family) => family.pointmazeTeleport),
  },
  {
    name: 'metaworld/reach',
    description: "Meta-World's reach-v3: bring the gripper of the Sawyer robot to a point in the air",
    load: () => import('./metaworld/index.js').then((family) => family.metaworld.reach),
  },
  {
    name: 'metaworld/push',
    description: "Meta-World's push-v3: push a puck over the table to a place",
    load: () => import('./metaworld/index.js').then((family) => family.metaworld.push),
  },
  {
    name: 'metaworld/pick-place',
    description: "Meta-World's pick-place-v3: grasp a puck and bring it to a place in the air",
    load: () => import('./metaworld/index.js').then((family) => family.metaworld['pick-place']),
  },
  {
    name: 'metaworld/door-open',
    description: "Meta-World's door-open-v3: open a door by its handle",
    load: () => import('./metaworld/index.js').then((family) => family.metaworld['door-open']),
  },
  {
    name: 'metaworld/drawer-open',
    description: "Meta-World's drawer-open-v3: pull a drawer open by its handle",
    load: () => import('./metaworld/index.js').then((family) => family.metaworld['drawer-open']),
  },
  {
    name: 'metaworld/drawer-close',
    description: "Meta-World's drawer-close-v3: push a drawer shut",
    load: () => import('./metaworld/index.js').then((family) => family.metaworld['drawer-close']),
  },
  {
    name: 'metaworld/button-press-topdown',
    description: "Meta-World's button-press-topdown-v3: press a button from above",
    load: () => import('./metaworld/index.js').then((family) => family.metaworld['button-press-topdown']),
  },
  {
    name: 'metaworld/peg-insert-side',
    description: "Meta-World's peg-insert-side-v3: grasp a peg and put it into a hole from the side",
    load: () => import('./metaworld/index.js').then((family) => family.metaworld['peg-insert-side']),
  },
  {
    name: 'metaworld/window-open',
    description: "Meta-World's window-open-v3: push a window open by its handle",
    load: () => import('./metaworld/index.js').then((family) => family.metaworld['window-open']),
  },
  {
    name: 'metaworld/window-close',
    description: "Meta-World's window-close-v3: push a window shut by its handle",
    load: () => import('./metaworld/index.js').then((family) => family.metaworld['window-close']),
  },
  {
    name: 'metaworld/mt10',
    description: "Meta-World's MT10: ten tasks of the Sawyer robot in one",
    load: () => import('./metaworld/index.js').then((family) => family.metaworldMt10),
  },
  {
    name: 'gymnasium/inverted-pendulum',
    description: 'InvertedPendulum-v5: keep a pole upright on a cart',
    load: () => import('./gymnasium/index.js').then((family) => family.gymnasium['inverted-pendulum']),
  },
  {
    name: 'gymnasium/reacher',
    description: 'Reacher-v5: bring the tip of an arm with two joints to a target',
    load: () => import('./gymnasium/index.js').then((family) => family.gymnasium.reacher),
  },
  {
    name: 'gymnasium/pusher',
    description: 'Pusher-v5: push a cylinder to a target with an arm of seven joints',
    load: () => import('./gymnasium/index.js').then((family) => family.gymnasium.pusher),
  },
  {
    name: 'gymnasium/hopper',
    description: 'Hopper-v5: hop forward on one leg',
    load: () => import('./gymnasium/index.js').then((family) => family.gymnasium.hopper),
  },
  {
    name: 'gymnasium/half-cheetah',
    description: 'HalfCheetah-v5: run forward with a back and a front leg',
    load: () => import('./gymnasium/index.js').then((family) => family.gymnasium['half-cheetah']),
  },
  {
    name: 'gymnasium/walker2d',
    description: 'Walker2d-v5: walk forward on two legs in a plane',
    load: () => import('./gymnasium/index.js').then((family) => family.gymnasium.walker2d),
  },
  {
    name: 'gymnasium/ant',
    description: 'Ant-v5: walk forward on four legs',
    load: () => import('./gymnasium/index.js').then((family) => family.gymnasium.ant),
  },
  ...levelListings.map(({ name, description }) => ({
    name: `babyai/${name}`,
    description,
    load: () => import('./babyai/index.js').then((family) => family.babyai[name]),
  })),
];
