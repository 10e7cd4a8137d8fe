// Shapes of a scene as three.js objects; sizes are MuJoCo's half lengths.
import * as three from 'three';
import type { SceneMesh, SceneShape } from '../scene.js';

/** How far an endless plane is drawn, in metres; fog hides where it ends. */
const FAR = 12;
const CHECKER = 0.25;
/** Boxes this wide, half their width in metres, are furniture. */
const FURNITURE = 0.15;

const meshes = new WeakMap<SceneMesh, three.BufferGeometry>();

function geometryOf({ kind, size, mesh }: SceneShape): three.BufferGeometry {
  const [a, b = a, c = a] = size;
  switch (kind) {
    case 'plane':
      return new three.PlaneGeometry(2 * (a || FAR), 2 * (size[1] || FAR));
    case 'sphere':
      return new three.SphereGeometry(a, 40, 28);
    case 'ellipsoid':
      return new three.SphereGeometry(1, 40, 28).scale(a, b, c);
    case 'capsule':
      return new three.CapsuleGeometry(a, 2 * b, 12, 32).rotateX(Math.PI / 2);
    case 'cylinder':
      return new three.CylinderGeometry(a, a, 2 * b, 48).rotateX(Math.PI / 2);
    case 'box':
      return new three.BoxGeometry(2 * a, 2 * b, 2 * c);
    case 'mesh':
      return mesh ? meshGeometry(mesh) : new three.SphereGeometry(0.001, 4, 3);
    case 'line':
      return new three.CylinderGeometry(0.002, 0.002, 2 * (size[1] ?? a), 8).rotateX(Math.PI / 2);
  }
}

/** Sharp edges stay sharp: triangles share no corners. */
function meshGeometry(mesh: SceneMesh): three.BufferGeometry {
  let geometry = meshes.get(mesh);
  if (!geometry) {
    const indexed = new three.BufferGeometry();
    indexed.setAttribute('position', new three.BufferAttribute(mesh.vertices, 3));
    indexed.setIndex(new three.BufferAttribute(mesh.faces, 1));
    geometry = indexed.toNonIndexed();
    geometry.computeVertexNormals();
    meshes.set(mesh, geometry);
  }
  return geometry;
}

/** Two tones of a floor, as a texture that repeats. */
function checkered(): three.DataTexture {
  const pixels = Uint8Array.from([255, 214, 214, 255].flatMap((tone) => [tone, tone, tone, 255]));
  const texture = new three.DataTexture(pixels, 2, 2);
  texture.wrapS = texture.wrapT = three.RepeatWrapping;
  texture.repeat.set(FAR / CHECKER, FAR / CHECKER);
  texture.magFilter = three.NearestFilter;
  texture.minFilter = three.LinearMipmapLinearFilter;
  texture.generateMipmaps = true;
  texture.anisotropy = 8;
  texture.colorSpace = three.SRGBColorSpace;
  texture.needsUpdate = true;
  return texture;
}

export function meshOf(shape: SceneShape, dark: boolean): three.Mesh {
  const { kind, color, size, name } = shape;
  const endless = kind === 'plane' && !(size[0] > 0 && size[1] > 0);
  const [r, g, b, alpha] = color;
  const material = new three.MeshStandardMaterial({
    color: new three.Color().setRGB(r, g, b, three.SRGBColorSpace),
    roughness: kind === 'plane' ? 0.95 : 0.5,
    metalness: kind === 'plane' ? 0 : 0.08,
    transparent: alpha < 1,
    opacity: alpha,
    ...(endless && { map: checkered() }),
  });
  if (endless && dark) material.color.multiplyScalar(0.35);
  const object = new three.Mesh(geometryOf(shape), material);
  object.castShadow = kind !== 'plane' && alpha > 0.5;
  object.receiveShadow = true;
  object.name = name ?? '';
  // What a goal's height is measured from: the ground and furniture, not the robot.
  object.userData.plane = kind === 'plane';
  object.userData.ground = kind === 'plane' || (kind === 'box' && Math.min(size[0], size[1]) >= FURNITURE);
  return object;
}
