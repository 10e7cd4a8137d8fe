// How strings of bits are drawn and pointed at: for environments with `view: 'bits'`.
import type { Scene } from '../../scene.js';

/** The state above, the goal below; filled squares are ones. */
export const bitScene = (state: ArrayLike<number>, goal: ArrayLike<number>): Scene => ({
  dimensions: 2,
  shapes: Array.from({ length: 2 * goal.length }, (_, i) => {
    const bit = i % goal.length;
    const wanted = i >= goal.length;
    const one = (wanted ? goal : state)[bit] === 1;
    return {
      kind: 'box',
      size: [0.45, 0.45, 0],
      position: [bit - (goal.length - 1) / 2, wanted ? -0.5 : 0.5, 0],
      color: one ? (wanted ? [0.93, 0.2, 0.2, 1] : [0.1, 0.35, 0.8, 1]) : [0.88, 0.9, 0.93, 1],
      name: `${wanted ? 'goal' : 'state'}-${bit}`,
    } as const;
  }),
});

/** `goalAt` for such a scene: pointing at a bit of the goal turns it over. */
export function flipBitAt([x, y]: readonly number[], goal: Float32Array): boolean {
  const bit = Math.round(x + (goal.length - 1) / 2);
  if (bit < 0 || bit >= goal.length || Math.abs(y + 0.5) > 0.5) return false;
  goal[bit] = 1 - goal[bit];
  return true;
}
