// What a MuJoCo model shows, for the camera of learning: the geoms that are drawn, read where they are now.
import { RunError } from '../errors.js';
import type { SolidKind, Stage, StageSolid } from '../vision/stage.js';
import type { Physics } from './physics.js';
import { drawnGeoms, geomKinds } from './scene.js';

const solidKinds: readonly string[] = [
  'plane',
  'sphere',
  'capsule',
  'ellipsoid',
  'cylinder',
  'box',
] satisfies SolidKind[];

/**
 * The geoms of groups 0 to 2. Those of bodies that are fixed to the world are taken to stay as they are, the others also
 * to keep their sizes; colours are those of the geoms, without materials. @throws RunError for meshes and height fields
 */
export function physicsStage(physics: Physics): Stage {
  const { model } = physics;
  const drawn = drawnGeoms(model);
  const solids = drawn.map((geom): StageSolid => {
    const kind = geomKinds[model.geom_type[geom]];
    if (!solidKinds.includes(kind)) {
      throw new RunError(`the camera draws no ${kind}, as geom ${geom} is; it draws ${solidKinds.join(', ')}.`);
    }
    return {
      kind: kind as SolidKind,
      size: Array.from(model.geom_size.slice(3 * geom, 3 * geom + 3)),
      still: model.body_weldid[model.geom_bodyid[geom]] === 0,
    };
  });
  const gather = (width: number, all: () => ArrayLike<number>) => {
    const out = new Float64Array(width * drawn.length);
    return () => {
      const from = all();
      for (let i = 0; i < drawn.length; i++) {
        for (let j = 0; j < width; j++) out[width * i + j] = from[width * drawn[i] + j];
      }
      return out;
    };
  };
  // A view of WebAssembly memory, of length 0 once that has moved.
  let rgba = model.geom_rgba;
  const colours = () => {
    if (rgba.length === 0) rgba = model.geom_rgba;
    return rgba;
  };
  return {
    solids,
    positions: gather(3, physics.array('geom_xpos')),
    rotations: gather(9, physics.array('geom_xmat')),
    colours: gather(4, colours),
  };
}
