// The state of the controls, and what they tell the worker.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { FieldOver } from '../../src/view/facts.js';
import type { View } from '../../src/view/view.js';
import { canRecord, type Recording, record, save } from './recorder.js';
import type { AfterAttempt } from './stage.js';
import type { OpenStage } from './use-stage.js';

export interface PanelName {
  readonly name: string;
  readonly short: string;
  readonly goal: number;
}

export type Watching = ReturnType<typeof useWatching>;

/** Changes of a goal nearer to each other than this, in milliseconds, are one. */
export const QUICK_MS = 400;
/** A pointed goal this far from the place it was asked for was moved, as a share of the goals' range. */
const MOVED = 0.005;

export function useWatching(stage: OpenStage, panels: readonly PanelName[], watchLast?: () => void) {
  const { ask, facts } = stage;
  const viewRef = useRef<View | null>(null);
  const canvasRef = useRef<HTMLCanvasElement | null>(null);
  const [playing, setPlaying] = useState(true);
  const [speed, setSpeed] = useState(1);
  const [after, setAfterState] = useState<AfterAttempt>('restart');
  const [goal, setGoalIndex] = useState(0);
  const [task, setTaskState] = useState<number>();
  const [field, setFieldState] = useState<FieldOver>();
  const [fieldError, setFieldError] = useState<string>();
  const [follow, setFollow] = useState(false);
  const [note, setNote] = useState<string>();
  const [recording, setRecording] = useState<Recording>();
  const goals = Math.max(...panels.map((panel) => panel.goal)) + 1;

  // Nothing moves while nobody looks.
  useEffect(() => {
    const tell = () => void ask.play(playing && !document.hidden ? speed : 0);
    tell();
    document.addEventListener('visibilitychange', tell);
    return () => {
      document.removeEventListener('visibilitychange', tell);
      void ask.play(0);
    };
  }, [ask, playing, speed]);

  const stepOnce = useCallback(() => {
    setPlaying(false);
    void ask.play(0);
    void ask.step();
  }, [ask]);
  const restart = useCallback(() => void ask.reset(Math.floor(1e9 * Math.random())), [ask]);
  const randomGoal = useCallback(() => {
    for (let i = 0; i < goals; i++) void ask.drawGoal(i);
    setNote(undefined);
  }, [ask, goals]);

  const setAfter = (next: AfterAttempt) => {
    setAfterState(next);
    void ask.after(next);
  };

  const setTask = (next: number | undefined) => {
    setTaskState(next);
    setNote(undefined);
    void ask.task(next);
  };

  const instruct = (sentence: string | undefined): Promise<unknown> => {
    setNote(undefined);
    return ask.instruct(sentence);
  };

  const setField = (over: FieldOver | undefined) => {
    setFieldState(over);
    setFieldError(undefined);
    ask.field(over).catch((error: Error) => setFieldError(error.message));
  };

  /** At most one request under way, and after it the latest place: a dragged goal shall not lag. */
  const pointing = useRef<{ busy: boolean; next?: [number, readonly number[]] }>({ busy: false });
  const point = useCallback(
    (index: number, place: readonly number[]) => {
      const state = pointing.current;
      state.next = [index, place];
      if (state.busy) return;
      const send = () => {
        if (!state.next) {
          state.busy = false;
          return;
        }
        state.busy = true;
        const [to, at] = state.next;
        state.next = undefined;
        // A goal that someone places is theirs: no new start takes it away.
        setAfterState((old) => {
          if (old === 'restart') void ask.after('go-on');
          return old === 'restart' ? 'go-on' : old;
        });
        setGoalIndex(to);
        ask.point(to, at).then((found) => {
          setNote(noteOf(found, at, facts));
          send();
        }, send);
      };
      send();
    },
    [ask, facts],
  );

  /** What is shown is late: changes in quick succession go on from the last one. */
  const asked = useRef({ goal: -1, time: -Infinity, values: [] as readonly number[] });
  /** Changes one number of the goal that is shown. */
  const changeGoal = (shown: readonly number[], index: number, value: number) => {
    if (after === 'restart') setAfter('go-on');
    const last = asked.current;
    const isQuick = last.goal === goal && performance.now() - last.time < QUICK_MS;
    const values = (isQuick ? last.values : shown).map((old, i) => (i === index ? value : old));
    asked.current = { goal, time: performance.now(), values };
    ask.setGoal(goal, values).then(
      () => setNote(undefined),
      (error: Error) => {
        asked.current.time = -Infinity;
        setNote(error.message);
      },
    );
  };

  const push = (thing: string, direction: 'left' | 'right' | 'up' | 'down', strength: number) => {
    const axes = viewRef.current?.screenAxes() ?? { right: [1, 0, 0], up: [0, 1, 0] };
    const axis = direction === 'left' || direction === 'right' ? axes.right : axes.up;
    const sign = direction === 'left' || direction === 'down' ? -strength : strength;
    void ask.push(
      thing,
      axis.map((value) => sign * value),
    );
  };

  const toggleRecording = () => {
    if (recording) {
      setRecording(undefined);
      viewRef.current?.setRecorded(false);
      void recording.stop().then((clip) => save(clip, `${facts.env.replaceAll('/', '-')}.webm`));
    } else if (canvasRef.current) {
      viewRef.current?.setRecorded(true);
      setRecording(record(canvasRef.current));
      void ask.whole(); // drawn anew, so that a clip of a scene that stands still has a picture
    }
  };

  return {
    stage,
    panels,
    goals,
    viewRef,
    canvasRef,
    playing,
    setPlaying,
    speed,
    setSpeed,
    stepOnce,
    restart,
    randomGoal,
    after,
    setAfter,
    task,
    instruct,
    setTask,
    goal,
    chooseGoal: setGoalIndex,
    changeGoal,
    point,
    note,
    push,
    field,
    setField,
    fieldError,
    watchLast,
    follow,
    setFollow,
    home: () => viewRef.current?.home(),
    recording: recording !== undefined,
    toggleRecording,
    canRecord: canRecord(),
  };
}

/** Says where a goal went that could not be put where it was asked for. */
function noteOf(found: readonly number[] | undefined, asked: readonly number[], { goal, view }: OpenStage['facts']) {
  if (!found) return view === 'bits' ? undefined : 'There is no goal at this place: it is inside a wall, or outside.';
  if (view !== 'places') return undefined; // a cell is where its middle is
  const range = Math.max(...goal.map(({ low, high }) => high - low));
  const far = found.some((value, i) => Math.abs(value - asked[i]) > MOVED * range);
  return far ? 'That is out of reach: the goal lies at the nearest place that can be reached.' : undefined;
}
