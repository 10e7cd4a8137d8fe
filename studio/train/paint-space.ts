// Draws scenes in space with three: the shapes as they come, one light, a camera that can be turned with the pointer.
import {
  BoxGeometry,
  BufferAttribute,
  BufferGeometry,
  CapsuleGeometry,
  CylinderGeometry,
  DirectionalLight,
  HemisphereLight,
  type Matrix4,
  Mesh,
  MeshLambertMaterial,
  PerspectiveCamera,
  PlaneGeometry,
  Scene as Space,
  SphereGeometry,
  Vector3,
  WebGLRenderer,
} from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import type { SceneShape } from '../../src/envs/env.js';
import type { Painter } from './painter.js';

/** Half length of planes that have no end, in metres. */
const ENDLESS = 30;

export function createSpacePainter(canvas: HTMLCanvasElement): Painter {
  const renderer = new WebGLRenderer({ canvas, alpha: true, antialias: true });
  renderer.setPixelRatio(Math.min(window.devicePixelRatio, 1.5));
  const space = new Space();
  const sun = new DirectionalLight('#ffffff', 2);
  sun.position.set(1, -2, 4);
  space.add(new HemisphereLight('#ffffff', '#8a93a5', 1.8), sun);
  const camera = new PerspectiveCamera(38, 1, 0.01, 50);
  camera.up.set(0, 0, 1);
  const controls = new OrbitControls(camera, canvas);
  controls.enablePan = false;
  let meshes: Mesh[] = [];
  let shown = '';

  const clear = (): void => {
    for (const { geometry, material } of meshes) {
      geometry.dispose();
      (material as MeshLambertMaterial).dispose();
    }
    space.remove(...meshes);
  };
  const build = (shapes: readonly SceneShape[]): void => {
    clear();
    meshes = shapes.map((shape) => {
      const [r, g, b, opacity] = shape.color;
      const material = new MeshLambertMaterial({ transparent: opacity < 1, opacity });
      material.color.setRGB(r, g, b, 'srgb');
      const mesh = new Mesh(geometryOf(shape), material);
      mesh.matrixAutoUpdate = false;
      return mesh;
    });
    space.add(...meshes);
    frame(shapes, camera, controls);
  };

  return {
    draw({ shapes }) {
      const kinds = shapes.map(({ kind, size }) => `${kind} ${size}`).join();
      if (kinds !== shown) build(shapes);
      shown = kinds;
      shapes.forEach((shape, i) => {
        place(meshes[i].matrix, shape);
        meshes[i].matrixWorldNeedsUpdate = true;
      });
      const { clientWidth: width, clientHeight: height } = canvas;
      const { x, y } = renderer.getSize(new Vector3() as never);
      if (x !== width || y !== height) {
        renderer.setSize(width, height, false);
        camera.aspect = width / height;
        camera.updateProjectionMatrix();
      }
      renderer.render(space, camera);
    },
    dispose() {
      clear();
      controls.dispose();
      renderer.dispose();
    },
  };
}

function place(matrix: Matrix4, { position: [x, y, z], rotation: r }: SceneShape): void {
  if (r === undefined) matrix.makeTranslation(x, y, z);
  else matrix.set(r[0], r[1], r[2], x, r[3], r[4], r[5], y, r[6], r[7], r[8], z, 0, 0, 0, 1);
}

/** MuJoCo's capsules and cylinders lie along z, three's along y. */
function geometryOf({ kind, size, mesh }: SceneShape): BufferGeometry {
  const [a, b, c] = size;
  switch (kind) {
    case 'plane':
      return new PlaneGeometry(2 * (a || ENDLESS), 2 * (b || ENDLESS));
    case 'box':
      return new BoxGeometry(2 * a, 2 * b, 2 * c);
    case 'capsule':
      return new CapsuleGeometry(a, 2 * b, 4, 12).rotateX(Math.PI / 2);
    case 'cylinder':
      return new CylinderGeometry(a, a, 2 * b, 20).rotateX(Math.PI / 2);
    case 'ellipsoid':
      return new SphereGeometry(1, 20, 12).scale(a, b, c);
    case 'mesh': {
      const geometry = new BufferGeometry();
      geometry.setAttribute('position', new BufferAttribute(mesh?.vertices ?? new Float32Array(0), 3));
      geometry.setIndex(new BufferAttribute(mesh?.faces ?? new Uint32Array(0), 1));
      geometry.computeVertexNormals();
      return geometry;
    }
    default:
      return new SphereGeometry(a, 20, 12);
  }
}

/** Looks at the middle of everything that has an end, from the side and above. */
function frame(shapes: readonly SceneShape[], camera: PerspectiveCamera, controls: OrbitControls): void {
  const finite = shapes.filter(({ kind }) => kind !== 'plane');
  const low = new Vector3(Infinity, Infinity, Infinity);
  const high = new Vector3(-Infinity, -Infinity, -Infinity);
  for (const { position } of finite) {
    const at = new Vector3(...position);
    low.min(at);
    high.max(at);
  }
  const middle = low.clone().add(high).multiplyScalar(0.5);
  const radius = Math.max(0.3, high.distanceTo(low) / 2);
  controls.target.copy(middle);
  camera.position.copy(middle).add(new Vector3(1.1, -1.5, 1).multiplyScalar(1.3 * radius));
  controls.update();
}
