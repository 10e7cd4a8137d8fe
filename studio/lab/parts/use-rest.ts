// What takes longer than a frame is computed when a hand rests.
import { useEffect, useState } from 'react';

const REST_MS = 120;

/** The value, as it was when it last stayed the same for a moment. */
export function useRest<T>(value: T): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setRested(value), REST_MS);
    return () => window.clearTimeout(timer);
  }, [value]);
  return rested;
}
