// Scenes of MuJoCo models with three.js: one camera for all panels, shadows, goals to drag.
import * as three from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import type { Field } from './field.js';
import type { Frame } from './frame.js';
import { createPanel3d, type Panel3d } from './panel-3d.js';
import { createPointing } from './pointing.js';
import { createClock, type Part, partAt, partsOf, type View, type ViewOptions } from './view.js';

const FIELD_OF_VIEW = 36;
/** From where models are seen first. */
const DIRECTION = new three.Vector3(1.25, -1.3, 0.75).normalize();
/** Device pixels for a CSS pixel, at most: more costs more than it shows. */
const MOST_RATIO = 2;
/** A gap between frames above this is too long, and so many of them make it coarser. */
const SLOW_MS = 42;
const SLOW_FRAMES = 12;
const LEAST_DETAIL = 0.4;
/** The camera follows as a spring that does not swing: in this time it comes nearer by a factor of e, to within metres. */
const FOLLOW_MS = 130;
const NEAR = 0.001;
/** Metres for a pixel of the wheel. */
const LIFT = 0.0003;
/** Below this detail, shadows go too. */
const LEAST_SHADOWS = 0.6;

/** Undefined where the browser has no WebGL; the canvas can then be drawn on otherwise. */
export function createView3d(canvas: HTMLCanvasElement, options: ViewOptions): View | undefined {
  const { facts, dark } = options;
  const attributes = { alpha: false, antialias: true, powerPreference: 'high-performance' } as const;
  const context = canvas.getContext('webgl2', attributes) as WebGL2RenderingContext | null;
  if (!context) return undefined;
  const renderer = new three.WebGLRenderer({ canvas, context, ...attributes });
  renderer.shadowMap.enabled = !options.plain;
  renderer.shadowMap.type = three.PCFShadowMap;
  renderer.toneMapping = three.NeutralToneMapping;
  renderer.toneMappingExposure = dark ? 0.85 : 1.05;
  renderer.autoClear = false;
  const camera = new three.PerspectiveCamera(FIELD_OF_VIEW, 1, 0.02, 60);
  camera.up.set(0, 0, 1);
  const controls = new OrbitControls(camera, canvas);
  controls.maxPolarAngle = Math.PI * 0.55;
  controls.enableDamping = true;
  controls.dampingFactor = 0.15;
  let panels: Panel3d[] = [];
  let parts: Part[] = [];
  let [width, height] = [1, 1];
  let follow = false;
  let placed = false;
  let compiled = false;
  const followed = new three.Vector3();
  const wanted = new three.Vector3();
  const step = new three.Vector3();

  // Where drawing cannot keep up (software rendering), it gets coarser.
  let detail = 1;
  let slow = 0;
  let before = 0;
  let goesOn = false;
  let recorded = false;
  /** Milliseconds since the last frame, 0 at the beginning of a movement. */
  let elapsed = 0;
  function watchPace(time: number): void {
    const gap = time - before;
    before = time;
    elapsed = goesOn ? gap : 0;
    if (!goesOn || recorded) return; // nothing had to be drawn meanwhile
    slow = gap > SLOW_MS ? slow + Math.min(SLOW_FRAMES, gap / SLOW_MS) : Math.max(0, slow - 1);
    if (slow < SLOW_FRAMES || detail <= LEAST_DETAIL) return;
    slow = 0;
    detail *= 0.7;
    setFine(false);
  }
  /** What stands still is drawn as well as can be. */
  let fine = true;
  function setFine(isFine: boolean): void {
    fine = isFine;
    const { shadowMap } = renderer;
    shadowMap.enabled = !options.plain && (fine || detail >= LEAST_SHADOWS);
    setSize();
  }
  function setSize(): void {
    renderer.setPixelRatio((fine ? 1 : detail) * Math.min(window.devicePixelRatio, MOST_RATIO));
    renderer.setSize(width, height, false);
  }

  const clock = createClock((time) => {
    watchPace(time);
    let moves = controls.update();
    for (const panel of panels) moves = panel.update(time) || moves;
    if (follow && panels[0]?.place(wanted)) {
      wanted.sub(followed);
      const shift = step.copy(wanted).multiplyScalar(1 - Math.exp(-elapsed / FOLLOW_MS));
      moves ||= wanted.lengthSq() > NEAR * NEAR;
      followed.add(shift);
      camera.position.add(shift);
      controls.target.add(shift);
    }
    if (detail < 1 && !recorded && moves === fine) setFine(!moves);
    render();
    tellTarget();
    goesOn = moves;
    return moves;
  });
  controls.addEventListener('change', () => clock.request());

  function render(): void {
    if (!compiled) return;
    renderer.setScissorTest(true);
    for (const [i, panel] of panels.entries()) {
      const { x, y, width: w, height: h } = parts[i];
      renderer.setViewport(x, height - y - h, w, h);
      renderer.setScissor(x, height - y - h, w, h);
      camera.aspect = w / h;
      camera.updateProjectionMatrix();
      renderer.clear();
      renderer.render(panel.scene, camera);
    }
  }

  /** What the camera looks at, for tests and tools. */
  const told = new three.Vector3(Number.NaN);
  function tellTarget(): void {
    if (told.equals(controls.target)) return;
    told.copy(controls.target);
    canvas.dataset.target = told
      .toArray()
      .map((value) => value.toFixed(3))
      .join(' ');
  }

  /** So that everything but the ground fits. */
  function home(): void {
    const box = panels[0]?.extent();
    if (!box) return;
    const sphere = box.getBoundingSphere(new three.Sphere());
    const aspect = parts[0] ? parts[0].width / parts[0].height : 1;
    const half = (FIELD_OF_VIEW * Math.PI) / 360;
    const angle = Math.min(half, Math.atan(Math.tan(half) * aspect));
    controls.target.copy(sphere.center);
    camera.position.copy(sphere.center).addScaledVector(DIRECTION, (0.8 * sphere.radius) / Math.sin(angle));
    controls.minDistance = 0.2 * sphere.radius;
    controls.maxDistance = 12 * sphere.radius;
    panels[0].place(followed);
    controls.update();
    clock.request();
  }

  const raycaster = new three.Raycaster();
  const ray = (x: number, y: number) => {
    const at = partAt(parts, x, y);
    const part = parts[at.panel];
    camera.aspect = part.width / part.height;
    camera.updateProjectionMatrix();
    const pointer = new three.Vector2((2 * at.x) / part.width - 1, 1 - (2 * at.y) / part.height);
    raycaster.setFromCamera(pointer, camera);
    return { panel: at.panel, ray: raycaster.ray };
  };
  const plane = new three.Plane();
  const hit = new three.Vector3();
  const stopPointing = createPointing(canvas, {
    hover: options.hover,
    grabs(x, y) {
      const { panel, ray: line } = ray(x, y);
      const { handle, handleSize = 0 } = panels[panel] ?? {};
      return handle && line.distanceToPoint(handle) <= handleSize ? panel : undefined;
    },
    free: (isFree) => {
      controls.enabled = isFree;
    },
    move(x, y, grabbed, upright) {
      const found = ray(x, y);
      const panel = grabbed ?? found.panel;
      const handle = panels[panel]?.handle;
      if (!handle) return;
      if (upright) {
        // Up and down, in the plane through it that faces the camera.
        const normal = new three.Vector3().subVectors(camera.position, handle).setZ(0).normalize();
        plane.setFromNormalAndCoplanarPoint(normal, handle);
      } else plane.set(new three.Vector3(0, 0, 1), -handle.z);
      if (!found.ray.intersectPlane(plane, hit) || hit.distanceTo(camera.position) > 30) return;
      const place = upright ? [handle.x, handle.y, hit.z] : [hit.x, hit.y, handle.z];
      options.onPoint(panel, place, grabbed !== undefined);
    },
    lift(grabbed, pixels) {
      const handle = panels[grabbed]?.handle;
      if (handle) options.onPoint(grabbed, [handle.x, handle.y, handle.z + LIFT * pixels], true);
    },
  });

  return {
    show(frame: Frame, interval) {
      if (panels.length !== frame.panels.length) {
        for (const panel of panels) panel.dispose();
        panels = frame.panels.map(() => createPanel3d(facts, dark));
        parts = partsOf(panels.length, width, height);
      }
      for (const [i, panel] of panels.entries()) panel.show(frame.panels[i], interval);
      if (!placed && frame.panels[0].shapes) {
        placed = true;
        for (const panel of panels) panel.update(performance.now());
        home();
        // Not awaited by the page, which would stand still for it.
        const done = () => {
          compiled = true;
          clock.request();
        };
        if (!renderer.extensions.has('KHR_parallel_shader_compile')) done();
        else renderer.compileAsync(panels[0].scene, camera).then(done, done);
      }
      clock.request();
    },
    paint(field: Field | undefined) {
      if (field) panels[field.panel]?.paint(field);
      else for (const panel of panels) panel.paint(undefined);
      clock.request();
    },
    setFollow(next) {
      follow = next;
      panels[0]?.place(followed);
      clock.request();
    },
    setRecorded(next) {
      recorded = next;
      if (recorded && !fine) setFine(true);
    },
    resize(w, h) {
      [width, height] = [w, h];
      setSize();
      parts = partsOf(panels.length || 1, w, h);
      clock.request();
    },
    screenAxes() {
      // The axis of the ground nearest to the camera's right.
      const right = new three.Vector3().setFromMatrixColumn(camera.matrixWorld, 0);
      const x = Math.abs(right.x) >= Math.abs(right.y);
      const a = [x ? Math.sign(right.x) : 0, x ? 0 : Math.sign(right.y), 0];
      return { right: a, up: [-a[1], a[0], 0] };
    },
    home,
    dispose() {
      clock.stop();
      stopPointing();
      controls.dispose();
      for (const panel of panels) panel.dispose();
      renderer.dispose();
      renderer.forceContextLoss();
    },
  };
}
