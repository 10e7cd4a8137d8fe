// The model files of the Fetch tasks: part of Gymnasium-Robotics, read from the user's own copy, never part of anygoal.
import { UsageError } from '../../errors.js';
import type { ModelSource } from '../../physics/compile.js';
import { findFetchAssets } from './find-assets.js';
import { type FetchTask, taskSetups } from './tasks.js';

/** Contents of the files, by their path within the package's folder `envs/assets`, such as `fetch/push.xml`. */
export type FetchAssets = Readonly<Record<string, Uint8Array>>;

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

let provided: FetchAssets | undefined;

/** Gives the files as bytes, for the environments created from now on: the way where there are no folders, in browsers. */
export function provideFetchAssets(files: FetchAssets): void {
  const missing = fetchFiles.filter((name) => !(name in files));
  if (missing.length > 0) {
    throw new UsageError(`provideFetchAssets: ${missing.length} files are missing: ${missing.join(', ')}.`);
  }
  provided = files;
}

/**
 * The files: those given by `provideFetchAssets`, or else from the folder that ANYGOAL_FETCH_ASSETS names, or else from
 * the package that the local Python has.
 * @throws UsageError telling how to get them
 */
export async function loadFetchAssets(): Promise<FetchAssets> {
  if (provided) return provided;
  const found = await findFetchAssets(fetchFiles);
  if ('files' in found) return found.files;
  throw new UsageError(
    'the Fetch tasks need the model files of Gymnasium-Robotics, which do not come with anygoal. Get them once with ' +
      '`pip install --no-deps gymnasium-robotics==1.4.2`; the local Python then finds them by itself. Or say where they ' +
      "are: --assets DIR, or the environment variable ANYGOAL_FETCH_ASSETS=DIR, with the package's folder " +
      `gymnasium_robotics/envs/assets. Looked for: ${found.tried.join('; ')}.`,
  );
}

/** A task's model as MuJoCo's compiler wants it: the XML, and the rest by its path from there. */
export function modelSource(task: FetchTask, files: FetchAssets): ModelSource {
  const { model } = taskSetups[task];
  const relative = Object.entries(files).map(([name, bytes]) => {
    return [name.startsWith('fetch/') ? name.slice('fetch/'.length) : `../${name}`, bytes] as const;
  });
  return { xml: new TextDecoder().decode(files[model]), files: Object.fromEntries(relative), name: `fetch/${task}` };
}
