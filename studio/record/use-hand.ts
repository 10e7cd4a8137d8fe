// The hand at the page: keys and buttons that are held, and places that are pointed at, as what the recording is told.
import { type RefObject, useCallback, useEffect, useMemo, useRef } from 'react';
import type { View } from '../../src/view/view.js';
import { choiceOf, directionOf, type HandKey, pushOf, type TakeKey, takeKeyOf } from './keys.js';
import type { Recording } from './recording.js';

export interface HandOfPage {
  /** A button for a direction is pressed, or let go. */
  press(key: HandKey, isDown: boolean): void;
  /** Go there. */
  point(place: readonly number[]): void;
}

const flat = { right: [1, 0, 0], up: [0, 1, 0] };
/** Where keys mean something else. */
const ELSEWHERE = 'input, textarea, select, [role=listbox], [role=combobox], [role=dialog], [role=slider]';

/** The axis that a key is for: one that is not steered makes no beginning. */
const AXIS = { left: 0, right: 0, up: 1, down: 1, raise: 2, lower: 2 } as const;

/** `act`: what a key does to the take. */
export function useHand(
  recording: Recording,
  viewRef: RefObject<View | null>,
  act: (key: TakeKey) => void,
): HandOfPage {
  const held = useRef(new Set<HandKey>());
  const slow = useRef(false);
  const target = useRef<readonly number[] | undefined>(undefined);
  const acting = useRef(act);
  acting.current = act;

  const tell = useCallback(
    (begins: boolean) => {
      const push = pushOf(held.current, slow.current, viewRef.current?.screenAxes() ?? flat);
      recording.hand({ push, target: target.current }, begins);
    },
    [recording, viewRef],
  );
  const press = useCallback(
    (key: HandKey, isDown: boolean) => {
      if (isDown === held.current.has(key)) return;
      if (isDown) held.current.add(key);
      else held.current.delete(key);
      // Who steers by keys no longer wants to be where they pointed.
      if (isDown) target.current = undefined;
      tell(isDown);
    },
    [tell],
  );
  const point = useCallback(
    (place: readonly number[]) => {
      target.current = place;
      tell(true);
    },
    [tell],
  );

  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      slow.current = event.shiftKey;
      const from = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || from.closest(ELSEWHERE)) return;
      const { phase, controls, facts } = recording.state();
      const taken = takeKeyOf(event.code);
      if (taken !== undefined) {
        // A button that has the focus keeps its own keys.
        if (from.closest('button, a') && (taken === 'grip' || taken === 'done')) return;
        event.preventDefault();
        if (!event.repeat) acting.current(taken);
        return;
      }
      if (facts?.action.kind === 'discrete') {
        const choice = choiceOf(event.code, controls.choices ?? {}, facts.action.n);
        if (choice === undefined) return;
        event.preventDefault();
        if (phase === 'ready' || phase === 'going') recording.choose(choice);
        return;
      }
      const direction = directionOf(event.code);
      if (direction === undefined) {
        if (event.key === 'Shift' && held.current.size > 0) tell(false);
        return;
      }
      event.preventDefault();
      if (controls.move?.[AXIS[direction]]) press(direction, true);
    };
    const up = (event: KeyboardEvent) => {
      slow.current = event.shiftKey;
      const direction = directionOf(event.code);
      if (direction !== undefined) press(direction, false);
      else if (event.key === 'Shift' && held.current.size > 0) tell(false);
    };
    // Keys that are let go elsewhere are not told.
    const letGo = () => {
      held.current.clear();
      tell(false);
    };
    const look = () => {
      letGo();
      recording.setPaused(document.hidden);
    };
    recording.setPaused(false);
    window.addEventListener('keydown', down);
    window.addEventListener('keyup', up);
    window.addEventListener('blur', letGo);
    document.addEventListener('visibilitychange', look);
    return () => {
      window.removeEventListener('keydown', down);
      window.removeEventListener('keyup', up);
      window.removeEventListener('blur', letGo);
      document.removeEventListener('visibilitychange', look);
      recording.setPaused(true);
    };
  }, [recording, press, tell]);

  // What was wanted in one take is not wanted in the next.
  const { phase } = recording.state();
  useEffect(() => {
    if (phase === 'ready' || phase === 'over') target.current = undefined;
  }, [phase]);

  return useMemo(() => ({ press, point }), [press, point]);
}
