// Cameras of environments: the setting `camera`, the pictures that it adds to what an environment shows, and their taking.
import * as z from 'zod';
import type { Camera } from '../vision/index.js';
import type { EnvSpec, Simulation, SimulationStep } from './env.js';
import { image } from './space.js';

/** What `env.options.camera` says. */
export interface CameraSetting {
  /** Pixels along each side. */
  readonly size: number;
  /** Names of views; the first one is the part `camera`, a further one `camera-NAME`. */
  readonly views: readonly string[];
  /** Whether the policy sees the numbers of the state too. */
  readonly state: boolean;
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
        .describe('whether the policy sees the numbers of the state beside the pictures'),
    })
    .optional()
    .describe('pictures as what the policy sees (docs/pictures.md)');

/** The names of the parts that views become, in their order. */
export const cameraParts = ({ views }: CameraSetting): string[] =>
  views.map((view, i) => (i === 0 ? 'camera' : `camera-${view}`));

/** A spec with the pictures; without a setting as it is. */
export function specWithCamera(spec: EnvSpec, camera: CameraSetting | undefined): EnvSpec {
  if (!camera) return spec;
  const picture = image([camera.size, camera.size, 3]);
  return {
    ...spec,
    parts: { ...spec.parts, ...Object.fromEntries(cameraParts(camera).map((name) => [name, picture])) },
    ...(!camera.state && { privileged: ['observation'] }),
  };
}

/** A simulation that can be filmed. */
export interface Filmed {
  /** A camera at this view, of pictures of so many pixels along each side. */
  camera(view: string, size: number): Camera;
}

/** The same simulation, whose spec has the pictures, takes one of every state; without a setting it stays as it is. */
export function withCamera<Sim extends Simulation & Filmed>(simulation: Sim, setting: CameraSetting | undefined): Sim {
  if (!setting) return simulation;
  const names = cameraParts(setting);
  const cameras = setting.views.map((view, i) => ({ name: names[i], camera: simulation.camera(view, setting.size) }));
  const film = (now: SimulationStep) => {
    for (let i = 0; i < cameras.length; i++) cameras[i].camera.take(now.columns[cameras[i].name] as Uint8Array);
  };
  const { instruct, push } = simulation;
  return {
    ...simulation,
    reset(random, now, evaluationTask) {
      simulation.reset(random, now, evaluationTask);
      film(now);
    },
    restart(now) {
      simulation.restart?.(now);
      film(now);
    },
    step(action, now, random) {
      const failed = simulation.step(action, now, random);
      film(now);
      return failed;
    },
    ...(instruct && {
      instruct(sentence: string, now: SimulationStep) {
        instruct(sentence, now);
        film(now);
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
