// Draws scenes of two dimensions on a canvas, seen from above.
import type { Scene, SceneShape } from '../../src/envs/env.js';
import type { Painter } from './painter.js';

const MARGIN = 0.04;

const css = ([r, g, b, a]: SceneShape['color']): string =>
  `rgb(${Math.round(255 * r)} ${Math.round(255 * g)} ${Math.round(255 * b)} / ${a})`;

/** Half sizes along x and y. */
const extent = ({ kind, size }: SceneShape): [number, number] =>
  kind === 'box' || kind === 'plane' ? [size[0], size[1]] : [size[0], size[0]];

export function createPlanePainter(canvas: HTMLCanvasElement): Painter {
  const context = canvas.getContext('2d')!;
  /** What is shown of the world: grows where something leaves it. */
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];

  return {
    draw({ shapes }: Scene) {
      for (const shape of shapes) {
        const [x, y] = shape.position;
        const [w, h] = extent(shape);
        [left, right] = [Math.min(left, x - w), Math.max(right, x + w)];
        [bottom, top] = [Math.min(bottom, y - h), Math.max(top, y + h)];
      }
      const ratio = Math.min(window.devicePixelRatio, 2);
      const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, width, height);
      const scale = Math.min(width / (right - left), height / (top - bottom)) * (1 - 2 * MARGIN);
      context.setTransform(scale, 0, 0, -scale, width / 2, height / 2);
      context.translate(-(left + right) / 2, -(bottom + top) / 2);
      for (const shape of shapes) {
        const [x, y] = shape.position;
        const [w, h] = extent(shape);
        context.fillStyle = css(shape.color);
        context.beginPath();
        if (shape.kind === 'box' || shape.kind === 'plane') context.rect(x - w, y - h, 2 * w, 2 * h);
        else context.arc(x, y, w, 0, 2 * Math.PI);
        context.fill();
        if (shape.name?.startsWith('goal') !== true || shape.kind !== 'sphere') continue;
        context.lineWidth = 2 / scale;
        context.strokeStyle = css([shape.color[0], shape.color[1], shape.color[2], 1]);
        context.stroke();
      }
    },
    dispose() {},
  };
}
