// The setting `physics` of environments that MuJoCo steps.
import * as z from 'zod';
import { ignoredFromData } from './from-data.js';

export const physicsSetting = z
  .enum(['wasm', 'native'])
  .optional()
  .describe(
    "what steps the physics: wasm (where absent), MuJoCo's WebAssembly build; native, the library of the Python package mujoco: faster, with other last digits (docs/environments/mujoco.md)",
  )
  .meta(ignoredFromData);

/** Settings for a page that shows what was made elsewhere: it has no libraries. */
export const settingsInPage = <Settings extends Readonly<Record<string, unknown>> | undefined>(
  settings: Settings,
): Settings => (settings?.physics === 'native' ? { ...settings, physics: 'wasm' } : settings);
