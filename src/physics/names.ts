// Names of a compiled model's things, read where they lie.
import type { MujocoModel } from './bindings.js';

/** What has a name. */
export type NamedKind = 'body' | 'joint' | 'geom' | 'site' | 'actuator' | 'sensor' | 'camera' | 'mesh' | 'keyframe';

const tables = {
  body: ['nbody', 'name_bodyadr'],
  joint: ['njnt', 'name_jntadr'],
  geom: ['ngeom', 'name_geomadr'],
  site: ['nsite', 'name_siteadr'],
  actuator: ['nu', 'name_actuatoradr'],
  sensor: ['nsensor', 'name_sensoradr'],
  camera: ['ncam', 'name_camadr'],
  mesh: ['nmesh', 'name_meshadr'],
  keyframe: ['nkey', 'name_keyadr'],
} as const;

/**
 * All names of a kind in a model, in order; unnamed things are ''. Not by `mj_id2name`, which for a thing without a name
 * gives whatever lies at the beginning of the memory.
 */
export function names(model: MujocoModel, kind: NamedKind): string[] {
  const [count, addresses] = tables[kind];
  const all: Int8Array = model.names;
  const text = Uint8Array.from(all, (code) => code & 0xff);
  const decoder = new TextDecoder();
  return Array.from({ length: model[count] }, (_, id) => {
    const from: number = model[addresses][id];
    return decoder.decode(text.subarray(from, text.indexOf(0, from)));
  });
}
