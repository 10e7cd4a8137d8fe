// Every set of model files that environments here need and that users bring.
import { fetchAssets } from '../fetch/assets.js';
import { gymnasiumAssets } from '../gymnasium/assets.js';
import { metaworldAssets } from '../metaworld/assets.js';
import type { UserAssets } from './user-assets.js';

export const userAssets: readonly UserAssets[] = [fetchAssets, metaworldAssets, gymnasiumAssets];

/** Those that an environment of this name needs, such as of `fetch/push`. */
export const assetsOf = (env: string): UserAssets | undefined =>
  userAssets.find(({ package: { prefix } }) => env.startsWith(prefix));
