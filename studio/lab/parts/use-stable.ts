// Handlers that stay the same function, so that what is given them need not be drawn again while something else is dragged.
import { useCallback, useLayoutEffect, useRef } from 'react';

/** Calls the latest of the functions that it was given. */
export function useStable<A extends readonly unknown[]>(handler: (...args: A) => void): (...args: A) => void {
  const latest = useRef(handler);
  useLayoutEffect(() => {
    latest.current = handler;
  });
  return useCallback((...args: A) => latest.current(...args), []);
}
