// From what a person's hand wants to an action: keys that are held, a place that was pointed at, a gripper open or closed.
import type { Controls } from './controls.js';
import type { Box } from './space.js';

/** What the hand wants now. */
export interface Hand {
  /** Along the scene's x, y and z, as shares from -1 to 1 of the largest action each way. */
  readonly push: readonly number[];
  /** A place of the scene to go to along the axes that are not pushed; absent: none. */
  readonly target?: readonly number[];
  /** Whether a gripper shall be open. */
  readonly open: boolean;
}

/**
 * Writes the action [box.size] that the hand wants, within its box. Along an axis that is pushed it is a share of the bound;
 * along others it leads to the target, as far as one action can; numbers that nothing steers are 0, or the nearest to it.
 */
export function steer({ low, high }: Box, controls: Controls, { push, target, open }: Hand, out: Float32Array): void {
  out.fill(0);
  for (const [axis, control] of (controls.move ?? []).entries()) {
    if (control === null) continue;
    const { number, reach } = control;
    const share = (push[axis] ?? 0) * Math.sign(reach);
    const here = controls.place?.[axis];
    const there = target?.[axis];
    if (share !== 0) out[number] = share * (share > 0 ? high[number] : -low[number]);
    else if (here !== undefined && there !== undefined) out[number] = (there - here) / reach;
  }
  if (controls.grip) out[controls.grip.number] = (open ? 1 : -1) * controls.grip.open;
  for (let i = 0; i < out.length; i++) out[i] = Math.min(Math.max(out[i], low[i]), high[i]);
}
