// point/camera: the point's task seen through a camera from above, 32 x 32 pixels; the goal is known as a place.
import type { AuthorSpec, EnvDefinition, GoalRules, Simulation } from '../env.js';
import { createGoalEnv } from '../goal-env.js';
import { image } from '../space.js';
import { resolveSpec } from '../spec.js';
import { createPoint, type PointOptions, pointOptions, pointRules } from './reach.js';

/** Pixels along each side. */
export const cameraSize = 32;
const cameraOptions = pointOptions.omit({ camera: true });

function cameraRules(options: PointOptions): GoalRules & { readonly spec: AuthorSpec } {
  const {
    spec: { relations: _, ...spec }, // no numbers are observed that a goal could be compared with
    ...rules
  } = pointRules(options);
  const observation = { camera: image([cameraSize, cameraSize, 3]) };
  return { ...rules, spec: { ...spec, name: 'point/camera', observation } };
}

function createCamera(options: PointOptions): Simulation<AuthorSpec> {
  const point = createPoint(options);
  // What the point itself would show; its state is saved by it.
  const place = new Float32Array(2);
  const camera = point.camera('above', cameraSize);
  const draw = (out: Float32Array | Uint8Array) => camera.take(out as Uint8Array);
  return {
    ...point,
    ...cameraRules(options),
    reset(random, now) {
      point.reset(random, { ...now, observation: place });
      draw(now.columns.camera);
    },
    step(action, now, random) {
      const failed = point.step(action, { ...now, observation: place }, random);
      draw(now.columns.camera);
      return failed;
    },
  };
}

export const pointCamera: EnvDefinition<PointOptions> = {
  name: 'point/camera',
  description: 'move a point to a goal, seen through a camera of 32 x 32 pixels',
  options: cameraOptions,
  rules(options) {
    const rules = cameraRules(options);
    return { ...rules, spec: resolveSpec(rules.spec) };
  },
  create: (options) => createGoalEnv(createCamera(options)),
};
