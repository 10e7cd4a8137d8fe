// What a page draws of one moment: of each panel its shapes, goal and readings, as a message that is small where little is new.
import type { EnvSpec, GoalEnv, TimeStep } from '../envs/env.js';
import type { Scene, SceneShape } from '../scene.js';
import type { Counts } from './attempts.js';
import { placeOf, placesAchieved } from './places.js';

/** One panel: a run and a goal. */
export interface PanelFrame {
  /** Present where shapes are new or, in two dimensions, always. */
  readonly shapes?: readonly SceneShape[];
  /** [shape, 12]: position and row-major rotation. */
  readonly poses: Float32Array;
  readonly goal: Float32Array;
  /** Place of the goal and of what is achieved, where they are places. */
  readonly goalPlace?: readonly number[];
  readonly place?: readonly number[];
  /** Where a person's hand wants what it steers to be; absent: nothing is steered. */
  readonly hand?: readonly number[];
  readonly reward: number;
  readonly distance: number;
  readonly reached: boolean;
  readonly steps: number;
  /** The number of the episode's task, 0 where there is a single one. */
  readonly task: number;
  /** What is asked for, where the environment asks in words. */
  readonly asked?: string;
  /** Counts up when the scene jumps: a new start. */
  readonly start: number;
  readonly counts: Counts;
  /** What cameras see, and pictures of the goal, by the names of the parts; absent: there are none. */
  readonly pictures?: Readonly<Record<string, SeenPicture>>;
}

/** [height, width, 3] of bytes. */
export interface SeenPicture {
  readonly height: number;
  readonly width: number;
  readonly bytes: Uint8Array;
}

export interface Frame {
  readonly panels: readonly PanelFrame[];
}

/** What is shown of a panel. */
interface Shown {
  readonly env: GoalEnv;
  readonly now: TimeStep;
  readonly reward: number;
  readonly reached: boolean;
  readonly steps: number;
  /** How many shapes its page has, -1 for none yet. */
  sent: number;
}

/** `whole`: with all shapes, for a page that has none yet. */
export function frameOf(panel: Shown, start: number, counts: Counts, whole: boolean): PanelFrame {
  const { env, now, reward, reached, steps } = panel;
  const scene: Scene = env.scene?.() ?? { dimensions: 2, shapes: [] };
  const { shapes } = scene;
  const isNew = whole || scene.dimensions === 2 || shapes.length !== panel.sent;
  panel.sent = shapes.length;
  return {
    ...(isNew && { shapes }),
    poses: posesOf(shapes),
    goal: now.goal.slice(),
    goalPlace: shapes.find((shape) => shape.name === 'goal')?.position,
    place: placeOf(env, now, scene),
    reward,
    reached,
    steps,
    task: now.task[0] ?? 0,
    ...(env.instruction && { asked: env.instruction() }),
    start,
    counts,
    distance: distanceOf(env.spec, now),
    ...picturesOf(env.spec, now),
  };
}

function picturesOf({ parts = {} }: EnvSpec, { columns }: TimeStep): Pick<PanelFrame, 'pictures'> {
  const seen = Object.entries(parts).flatMap(([name, { shape = [], dtype }]) => {
    const [height, width, channels] = shape;
    if (dtype !== 'uint8' || channels !== 3) return [];
    return [[name, { height, width, bytes: columns[name].slice() as Uint8Array }] as const];
  });
  return seen.length > 0 ? { pictures: Object.fromEntries(seen) } : {};
}

const upright = [1, 0, 0, 0, 1, 0, 0, 0, 1];

function posesOf(shapes: readonly SceneShape[]): Float32Array {
  const poses = new Float32Array(12 * shapes.length);
  for (const [i, { position, rotation = upright }] of shapes.entries()) {
    poses.set(position, 12 * i);
    poses.set(rotation, 12 * i + 3);
  }
  return poses;
}

/** Euclidean, of bits their number; NaN where goal and achievement are of different kinds. */
function distanceOf(spec: EnvSpec, { achieved, goal }: TimeStep): number {
  const { view } = spec;
  if (placesAchieved(spec) !== goal.length) return Number.NaN;
  const square = goal.reduce((sum, value, i) => sum + (value - achieved[i]) ** 2, 0);
  return view === 'bits' ? square : Math.sqrt(square);
}
