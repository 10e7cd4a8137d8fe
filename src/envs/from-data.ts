// What a run makes of the settings that its data sets were recorded with: said of each setting where it is declared.
import type { FromData } from '../setting-schema.js';

/** For `.meta` of settings of rewards, success, ends of episodes, chance, and where things begin. */
export const usualFromData: { readonly fromData: FromData } = { fromData: 'usual' };

/** For `.meta` of settings of how an environment is run. */
export const ignoredFromData: { readonly fromData: FromData } = { fromData: 'ignored' };
