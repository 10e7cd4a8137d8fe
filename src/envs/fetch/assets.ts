// The model files of the Fetch tasks: part of Gymnasium-Robotics, read from the user's own copy, never part of anygoal.
import type { ModelSource } from '../../physics/compile.js';
import type { Assets } from '../assets/find-assets.js';
import { createUserAssets } from '../assets/user-assets.js';
import { type FetchTask, taskSetups } from './tasks.js';

/** Contents of the files, by their path within the package's folder `envs/assets`, such as `fetch/push.xml`. */
export type FetchAssets = Assets;

const link = (name: string) => `stls/fetch/${name}_link`;
const meshes = ['base', 'bellows', 'elbow_flex', 'forearm_roll', 'head_pan', 'head_tilt', 'l_wheel', 'r_wheel']
  .concat('torso_lift', 'shoulder_pan', 'shoulder_lift', 'upperarm_roll', 'wrist_flex', 'wrist_roll')
  .map((name) => `${link(name)}_collision.stl`)
  .concat(['estop', 'laser', 'gripper', 'torso_fixed'].map((name) => `${link(name)}.stl`));
const shared = ['fetch/shared.xml', 'fetch/robot.xml'];

/** Every file that the tasks need. */
export const fetchFiles: readonly string[] = [
  ...Object.values(taskSetups).map(({ model }) => model),
  ...shared,
  ...meshes,
  'textures/block.png',
];

export const fetchAssets = createUserAssets({
  prefix: 'fetch/',
  name: 'gymnasium-robotics',
  version: '1.4.2',
  module: 'gymnasium_robotics',
  folder: 'envs/assets',
  mark: 'fetch/robot.xml',
  files: fetchFiles,
  variable: 'ANYGOAL_FETCH_ASSETS',
  owner: 'Gymnasium-Robotics',
  models: 'the Fetch models',
  tasks: 'the Fetch tasks',
  provide: 'provideFetchAssets',
});

/** Gives the files as bytes, for the environments created from now on: the way where there are no folders, in browsers. */
export const provideFetchAssets: (files: FetchAssets) => void = fetchAssets.provide;

/**
 * The files: those given by `provideFetchAssets`, or else from the folder that ANYGOAL_FETCH_ASSETS names, or else from
 * the package that the local Python has.
 * @throws UsageError telling how to get them
 */
export const loadFetchAssets: () => Promise<FetchAssets> = fetchAssets.load;

/**
 * Takes a folder for all environments of this process and of threads that it starts later. It is a fact of the machine,
 * so runs do not record it.
 * @throws UsageError where the Fetch models are not in it
 */
export const useFetchAssets: (folder: string) => void = fetchAssets.use;

/** A task's model as MuJoCo's compiler wants it: the XML, and the rest by its path from there. */
export function modelSource(task: FetchTask, files: FetchAssets): ModelSource {
  const { model } = taskSetups[task];
  const relative = Object.entries(files).map(([name, bytes]) => {
    return [name.startsWith('fetch/') ? name.slice('fetch/'.length) : `../${name}`, bytes] as const;
  });
  return { xml: new TextDecoder().decode(files[model]), files: Object.fromEntries(relative), name: `fetch/${task}` };
}
