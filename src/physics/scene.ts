// Lists what a MuJoCo model shows, for any viewer.

import { RunError } from '../errors.js';
import type { SceneMesh, SceneShape } from '../scene.js';
import type { MujocoModel } from './bindings.js';
import { names } from './names.js';
import type { Physics } from './physics.js';

/** mjtGeom, in order. */
export const geomKinds = ['plane', 'hfield', 'sphere', 'capsule', 'ellipsoid', 'cylinder', 'box', 'mesh'] as const;

/** Numbers of the geoms that can be seen when they are not transparent: those of groups 0 to 2. */
export const drawnGeoms = ({ ngeom, geom_group }: MujocoModel): number[] =>
  Array.from({ length: ngeom }, (_, i) => i).filter((i) => geom_group[i] <= 2);

/**
 * The visible shapes: geoms of groups 0 to 2 (MuJoCo's own default) that are not wholly transparent, where they are now.
 * Sizes are MuJoCo's: half lengths in metres; capsules and cylinders have [radius, half length] along their z axis; a
 * plane of size 0 is infinite. A mesh has the name `geom` or, where that has none, the mesh's.
 */
export function listShapes(physics: Physics): SceneShape[] {
  const { model } = physics;
  const positions = physics.array('geom_xpos')();
  const rotations = physics.array('geom_xmat')();
  const geomNames = names(model, 'geom');
  const meshNames = names(model, 'mesh');
  const shapes: SceneShape[] = [];
  for (const i of drawnGeoms(model)) {
    const kind = geomKinds[model.geom_type[i]];
    const material: number = model.geom_matid[i];
    const ownColor: number[] = Array.from(model.geom_rgba.slice(4 * i, 4 * i + 4));
    // As MuJoCo does: the material's colour counts unless the geom's differs from the default grey.
    const isDefault = ownColor.every((value, c) => value === (c < 3 ? 0.5 : 1));
    const color = material >= 0 && isDefault ? model.mat_rgba.slice(4 * material, 4 * material + 4) : ownColor;
    if (color[3] === 0 || kind === 'hfield') continue;
    if (kind === undefined) throw new RunError(`geom ${i} has a type that cannot be drawn: ${model.geom_type[i]}.`);
    const mesh: number = kind === 'mesh' ? model.geom_dataid[i] : -1;
    shapes.push({
      kind,
      size: Array.from(model.geom_size.slice(3 * i, 3 * i + 3)),
      position: Array.from(positions.slice(3 * i, 3 * i + 3)),
      rotation: Array.from(rotations.slice(9 * i, 9 * i + 9)),
      color: [color[0], color[1], color[2], color[3]],
      name: geomNames[i] || meshNames[mesh] || undefined,
      ...(mesh >= 0 && { mesh: meshOf(model, mesh) }),
    });
  }
  return shapes;
}

const meshes = new WeakMap<MujocoModel, Map<number, SceneMesh>>();

/** The triangles of a model's mesh, copied once. */
function meshOf(model: MujocoModel, id: number): SceneMesh {
  const known = meshes.get(model) ?? new Map<number, SceneMesh>();
  meshes.set(model, known);
  let mesh = known.get(id);
  if (!mesh) {
    const part = (values: ArrayLike<number>, from: number, count: number) =>
      Array.from({ length: 3 * count }, (_, i) => values[3 * from + i]);
    mesh = {
      vertices: Float32Array.from(part(model.mesh_vert, model.mesh_vertadr[id], model.mesh_vertnum[id])),
      faces: Uint32Array.from(part(model.mesh_face, model.mesh_faceadr[id], model.mesh_facenum[id])),
    };
    known.set(id, mesh);
  }
  return mesh;
}
