// Cameras around the robot's table, the same for the arm's tasks and the tabletop's.
import type { Physics } from '../../physics/physics.js';
import { physicsStage } from '../../physics/stage.js';
import { createCamera, type Stage, type View } from '../../vision/index.js';
import type { Filmed } from '../camera.js';
import type { robotViews } from './rules.js';

/**
 * Metres; the robot stands at the origin, the table lies along x. The first four see the whole room of the gripper, `close`
 * and `beside` from two sides where things lie (the hand may be higher than `close` sees), `gripper` what is in reach.
 */
const views: Readonly<Record<(typeof robotViews)[number], View>> = {
  corner: { from: [1.5, -1, 1.2], at: [0.5, 0, 0.55], width: 0.95 },
  front: { from: [1.75, 0, 1.15], at: [0.5, 0, 0.55], width: 0.95 },
  side: { from: [0.55, -1.5, 0.95], at: [0.5, 0, 0.6], width: 0.95 },
  top: { from: [0.85, 0, 1.9], at: [0.55, 0, 0.45], width: 0.9 },
  close: { from: [1.1, 0, 1.15], at: [0.53, 0, 0.5], width: 0.54 },
  beside: { from: [0.53, -0.85, 0.95], at: [0.53, 0, 0.5], width: 0.54 },
  gripper: { from: [0.28, 0, 0.28], at: [0, 0, -0.02], width: 0.24 },
};

/**
 * How a simulation with the robot is filmed, whose gripper is the site `grip`; `pose` puts it where a goal is reached, all
 * but what follows of that. `dress` adds to what stands before the cameras.
 */
export const filmRobot = (
  physics: Physics,
  grip: number,
  pose: (goal: ArrayLike<number>) => void,
  dress: (stage: Stage) => Stage = (stage) => stage,
): Filmed => ({
  camera(name, size) {
    const view = views[name as keyof typeof views];
    const along = name === 'gripper' ? hand(physics, grip) : undefined;
    return createCamera(dress(physicsStage(physics)), { ...view, ...(along && { along }) }, { size });
  },
  atGoal(goal, look) {
    const state = physics.save();
    pose(goal);
    physics.forward();
    look();
    physics.restore(state);
  },
});

/** Where a site is now. */
function hand(physics: Physics, site: number): () => ArrayLike<number> {
  const all = physics.array('site_xpos');
  const place = [0, 0, 0];
  return () => {
    const now = all();
    for (let i = 0; i < 3; i++) place[i] = now[3 * site + i];
    return place;
  };
}
