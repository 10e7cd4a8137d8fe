// What both kinds of view are: panels side by side on one canvas, drawn only while something moves.
import type { StageFacts } from './facts.js';
import type { Field } from './field.js';
import type { Frame } from './frame.js';

export interface ViewOptions {
  readonly facts: StageFacts;
  readonly dark: boolean;
  /** Beside a training, which needs the processor: without shadows. */
  readonly plain?: boolean;
  /** Pointing needs no click: wherever the pointer goes. */
  readonly hover?: boolean;
  /** Someone points at a place of a panel: `dragging` while it goes on. */
  onPoint(panel: number, place: readonly number[], dragging: boolean): void;
}

export interface View {
  show(frame: Frame, interval: number): void;
  /** Without a field: no longer. */
  paint(field: Field | undefined): void;
  setFollow(follow: boolean): void;
  /** While it is recorded, a scene is drawn as finely as can be, however slow that is. */
  setRecorded(isRecorded: boolean): void;
  /** In CSS pixels. */
  resize(width: number, height: number): void;
  /** What right and up on the screen are along the scene's axes, for moving goals by keys. */
  screenAxes(): { readonly right: readonly number[]; readonly up: readonly number[] };
  /** Back to where the camera began. */
  home(): void;
  dispose(): void;
}

/** A panel's part of the canvas in CSS pixels, from the top left. */
export interface Part {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Panels side by side where they get wide enough for it, else two by two, or two one below the other. */
export function columnsFor(panels: number, width: number): number {
  if (panels * 300 <= width) return panels;
  return panels > 2 ? 2 : 1;
}

export function partsOf(panels: number, width: number, height: number): Part[] {
  const columns = columnsFor(panels, width);
  const rows = Math.ceil(panels / columns);
  const [w, h] = [width / columns, height / rows];
  return Array.from({ length: panels }, (_, i) => {
    return { x: (i % columns) * w, y: Math.floor(i / columns) * h, width: w, height: h };
  });
}

/** The panel at a point of the canvas, and the point within it. */
export function partAt(parts: readonly Part[], x: number, y: number): { panel: number; x: number; y: number } {
  const panel = parts.findIndex((p) => x >= p.x && y >= p.y && x < p.x + p.width && y < p.y + p.height);
  const part = parts[Math.max(panel, 0)];
  return { panel: Math.max(panel, 0), x: x - part.x, y: y - part.y };
}

export interface Clock {
  /** Draws soon. */
  request(): void;
  stop(): void;
}

/** Calls `draw` once a screen frame while it returns true or is asked to; not while the page is hidden. */
export function createClock(draw: (time: number) => boolean): Clock {
  let waiting = 0;
  const tick = (time: number) => {
    waiting = 0;
    performance.mark('watch-draw');
    const goesOn = draw(time);
    performance.measure('watch-frame', 'watch-draw');
    performance.clearMarks('watch-draw');
    if (goesOn) request();
  };
  function request(): void {
    waiting ||= requestAnimationFrame(tick);
  }
  return { request, stop: () => cancelAnimationFrame(waiting) };
}

/** Okabe and Ito's colours, which differ with any colour vision: the goal, the goal when it is reached, the trail. */
export const colors = { goal: '#d55e00', reached: '#009e73', trail: '#0072b2', thing: '#0072b2' };
export const TRAIL = 400;
