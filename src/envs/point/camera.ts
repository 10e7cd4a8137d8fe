// point/camera: the point's task seen through a camera from above, 32 x 32 pixels; the goal is known as a place.
import type { AuthorSpec, EnvDefinition, GoalRules, Simulation } from '../env.js';
import { createGoalEnv } from '../goal-env.js';
import { image } from '../space.js';
import { resolveSpec } from '../spec.js';
import { createPoint, type PointOptions, pointOptions, pointRules } from './reach.js';

/** Pixels along each side. */
export const cameraSize = 32;
/** Half the width of what the camera sees, in half widths of the square: the point is seen whole at its edge. */
const view = 1.15;
/** In pixels. */
const radius = 2.5;
const background = 238;
const colour = [26, 89, 204] as const;

function cameraRules(options: PointOptions): GoalRules & { readonly spec: AuthorSpec } {
  const { spec, ...rules } = pointRules(options);
  const observation = { camera: image([cameraSize, cameraSize, 3]) };
  return { ...rules, spec: { ...spec, name: 'point/camera', observation } };
}

/** The pixel coordinate of a place along an axis; row 0 is at the top. */
const pixel = (place: number): number => ((place / view + 1) / 2) * cameraSize;

/** Draws the point at (x, y): a disc whose edge is smoothed over a pixel, so that every small move is seen. */
function draw(x: number, y: number, out: Float32Array | Uint8Array): void {
  out.fill(background);
  const [column, row] = [pixel(x), pixel(-y)];
  const within = (at: number) => Math.min(Math.max(Math.floor(at), 0), cameraSize - 1);
  for (let i = within(row - radius - 1); i <= within(row + radius + 1); i++) {
    for (let j = within(column - radius - 1); j <= within(column + radius + 1); j++) {
      const [dy, dx] = [i + 0.5 - row, j + 0.5 - column];
      const share = Math.min(Math.max(radius + 0.5 - Math.sqrt(dx * dx + dy * dy), 0), 1);
      if (share === 0) continue;
      const at = 3 * (i * cameraSize + j);
      for (let c = 0; c < 3; c++) out[at + c] = Math.round(background + share * (colour[c] - background));
    }
  }
}

function createCamera(options: PointOptions): Simulation<AuthorSpec> {
  const point = createPoint(options);
  // What the point itself would show; its state is saved by it.
  const place = new Float32Array(2);
  return {
    ...point,
    ...cameraRules(options),
    reset(random, now) {
      point.reset(random, { ...now, observation: place });
      draw(place[0], place[1], now.columns.camera);
    },
    step(action, now, random) {
      const failed = point.step(action, { ...now, observation: place }, random);
      draw(place[0], place[1], now.columns.camera);
      return failed;
    },
  };
}

export const pointCamera: EnvDefinition<PointOptions> = {
  name: 'point/camera',
  description: 'move a point to a goal, seen through a camera of 32 x 32 pixels',
  options: pointOptions,
  rules(options) {
    const rules = cameraRules(options);
    return { ...rules, spec: resolveSpec(rules.spec) };
  },
  create: (options) => createGoalEnv(createCamera(options)),
};
