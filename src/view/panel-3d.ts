// One panel in three dimensions: its shapes, light, goal, trail and value field.
import * as three from 'three';
import { fieldPixels } from './colors.js';
import type { StageFacts } from './facts.js';
import type { Field } from './field.js';
import type { PanelFrame } from './frame.js';
import { meshOf } from './shapes-3d.js';
import { createTrail, extend } from './trail.js';
import { colors, TRAIL } from './view.js';

export interface Panel3d {
  readonly scene: three.Scene;
  /** What is dragged: where a hand wants what it steers, else the goal; absent where goals are no places. */
  readonly handle: three.Vector3 | undefined;
  /** How near to it counts as at it. */
  readonly handleSize: number;
  show(frame: PanelFrame, interval: number): void;
  paint(field: Field | undefined): void;
  /** Moves everything to where it is at `time`; true while it goes on moving. */
  update(time: number): boolean;
  /** Writes the place of what counts; false where there is none. */
  place(out: three.Vector3): boolean;
  /** What there is but the ground. */
  extent(): three.Box3 | undefined;
  dispose(): void;
}

interface Shape {
  readonly object: three.Object3D;
  readonly from: three.Vector3;
  readonly to: three.Vector3;
  readonly fromTurn: three.Quaternion;
  readonly toTurn: three.Quaternion;
}

const MARKER = 0.012;
/** Radius of what a hand drags. */
const HAND = 0.028;

export function createPanel3d(facts: StageFacts, dark: boolean): Panel3d {
  const scene = new three.Scene();
  const sky = new three.Color(dark ? '#171b21' : '#e6edf4');
  scene.background = sky;
  scene.fog = new three.Fog(sky, 3, 11);
  scene.add(new three.HemisphereLight(dark ? '#c9d6e6' : '#ffffff', dark ? '#30343a' : '#b7ab9c', 1.5));
  const sun = new three.DirectionalLight('#fff3e2', 2.4);
  sun.castShadow = true;
  sun.shadow.mapSize.set(1024, 1024);
  sun.shadow.bias = -0.0004;
  sun.shadow.normalBias = 0.01;
  sun.shadow.radius = 3;
  scene.add(sun, sun.target);

  const shapes = new Map<number, Shape>();
  const solids = new three.Group();
  scene.add(solids);
  const goalColor = new three.Color(colors.goal);
  const reachedColor = new three.Color(colors.reached);
  const marker = new three.Mesh(
    new three.SphereGeometry(MARKER, 24, 16),
    new three.MeshBasicMaterial({ color: goalColor }),
  );
  const halo = new three.Mesh(
    new three.SphereGeometry(facts.tolerance ?? 0.03, 40, 28),
    new three.MeshStandardMaterial({
      color: goalColor,
      transparent: true,
      opacity: 0.32,
      roughness: 0.4,
      depthWrite: false,
    }),
  );
  // A line down to what lies below tells how high the goal is.
  const drop = new three.Line(
    new three.BufferGeometry().setFromPoints([new three.Vector3(), new three.Vector3(0, 0, -1)]),
    new three.LineBasicMaterial({ color: goalColor, transparent: true, opacity: 0.7 }),
  );
  const ring = new three.Mesh(
    new three.RingGeometry(0.016, 0.022, 40),
    new three.MeshBasicMaterial({ color: goalColor, transparent: true, opacity: 0.8, side: three.DoubleSide }),
  );
  const goalParts = new three.Group();
  goalParts.add(marker, halo, drop, ring);
  goalParts.visible = false;
  scene.add(goalParts, rangeBox(facts, dark));

  // Where a hand wants what it steers: seen through everything.
  const held = new three.Mesh(
    new three.SphereGeometry(HAND, 24, 16),
    new three.MeshBasicMaterial({ color: colors.trail, transparent: true, opacity: 0.35, depthTest: false }),
  );
  held.visible = false;
  held.renderOrder = 1;
  scene.add(held);

  const trail = createTrail();
  const dots = new three.InstancedMesh(
    new three.SphereGeometry(0.0045, 10, 8),
    new three.MeshBasicMaterial({ color: colors.trail }),
    TRAIL,
  );
  dots.frustumCulled = false;
  dots.count = 0;
  scene.add(dots);

  let field: three.Mesh<three.PlaneGeometry, three.MeshBasicMaterial> | undefined;
  let latest: PanelFrame | undefined;
  let began = 0;
  let lasts = 0;
  const matrix = new three.Matrix4();
  const goal = new three.Vector3();
  const place = new three.Vector3();
  const down = new three.Raycaster(new three.Vector3(), new three.Vector3(0, 0, -1));

  function build(frame: PanelFrame): void {
    for (const { object } of shapes.values()) solids.remove(object);
    shapes.clear();
    for (const [i, shape] of (frame.shapes ?? []).entries()) {
      if (shape.name === 'goal') continue;
      const object = meshOf(shape, dark);
      solids.add(object);
      shapes.set(i, {
        object,
        from: new three.Vector3(),
        to: new three.Vector3(),
        fromTurn: new three.Quaternion(),
        toTurn: new three.Quaternion(),
      });
    }
  }

  function aim(poses: Float32Array, jump: boolean): void {
    for (const [i, { object, from, to, fromTurn, toTurn }] of shapes) {
      const p = 12 * i;
      from.copy(object.position);
      fromTurn.copy(object.quaternion);
      to.fromArray(poses, p);
      const [a, b, c, d, e, f, g, h, k] = poses.subarray(p + 3, p + 12);
      toTurn.setFromRotationMatrix(matrix.set(a, b, c, 0, d, e, f, 0, g, h, k, 0, 0, 0, 0, 1));
      if (!jump) continue;
      from.copy(to);
      fromTurn.copy(toTurn);
    }
  }

  function showGoal({ goalPlace, reached }: PanelFrame): void {
    goalParts.visible = goalPlace !== undefined;
    if (!goalPlace) return;
    const color = reached ? reachedColor : goalColor;
    for (const part of [marker, halo, drop, ring]) part.material.color.copy(color);
    if (goal.distanceTo(marker.position.set(goalPlace[0], goalPlace[1], goalPlace[2])) < 1e-6) return;
    goal.copy(marker.position);
    halo.position.copy(goal);
    down.ray.origin.copy(goal);
    const still = [...shapes].filter(([, { object }]) => object.userData.ground);
    const [below] = down.intersectObjects(
      still.map(([, { object }]) => object),
      false,
    );
    const depth = below?.distance ?? 0;
    drop.visible = ring.visible = depth > 0.03;
    drop.position.copy(goal);
    drop.scale.setZ(depth);
    ring.position.copy(goal).setZ(goal.z - depth + 0.002);
  }

  return {
    scene,
    get handle() {
      if (latest?.hand) return held.position;
      return latest?.goalPlace ? goal : undefined;
    },
    get handleSize() {
      return latest?.hand ? 2 * HAND : Math.max(1.3 * (facts.tolerance ?? 0.03), 0.02);
    },
    show(frame, interval) {
      const jump = frame.start !== latest?.start || frame.shapes !== undefined;
      if (frame.shapes) build(frame);
      aim(frame.poses, jump);
      if (jump) trail.length = 0;
      if (frame.place) extend(trail, frame.place);
      if (frame.shapes) light();
      latest = frame;
      held.visible = frame.hand !== undefined;
      if (frame.hand) held.position.fromArray(frame.hand);
      began = performance.now();
      lasts = jump ? 0 : interval;
      for (let i = 0; i < trail.length; i++) {
        const [x, y, z] = trail.points.subarray(3 * i, 3 * i + 3);
        dots.setMatrixAt(i, matrix.makeTranslation(x, y, z));
      }
      dots.count = trail.length;
      dots.instanceMatrix.needsUpdate = true;
    },
    paint(next) {
      if (field && !next) field.visible = false;
      if (!next) return;
      const { columns, rows, outline, height, values, low, high } = next;
      const pixels = fieldPixels(values, low, high, 205);
      if (!field || field.userData.size !== `${columns} ${rows}`) {
        if (field) scene.remove(field);
        const texture = new three.DataTexture(pixels, columns, rows);
        texture.colorSpace = three.SRGBColorSpace;
        texture.magFilter = three.LinearFilter;
        const material = new three.MeshBasicMaterial({
          map: texture,
          transparent: true,
          side: three.DoubleSide,
          depthWrite: false,
          toneMapped: false,
        });
        field = new three.Mesh(new three.PlaneGeometry(1, 1), material);
        field.userData.size = `${columns} ${rows}`;
        scene.add(field);
      }
      field.visible = true;
      const { map } = field.material;
      if (map) {
        map.image = { data: pixels, width: columns, height: rows };
        map.needsUpdate = true;
      }
      field.position.set((outline[0] + outline[2]) / 2, (outline[1] + outline[3]) / 2, height - 0.002);
      field.scale.set(outline[2] - outline[0], outline[3] - outline[1], 1);
    },
    update(time) {
      const t = lasts > 0 ? Math.min(1, (time - began) / lasts) : 1;
      for (const { object, from, to, fromTurn, toTurn } of shapes.values()) {
        object.position.lerpVectors(from, to, Math.max(0, t));
        object.quaternion.slerpQuaternions(fromTurn, toTurn, Math.max(0, t));
      }
      if (latest) showGoal(latest);
      return t < 1;
    },
    place(out) {
      if (!latest?.place) return false;
      out.copy(place.fromArray(latest.place));
      return true;
    },
    extent,
    dispose() {
      scene.traverse((object) => {
        if (!(object instanceof three.Mesh || object instanceof three.Line)) return;
        object.geometry.dispose();
        for (const material of [object.material].flat()) material.dispose();
      });
      dots.dispose();
      sun.dispose();
    },
  };

  function extent(): three.Box3 | undefined {
    const box = new three.Box3();
    for (const { object } of shapes.values()) if (!object.userData.plane) box.expandByObject(object);
    return box.isEmpty() ? undefined : box;
  }

  /** The sun's shadows cover what there is. */
  function light(): void {
    for (const { object, to, toTurn } of shapes.values()) {
      object.position.copy(to);
      object.quaternion.copy(toTurn);
    }
    solids.updateMatrixWorld(true);
    const sphere = extent()?.getBoundingSphere(new three.Sphere());
    if (!sphere) return;
    const { shadow, target, position } = sun;
    target.position.copy(sphere.center);
    position.copy(sphere.center).add(new three.Vector3(0.6, -0.9, 1.9).multiplyScalar(2 * sphere.radius));
    const half = 1.15 * sphere.radius;
    Object.assign(shadow.camera, {
      left: -half,
      right: half,
      top: half,
      bottom: -half,
      near: 0.1,
      far: 8 * sphere.radius,
    });
    shadow.camera.updateProjectionMatrix();
  }
}

/** The outline of where goals are drawn. */
function rangeBox({ goal, fields }: StageFacts, dark: boolean): three.Object3D {
  if (fields.length === 0 || goal.length !== 3 || goal.some(({ low, high }) => !Number.isFinite(high - low)))
    return new three.Group();
  const size = goal.map(({ low, high }) => Math.max(high - low, 1e-4)) as [number, number, number];
  const lines = new three.LineSegments(
    new three.EdgesGeometry(new three.BoxGeometry(...size)),
    new three.LineBasicMaterial({ color: dark ? '#8fa3b8' : '#5b6b7c', transparent: true, opacity: 0.4 }),
  );
  lines.position.fromArray(goal.map(({ low, high }) => (low + high) / 2));
  return lines;
}
