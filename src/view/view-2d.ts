// Scenes in the plane (points, mazes, grids, bits) on a 2-D canvas; also what stands for 3-D scenes without WebGL: from above.
import type { SceneShape } from '../scene.js';
import { turnedCorners } from './box-corners.js';
import { fieldPixels } from './colors.js';
import type { StageFacts } from './facts.js';
import type { Field } from './field.js';
import type { Frame, PanelFrame } from './frame.js';
import { createPointing } from './pointing.js';
import { createTrail, extend, type Trail } from './trail.js';
import { colors, createClock, type Part, partAt, partsOf, type View, type ViewOptions } from './view.js';

const MARGIN = 14;
/** Room for the names of rows of bits. */
const NAMES = 64;
/** Bits of fewer pixels get no digit. */
const DIGIT = 14;
const MOST_RATIO = 2;
/** Radius of the ring around what a hand drags. */
const HANDLE = 12;

interface Panel {
  readonly trail: Trail;
  frame: PanelFrame;
  shapes: readonly SceneShape[];
  from: Float32Array;
  began: number;
  lasts: number;
  field?: { readonly image: HTMLCanvasElement; readonly of: Field };
}

/** From the scene's units to CSS pixels: x' = x0 + scale x, y' = y0 - scale y. */
interface Placing {
  readonly scale: number;
  readonly x0: number;
  readonly y0: number;
}

export function createView2d(canvas: HTMLCanvasElement, { facts, dark, hover, onPoint }: ViewOptions): View {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser draws nothing on canvases.');
  const pen = context;
  let panels: Panel[] = [];
  let parts: Part[] = [];
  let [width, height, ratio] = [1, 1, 1];

  const clock = createClock((time) => {
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    let moves = false;
    for (const [i, panel] of panels.entries()) moves = draw(panel, parts[i], time) || moves;
    return moves;
  });

  const placing = (panel: Panel, part: Part): Placing => {
    const [x0, y0, x1, y1] = boundsOf(panel, facts);
    const names = facts.view === 'bits' ? NAMES : 0;
    const scale = Math.min((part.width - 2 * MARGIN - names) / (x1 - x0), (part.height - 2 * MARGIN) / (y1 - y0));
    return {
      scale,
      x0: part.x + (part.width + names) / 2 - (scale * (x0 + x1)) / 2,
      y0: part.y + part.height / 2 + (scale * (y0 + y1)) / 2,
    };
  };

  function draw(panel: Panel, part: Part, time: number): boolean {
    const { scale, x0, y0 } = placing(panel, part);
    const { frame, shapes, from, trail } = panel;
    const t = panel.lasts > 0 ? Math.min(1, Math.max(0, (time - panel.began) / panel.lasts)) : 1;
    const at = (i: number, place: number) => {
      const to = frame.poses[12 * i + place];
      return from.length === frame.poses.length ? from[12 * i + place] + t * (to - from[12 * i + place]) : to;
    };
    const X = (x: number) => x0 + scale * x;
    const Y = (y: number) => y0 - scale * y;
    const goalColor = frame.reached ? colors.reached : colors.goal;
    const paint = (shape: SceneShape, i: number) => {
      const { kind, size, color, name = '' } = shape;
      const [x, y] = [X(at(i, 0)), Y(at(i, 1))];
      const [w, h] = [scale * size[0], scale * (size[1] ?? size[0])];
      const corners = turnedCorners([w, h], [at(i, 3), at(i, 4), at(i, 6), at(i, 7)]);
      const isGoal = name === 'goal';
      pen.fillStyle = isGoal ? goalColor : fillOf(name, color, dark);
      pen.globalAlpha = isGoal ? 0.35 : color[3];
      pen.beginPath();
      if (kind === 'sphere') pen.arc(x, y, w, 0, 2 * Math.PI);
      else if (isBit(name)) pen.roundRect(x - w, y - h, 2 * w, 2 * h, 0.2 * w);
      else if (corners) {
        for (const [dx, dy] of corners) pen.lineTo(x + dx, y - dy);
        pen.closePath();
      } else {
        // Whole pixels: no seams between cells.
        const [left, top] = [Math.round(x - w), Math.round(y - h)];
        pen.rect(left, top, Math.round(x + w) - left, Math.round(y + h) - top);
      }
      pen.fill();
      pen.globalAlpha = 1;
      if (isBit(name) && w > DIGIT) {
        const isZero = isZeroBit(name, color);
        pen.textAlign = 'center';
        write(isZero ? '0' : '1', x, y, Math.min(22, w), isZero ? (dark ? '#aab4c0' : '#5c6670') : '#ffffff');
      }
      if (!isGoal) return;
      pen.strokeStyle = goalColor;
      pen.lineWidth = 2;
      pen.stroke();
    };
    const layers = [/^(floor|square)$/, /^wall$/, /^goal$/, /^(?!floor$|square$|wall$|goal$)/];
    for (const [level, layer] of layers.entries()) {
      if (facts.dimensions === 2)
        for (const [i, shape] of shapes.entries()) if (layer.test(shape.name ?? '')) paint(shape, i);
      if (level === 0 && panel.field) {
        const [fx0, fy0, fx1, fy1] = panel.field.of.outline;
        pen.imageSmoothingEnabled = facts.view === 'places';
        pen.drawImage(panel.field.image, X(fx0), Y(fy1), scale * (fx1 - fx0), scale * (fy1 - fy0));
      }
      if (level === 1) drawTrail(trail, X, Y);
    }
    if (facts.dimensions === 3) drawFromAbove(panel, X, Y, scale, goalColor);
    const goals = shapes.filter(({ name }) => name === 'goal').length;
    if (frame.goalPlace && goals < 2) cross(X(frame.goalPlace[0]), Y(frame.goalPlace[1]), goalColor);
    if (frame.hand) ring(X(frame.hand[0]), Y(frame.hand[1]));
    if (facts.view === 'bits') {
      const names = panel.field ? ['state', 'goal', 'if flipped'] : ['state', 'goal'];
      for (const [i, name] of names.entries()) nameRow(name, X(boundsOf(panel, facts)[0]), Y(0.5 - i));
    }
    return t < 1;
  }

  function drawTrail({ points, length }: Trail, X: (x: number) => number, Y: (y: number) => number): void {
    pen.strokeStyle = dark ? '#56b4e9' : colors.trail;
    pen.lineWidth = 2;
    pen.lineJoin = 'round';
    pen.globalAlpha = 0.75;
    pen.beginPath();
    for (let i = 0; i < length; i++) pen.lineTo(X(points[3 * i]), Y(points[3 * i + 1]));
    pen.stroke();
    pen.globalAlpha = 1;
  }

  function cross(x: number, y: number, color: string): void {
    pen.strokeStyle = color;
    pen.lineWidth = 2;
    pen.beginPath();
    for (const [dx, dy] of [
      [5, 0],
      [0, 5],
    ]) {
      pen.moveTo(x - dx, y - dy);
      pen.lineTo(x + dx, y + dy);
    }
    pen.stroke();
  }

  /** Where a hand wants what it steers. */
  function ring(x: number, y: number): void {
    pen.strokeStyle = dark ? '#56b4e9' : colors.trail;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.arc(x, y, HANDLE, 0, 2 * Math.PI);
    pen.stroke();
  }

  function write(text: string, x: number, y: number, pixels: number, color: string): void {
    pen.fillStyle = color;
    pen.font = `${pixels}px system-ui, sans-serif`;
    pen.textBaseline = 'middle';
    pen.fillText(text, x, y);
  }

  function nameRow(name: string, x: number, y: number): void {
    pen.textAlign = 'right';
    write(name, x - 8, y, 13, dark ? '#dee2e6' : '#343a40');
  }

  function drawFromAbove(
    { frame }: Panel,
    X: (x: number) => number,
    Y: (y: number) => number,
    scale: number,
    color: string,
  ): void {
    const [x, y] = facts.goal;
    pen.strokeStyle = dark ? '#8fa3b8' : '#5b6b7c';
    pen.lineWidth = 1;
    pen.strokeRect(X(x.low), Y(y.high), scale * (x.high - x.low), scale * (y.high - y.low));
    const disc = ([cx, cy]: readonly number[], radius: number, fill: string, alpha: number) => {
      pen.globalAlpha = alpha;
      pen.fillStyle = fill;
      pen.beginPath();
      pen.arc(X(cx), Y(cy), radius, 0, 2 * Math.PI);
      pen.fill();
      pen.globalAlpha = 1;
    };
    if (frame.goalPlace) disc(frame.goalPlace, scale * (facts.tolerance ?? 0.03), color, 0.35);
    if (frame.place) disc(frame.place, 6, dark ? '#56b4e9' : colors.thing, 1);
  }

  const placeAt = (x: number, y: number) => {
    const found = partAt(parts, x, y);
    return { panel: found.panel, place: (panel: number) => placeIn(panel, x, y) };
  };
  function placeIn(panel: number, x: number, y: number): number[] {
    const { scale, x0, y0 } = placing(panels[panel], parts[panel]);
    const { goalPlace, hand } = panels[panel].frame;
    return [(x - x0) / scale, (y0 - y) / scale, (hand ?? goalPlace)?.[2] ?? 0];
  }
  const stopPointing = createPointing(canvas, {
    hover,
    grabs(x, y) {
      const { panel, place } = placeAt(x, y);
      const { goalPlace, hand } = panels[panel]?.frame ?? {};
      const handle = hand ?? goalPlace;
      if (!handle) return undefined;
      const [px, py] = place(panel);
      const { scale } = placing(panels[panel], parts[panel]);
      const size = Math.max(hand ? 0 : (facts.tolerance ?? 0.5), (hand ? 2 * HANDLE : 10) / scale);
      return Math.hypot(px - handle[0], py - handle[1]) <= size ? panel : undefined;
    },
    free: () => undefined,
    move(x, y, grabbed) {
      if (panels.length === 0) return;
      const found = placeAt(x, y);
      const panel = grabbed ?? found.panel;
      onPoint(panel, found.place(panel), grabbed !== undefined);
    },
  });

  return {
    show(frame: Frame, interval) {
      if (panels.length !== frame.panels.length) {
        panels = frame.panels.map((of) => {
          return { trail: createTrail(), frame: of, shapes: of.shapes ?? [], from: of.poses, began: 0, lasts: 0 };
        });
        parts = partsOf(panels.length, width, height);
      }
      for (const [i, panel] of panels.entries()) {
        const next = frame.panels[i];
        const jump = next.start !== panel.frame.start;
        if (jump) panel.trail.length = 0;
        panel.from = jump ? next.poses : panel.frame.poses;
        panel.frame = next;
        panel.shapes = next.shapes ?? panel.shapes;
        panel.began = performance.now();
        panel.lasts = jump ? 0 : interval;
        if (next.place) extend(panel.trail, next.place);
      }
      clock.request();
    },
    paint(field) {
      if (!field) for (const panel of panels) panel.field = undefined;
      else if (panels[field.panel]) panels[field.panel].field = { image: imageOf(field), of: field };
      clock.request();
    },
    setFollow: () => undefined,
    setRecorded: () => undefined,
    resize(w, h) {
      [width, height] = [w, h];
      ratio = Math.min(window.devicePixelRatio, MOST_RATIO);
      canvas.width = Math.round(w * ratio);
      canvas.height = Math.round(h * ratio);
      parts = partsOf(panels.length || 1, w, h);
      clock.request();
    },
    screenAxes: () => ({ right: [1, 0, 0], up: [0, 1, 0] }),
    home: () => undefined,
    dispose() {
      clock.stop();
      stopPointing();
    },
  };
}

function boundsOf({ shapes, field }: Panel, { dimensions, goal, view }: StageFacts): [number, number, number, number] {
  if (dimensions === 3) {
    const [x, y] = goal;
    const room = 0.25 * Math.max(x.high - x.low, y.high - y.low, 0.1);
    return [x.low - room, y.low - room, x.high + room, y.high + room];
  }
  const ends = (axis: 0 | 1, side: -1 | 1) =>
    side * Math.max(...shapes.map(({ position, size }) => side * position[axis] + (size[axis] ?? size[0])), 0.5);
  if (view !== 'bits') return [ends(0, -1), ends(1, -1), ends(0, 1), ends(1, 1)];
  return [ends(0, -1), field ? -2 : ends(1, -1), ends(0, 1), ends(1, 1)]; // values below the bits
}

const isBit = (name: string): boolean => /^(state|goal)-/.test(name);
const isZeroBit = (name: string, [r, g]: readonly number[]): boolean => isBit(name) && r > 0.8 && g > 0.8;

/** Scenes are painted for light pages; in the dark their grounds are dark. */
function fillOf(name: string, [r, g, b]: SceneShape['color'], dark: boolean): string {
  if (dark && /^(floor|square)$/.test(name)) return '#262c33';
  if (dark && name === 'wall') return '#6b7785';
  if (name === 'point' || name === 'walker') return dark ? '#56b4e9' : colors.thing;
  if (isZeroBit(name, [r, g, b])) return dark ? '#3a424c' : '#dfe4ea';
  if (name.startsWith('goal-')) return colors.goal;
  if (name.startsWith('state-')) return dark ? '#56b4e9' : colors.thing;
  return `rgb(${255 * r}, ${255 * g}, ${255 * b})`;
}

/** Rows from the top, as images have them. */
function imageOf({ columns, rows, values, low, high }: Field): HTMLCanvasElement {
  const image = document.createElement('canvas');
  image.width = columns;
  image.height = rows;
  const pixels = fieldPixels(values, low, high, 255);
  const flipped = new Uint8ClampedArray(pixels.length);
  for (let row = 0; row < rows; row++)
    flipped.set(pixels.subarray(4 * columns * row, 4 * columns * (row + 1)), 4 * columns * (rows - 1 - row));
  image.getContext('2d')?.putImageData(new ImageData(flipped, columns, rows), 0, 0);
  return image;
}
