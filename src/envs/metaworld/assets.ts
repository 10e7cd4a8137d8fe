// The model files of the Meta-World tasks: part of that package, read from the user's own copy, never part of anygoal.
import type { ModelSource } from '../../physics/compile.js';
import type { Assets } from '../assets/find-assets.js';
import { createUserAssets } from '../assets/user-assets.js';
import { type MetaworldTask, metaworldTasks, taskSetups } from './tasks.js';

/** Contents of the files, by their path within the package's folder `assets`, such as `scene/basic_scene.xml`. */
export type MetaworldAssets = Assets;

const parts = ['block', 'buttonbox', 'doorlock', 'drawer', 'peg_block', 'peg_insert', 'window', 'xyz_base']
  .map((name) => `${name}_dependencies`)
  .concat(['buttonbox', 'doorlockB', 'drawer', 'peg_block', 'window_horiz', 'xyz_base'])
  .map((name) => `objects/assets/${name}.xml`);

const panes = ['windowa', 'windowb'].flatMap((name) => [
  `${name}_frame`,
  `${name}_glass`,
  `${name}_h_frame`,
  `${name}_h_glass`,
]);
const meshes: Readonly<Record<string, readonly string[]>> = {
  block: ['block'],
  buttonbox: ['stopbot', 'stopbutton', 'stopbuttonrim', 'stopbuttonrod', 'stoptop'],
  doorlock: ['door', 'door_handle', 'handle_base', 'lock', 'lock_base', 'safe'],
  drawer: ['drawer', 'drawercase', 'drawerhandle'],
  peg_block: ['block_inner', 'block_outer'],
  table: ['tablebody', 'tabletop'],
  window: ['window_base', 'window_frame', 'window_h_base', 'window_h_frame', ...panes],
  xyz_base: ['base', 'eGripperBase', 'head', 'l0', 'l1', 'l2', 'l3', 'l4', 'l5', 'l6', 'pedestal'],
};

/** Every file that the tasks need: 3.6 MB. */
export const metaworldFiles: readonly string[] = [
  ...new Set(metaworldTasks.map((task) => taskSetups[task].model)),
  'scene/basic_scene.xml',
  ...parts,
  ...Object.entries(meshes).flatMap(([folder, names]) => names.map((name) => `objects/meshes/${folder}/${name}.stl`)),
];

/** Textures are 7 MB that nothing here draws: a picture of one pixel takes the place of each. */
const textures = ['floor2', 'metal', 'metal1', 'metal2', 'wood1', 'wood2', 'wood4'].map(
  (name) => `textures/${name}.png`,
);
const pixel = Uint8Array.from(
  atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mNoaGgAAAMEAYF1LgG8AAAAAElFTkSuQmCC'),
  (character) => character.charCodeAt(0),
);

export const metaworldAssets = createUserAssets({
  prefix: 'metaworld/',
  name: 'metaworld',
  version: '3.1.1',
  module: 'metaworld',
  folder: 'assets',
  mark: 'sawyer_xyz/sawyer_reach_v3.xml',
  files: metaworldFiles,
  variable: 'ANYGOAL_METAWORLD_ASSETS',
  owner: 'Meta-World',
  models: 'the Meta-World models',
  tasks: 'the Meta-World tasks',
  provide: 'provideMetaworldAssets',
});

/** Gives the files as bytes, for the environments created from now on: the way where there are no folders, in browsers. */
export const provideMetaworldAssets: (files: MetaworldAssets) => void = metaworldAssets.provide;

/**
 * The files: those given by `provideMetaworldAssets`, or else from the folder that ANYGOAL_METAWORLD_ASSETS names, or else
 * from the package that the local Python has.
 * @throws UsageError telling how to get them
 */
export const loadMetaworldAssets: () => Promise<MetaworldAssets> = metaworldAssets.load;

/**
 * Takes a folder for all environments of this process and of threads that it starts later. It is a fact of the machine,
 * so runs do not record it.
 * @throws UsageError where the Meta-World models are not in it
 */
export const useMetaworldAssets: (folder: string) => void = metaworldAssets.use;

/**
 * A task's model as MuJoCo's compiler wants it: the XML, and the rest by its path from there. Without `looks`, what is only
 * looked at and takes no part in the physics, a model has a quarter of the size and steps are a little faster.
 */
export function modelSource(task: MetaworldTask, files: MetaworldAssets, looks: boolean): ModelSource {
  const { model } = taskSetups[task];
  const blank = Object.fromEntries(textures.map((name) => [name, pixel]));
  const relative = Object.entries({ ...files, ...blank }).map(([name, bytes]) => [`../${name}`, bytes] as const);
  const xml = new TextDecoder().decode(files[model]);
  return {
    xml: looks ? xml : xml.replace(/<mujoco[^>]*>/, '$&<compiler discardvisual="true"/>'),
    files: Object.fromEntries(relative),
    name: `metaworld/${task}`,
  };
}
