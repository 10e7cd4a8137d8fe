// The model files of Gymnasium's MuJoCo tasks: part of that package, read from the user's own copy, never part of anygoal.
import type { Assets } from '../assets/find-assets.js';
import { createUserAssets } from '../assets/user-assets.js';
import { gymnasiumTasks, taskSetups } from './tasks.js';

/** Contents of the files, by their name in the package's folder `envs/mujoco/assets`, such as `hopper.xml`. */
export type GymnasiumAssets = Assets;

/** Every file that the tasks need: 40 kB. */
export const gymnasiumFiles: readonly string[] = gymnasiumTasks.map((task) => taskSetups[task].model);

export const gymnasiumAssets = createUserAssets({
  prefix: 'gymnasium/',
  name: 'gymnasium',
  version: '1.4.0',
  module: 'gymnasium',
  folder: 'envs/mujoco/assets',
  mark: 'walker2d_v5.xml',
  files: gymnasiumFiles,
  variable: 'ANYGOAL_GYMNASIUM_ASSETS',
  owner: 'Gymnasium',
  models: "the models of Gymnasium's MuJoCo tasks",
  tasks: "Gymnasium's MuJoCo tasks",
  provide: 'provideGymnasiumAssets',
});

/** Gives the files as bytes, for the environments created from now on: the way where there are no folders, in browsers. */
export const provideGymnasiumAssets: (files: GymnasiumAssets) => void = gymnasiumAssets.provide;

/**
 * The files: those given by `provideGymnasiumAssets`, or else from the folder that ANYGOAL_GYMNASIUM_ASSETS names, or else
 * from the package that the local Python has.
 * @throws UsageError telling how to get them
 */
export const loadGymnasiumAssets: () => Promise<GymnasiumAssets> = gymnasiumAssets.load;

/**
 * Takes a folder for all environments of this process and of threads that it starts later. It is a fact of the machine,
 * so runs do not record it.
 * @throws UsageError where the models are not in it
 */
export const useGymnasiumAssets: (folder: string) => void = gymnasiumAssets.use;
