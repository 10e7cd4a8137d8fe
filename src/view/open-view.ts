// The view that fits a scene and a browser: with WebGL where the scene has three dimensions; without it, from above.

import type { View, ViewOptions } from './view.js';
import { createView2d } from './view-2d.js';

export interface OpenedView {
  readonly view: View;
  /** A scene of three dimensions is drawn from above, for want of WebGL. */
  readonly flat: boolean;
}

export async function openView(canvas: HTMLCanvasElement, options: ViewOptions): Promise<OpenedView> {
  if (options.facts.dimensions === 2) return { view: createView2d(canvas, options), flat: false };
  // Loaded only where it is needed.
  const { createView3d } = await import('./view-3d.js');
  const view = createView3d(canvas, options);
  return view ? { view, flat: false } : { view: createView2d(canvas, options), flat: true };
}
