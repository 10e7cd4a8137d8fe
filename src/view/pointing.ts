// Clicks and drags on a canvas that stand for goals, or for where a hand shall go; what is neither is left to the camera.

export interface Pointing {
  /** The panel whose goal, or hand, is at this point of the canvas. */
  grabs(x: number, y: number): number | undefined;
  /** Whether the camera may move. */
  free(isFree: boolean): void;
  /** Points at a place; with `grabbed` the goal of that panel is dragged; `upright`: up and down. */
  move(x: number, y: number, grabbed: number | undefined, upright: boolean): void;
  /** The wheel was turned while that of a panel is dragged, by so many pixels. */
  lift?(grabbed: number, pixels: number): void;
  /** Points at wherever the pointer goes, without a click. */
  readonly hover?: boolean;
}

/** A click moves less than this, in pixels. */
const CLICK_PIXELS = 5;

/** Returns a function that stops listening. */
export function createPointing(canvas: HTMLCanvasElement, { grabs, free, move, lift, hover }: Pointing): () => void {
  let down: { x: number; y: number; grabbed: number | undefined; moved: boolean } | undefined;
  const at = (event: PointerEvent) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const listeners = {
    pointerdown(event: PointerEvent) {
      if (event.button !== 0 || !event.isPrimary) return;
      const { x, y } = at(event);
      down = { x, y, grabbed: grabs(x, y), moved: false };
      if (down.grabbed === undefined) return;
      free(false);
      canvas.setPointerCapture(event.pointerId);
    },
    pointermove(event: PointerEvent) {
      const { x, y } = at(event);
      if (!down) {
        if (hover) move(x, y, undefined, false);
        else if (event.buttons === 0) canvas.style.cursor = grabs(x, y) === undefined ? 'crosshair' : 'grab';
        return;
      }
      down.moved ||= Math.hypot(x - down.x, y - down.y) >= CLICK_PIXELS;
      if (down.grabbed === undefined || !down.moved) return;
      canvas.style.cursor = 'grabbing';
      move(x, y, down.grabbed, event.shiftKey);
    },
    pointerup() {
      if (down && !down.moved) {
        move(down.x, down.y, undefined, false);
      }
      down = undefined;
      free(true);
      canvas.style.cursor = 'crosshair';
    },
    wheel(event: WheelEvent) {
      if (!lift || down?.grabbed === undefined) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      down.moved = true;
      lift(down.grabbed, -event.deltaY);
    },
    pointercancel() {
      down = undefined;
      free(true);
    },
  };
  // Before the camera's own listeners, which a goal that is grabbed holds off.
  for (const [name, listener] of Object.entries(listeners)) {
    canvas.addEventListener(name, listener as EventListener, { capture: true, passive: false });
  }
  return () => {
    for (const [name, listener] of Object.entries(listeners)) {
      canvas.removeEventListener(name, listener as EventListener, { capture: true });
    }
  };
}
