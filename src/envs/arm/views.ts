// Cameras around the robot's table, the same for the arm's tasks and the tabletop's.
import type { Physics } from '../../physics/physics.js';
import { physicsStage } from '../../physics/stage.js';
import { createCamera, type Stage, type View } from '../../vision/index.js';
import type { Filmed } from '../camera.js';
import type { robotViews } from './rules.js';

/** Metres; the robot stands at the origin, the table lies along x. All see the whole room of the gripper. */
const views: Readonly<Record<(typeof robotViews)[number], View>> = {
  corner: { from: [1.5, -1, 1.2], at: [0.5, 0, 0.55], width: 0.95 },
  front: { from: [1.75, 0, 1.15], at: [0.5, 0, 0.55], width: 0.95 },
  side: { from: [0.55, -1.5, 0.95], at: [0.5, 0, 0.6], width: 0.95 },
  top: { from: [0.85, 0, 1.9], at: [0.55, 0, 0.45], width: 0.9 },
};

/**
 * How a simulation with the robot is filmed; `pose` puts it where a goal is reached, all but what follows of that. `dress`
 * adds to what stands before the cameras.
 */
export const filmRobot = (
  physics: Physics,
  pose: (goal: ArrayLike<number>) => void,
  dress: (stage: Stage) => Stage = (stage) => stage,
): Filmed => ({
  camera: (view, size) => createCamera(dress(physicsStage(physics)), views[view as keyof typeof views], { size }),
  atGoal(goal, look) {
    const state = physics.save();
    pose(goal);
    physics.forward();
    look();
    physics.restore(state);
  },
});
