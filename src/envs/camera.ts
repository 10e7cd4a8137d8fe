// Cameras of environments: the setting `camera`, the pictures that it adds to what an environment shows, and their taking.
import * as z from 'zod';
import type { Random } from '../random.js';
import type { Camera } from '../vision/index.js';
import type { EnvSpec, Simulation, SimulationStep } from './env.js';
import { usualFromData } from './from-data.js';
import { image } from './space.js';

/** What `env.options.camera` says. */
export interface CameraSetting {
  /** Pixels along each side. */
  readonly size: number;
  /** Names of views; the first one is the part `camera`, a further one `camera-NAME`. */
  readonly views: readonly string[];
  /** Whether the policy sees the numbers of the state too. */
  readonly state: boolean;
  /** Whether it sees pictures of the goal in place of its numbers. */
  readonly goal: boolean;
}

/** Settings of an environment that may have a camera. */
export interface WithCamera {
  readonly camera?: CameraSetting;
}

/** The schema of the setting, for an environment with these views; the first one is taken unless others are named. */
export const cameraSetting = <View extends string>(views: readonly [View, ...View[]], size = 64) =>
  z
    .strictObject({
      size: z
        .int()
        .min(8)
        .max(256)
        .default(size)
        .describe('pixels along each side of its pictures; there is a camera where anything of it is set'),
      views: z
        .array(z.enum(views))
        .min(1)
        .refine((names) => new Set(names).size === names.length, 'each view can be named once')
        .default([views[0]])
        .describe(`where it stands; with several each gives a picture: ${views.join(', ')}`),
      state: z
        .boolean()
        .default(false)
        .describe('whether the policy sees the numbers of the state beside the pictures')
        .meta(usualFromData), // they are recorded all the same
      goal: z
        .boolean()
        .default(false)
        .describe('whether goals are shown as pictures of the world where they are reached, in place of their numbers'),
    })
    .optional()
    .describe('pictures as what the policy sees (docs/pictures.md)');

/** The names of the parts that views become, in their order. */
export const cameraParts = ({ views }: CameraSetting): string[] =>
  views.map((view, i) => (i === 0 ? 'camera' : `camera-${view}`));

/** The name of the part that shows the goal as the part `camera` would. */
const goalPart = (part: string): string => `goal-${part}`;

/** A spec with the pictures; without a setting as it is. */
export function specWithCamera(spec: EnvSpec, camera: CameraSetting | undefined): EnvSpec {
  if (!camera) return spec;
  const picture = image([camera.size, camera.size, 3]);
  const names = cameraParts(camera);
  const all = <Value>(name: (part: string) => string, value: (part: string) => Value) =>
    Object.fromEntries(names.map((part) => [name(part), value(part)]));
  const privileged = [...(camera.state ? [] : ['observation']), ...(camera.goal ? ['goal'] : [])];
  return {
    ...spec,
    parts: {
      ...spec.parts,
      ...all(String, () => picture),
      ...(camera.goal && all(goalPart, () => ({ ...picture, per: 'episode' as const }))),
    },
    ...(privileged.length > 0 && { privileged }),
    ...(camera.goal && { goalPictures: all(goalPart, String) }),
  };
}

/** A simulation that can be filmed. */
export interface Filmed {
  /** A camera at this view, of pictures of so many pixels along each side. */
  camera(view: string, size: number): Camera;
  /** Puts the world where the goal is reached, looks, and puts everything back as it was. */
  atGoal(goal: ArrayLike<number>, look: () => void): void;
}

/** The same simulation, whose spec has the pictures, takes one of every state; without a setting it stays as it is. */
export function withCamera<Sim extends Simulation & Filmed>(simulation: Sim, setting: CameraSetting | undefined): Sim {
  if (!setting) return simulation;
  const names = cameraParts(setting);
  const cameras = setting.views.map((view, i) => ({ name: names[i], camera: simulation.camera(view, setting.size) }));
  const film = (now: SimulationStep) => {
    for (let i = 0; i < cameras.length; i++) cameras[i].camera.take(now.columns[cameras[i].name] as Uint8Array);
  };
  const show = (now: SimulationStep) => {
    film(now);
    if (!setting.goal) return;
    simulation.atGoal(now.goal, () => {
      for (const { name, camera } of cameras) camera.take(now.columns[goalPart(name)] as Uint8Array);
    });
  };
  const { again, instruct, push } = simulation;
  return {
    ...simulation,
    reset(random, now, evaluationTask) {
      simulation.reset(random, now, evaluationTask);
      show(now);
    },
    ...(again && {
      again(random: Random, now: SimulationStep) {
        again(random, now);
        show(now);
      },
    }),
    restart(now) {
      simulation.restart?.(now);
      show(now);
    },
    step(action, now, random) {
      const failed = simulation.step(action, now, random);
      film(now);
      return failed;
    },
    ...(instruct && {
      instruct(sentence: string, now: SimulationStep) {
        instruct(sentence, now);
        show(now);
      },
    }),
    ...(push && {
      push(thing: string, velocity: readonly number[], now: SimulationStep) {
        push(thing, velocity, now);
        film(now);
      },
    }),
  };
}
