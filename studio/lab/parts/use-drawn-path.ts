// Drawing a path by pointer or touch: a state every so often along the way.
import { useRef } from 'react';
import { type Points, roundPoint } from '../settings.js';
import type { Place } from './plane.js';

/** Distance between states, in a plane of side 1. */
const STRIDE = 0.06;

/** Handlers for a Plane: pressing begins another path, of at most `most` states. */
export function useDrawnPath(most: number, onChange: (path: Points) => void) {
  const drawn = useRef<number[][]>([]);
  return {
    onPress(place: Place) {
      drawn.current = [roundPoint(place)];
    },
    onMove([x, y]: Place) {
      const path = drawn.current;
      const [lastX, lastY] = path[path.length - 1];
      const away = Math.hypot(x - lastX, y - lastY);
      // A quick hand skips places: they are filled in along the line.
      for (let n = 1; n * STRIDE <= away && path.length < most; n++) {
        const share = (n * STRIDE) / away;
        path.push(roundPoint([lastX + share * (x - lastX), lastY + share * (y - lastY)]));
      }
      if (path.length >= 2) onChange([...path]);
    },
  };
}
