// What a run makes of the settings that its data sets were recorded with: said of each setting where it is declared.

/**
 * By default a setting must be what it was when data were recorded, for it decides what is shown, done or asked. `usual`: it
 * decides neither, so that it is only taken where none is given. `ignored`: it was the business of who recorded.
 */
export type FromData = 'usual' | 'ignored';

/** For `.meta` of settings of rewards, success, ends of episodes, chance, and where things begin. */
export const usualFromData: { readonly fromData: FromData } = { fromData: 'usual' };

/** For `.meta` of settings of how an environment is run. */
export const ignoredFromData: { readonly fromData: FromData } = { fromData: 'ignored' };
