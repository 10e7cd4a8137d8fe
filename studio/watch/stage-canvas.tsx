// The canvas of the panels, their names and marks on top of it, and what keys and the mouse do there.
import { Alert, useComputedColorScheme } from '@mantine/core';
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { StageFacts } from '../../src/view/facts.js';
import { openView } from '../../src/view/open-view.js';
import { columnsFor, partsOf, type View } from '../../src/view/view.js';
import { CheckIcon } from '../shell/icons.js';
import { type ShownStage, useReadings } from './use-stage.js';
import { QUICK_MS } from './use-watching.js';

const GOAL_KEYS = 'Arrow keys move the goal, Page Up and Page Down its height, space plays and pauses.';

interface StageCanvasProps {
  readonly stage: ShownStage;
  /** Of each panel: its name and the index of its goal. */
  readonly panels: readonly { readonly name: string; readonly goal: number }[];
  readonly follow: boolean;
  readonly showsField: boolean;
  readonly viewRef: RefObject<View | null>;
  readonly canvasRef?: RefObject<HTMLCanvasElement | null>;
  /** What keys do, for who cannot see it; absent: they move the goal. */
  readonly keysText?: string;
  /** A goal was pointed at, or where a hand shall go, here in the scene. */
  onPoint(goal: number, place: readonly number[]): void;
}

export function StageCanvas(props: StageCanvasProps) {
  const { stage, panels, follow, showsField, viewRef, canvasRef, keysText, onPoint } = props;
  const { facts } = stage;
  const frameRef = useRef<HTMLDivElement>(null);
  const dark = useComputedColorScheme('light') === 'dark';
  const [size, setSize] = useState({ width: 640, height: 480 });
  const [flat, setFlat] = useState(false);
  const [failure, setFailure] = useState<string>();
  const point = useRef(onPoint);
  point.current = onPoint;
  const goals = useRef(panels);
  goals.current = panels;

  // A canvas has one kind of context for good, so every view gets a canvas of its own.
  useEffect(() => {
    const holder = frameRef.current;
    if (!holder) return;
    const canvas = document.createElement('canvas');
    canvas.className = 'stage-canvas';
    holder.prepend(canvas);
    if (canvasRef) canvasRef.current = canvas;
    let view: View | undefined;
    let stop: (() => void) | undefined;
    let gone = false;
    const observer = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = holder;
      if (width === 0 || height === 0) return;
      setSize({ width, height });
      view?.resize(width, height);
    });
    const onPoint = (panel: number, place: readonly number[]) => point.current(goals.current[panel]?.goal ?? 0, place);
    openView(canvas, { facts, dark, onPoint }).then(
      (made) => {
        if (gone) return made.view.dispose();
        view = made.view;
        viewRef.current = view;
        setFlat(made.flat);
        view.resize(holder.clientWidth, holder.clientHeight);
        stop = stage.listen({
          frame: (frame, interval) => made.view.show(frame, interval),
          field: (field) => made.view.paint(field),
        });
      },
      (error: Error) => setFailure(error.message),
    );
    observer.observe(holder);
    return () => {
      gone = true;
      observer.disconnect();
      stop?.();
      view?.dispose();
      viewRef.current = null;
      canvas.remove();
    };
  }, [stage, facts, dark, viewRef, canvasRef]);

  useEffect(() => viewRef.current?.setFollow(follow), [follow, viewRef]);
  useEffect(() => {
    if (!showsField) viewRef.current?.paint(undefined);
  }, [showsField, viewRef]);

  const aimed = useRef<{ time: number; place: readonly number[] }>({ time: -Infinity, place: [] });
  const onKeyDown = (event: KeyboardEvent) => {
    const delta = goalMove(event, viewRef.current, facts);
    // Readings are late: keys in quick succession go on from where the last one put the goal.
    const isQuick = event.timeStamp - aimed.current.time < QUICK_MS;
    const place = isQuick ? aimed.current.place : stage.readings.get()?.panels[0].goalPlace;
    if (!delta || !place) return;
    event.preventDefault();
    const next = place.map((value, i) => value + (delta[i] ?? 0));
    aimed.current = { time: event.timeStamp, place: next };
    onPoint(goals.current[0].goal, next);
  };

  const parts = partsOf(panels.length, size.width, size.height);
  const rows = Math.ceil(panels.length / columnsFor(panels.length, size.width));
  return (
    <div>
      {flat && (
        <Alert color="yellow" variant="light" mb="sm" title="No 3-D graphics here">
          This browser has no WebGL, so the scene is drawn from above: the goal, its tolerance and the way of what shall
          reach it. The physics and the policy are the same. Turning on hardware acceleration in the browser's settings
          brings the 3-D view.
        </Alert>
      )}
      {failure && <Alert color="red">The scene cannot be drawn: {failure}</Alert>}
      <div
        ref={frameRef}
        className="stage"
        data-rows={rows}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: keys move the goal
        tabIndex={0}
        role="application"
        aria-label={`Scene of ${facts.env}. ${keysText ?? GOAL_KEYS}`}
        onKeyDown={keysText === undefined ? onKeyDown : undefined}
      >
        {panels.map(({ name }, i) => (
          <PanelMark
            // biome-ignore lint/suspicious/noArrayIndexKey: panels are told apart by their places
            key={i}
            name={name}
            index={i}
            stage={stage}
            left={parts[i].x}
            top={parts[i].y}
            width={parts[i].width}
          />
        ))}
      </div>
    </div>
  );
}

interface PanelMarkProps {
  readonly name: string;
  readonly index: number;
  readonly stage: ShownStage;
  readonly left: number;
  readonly top: number;
  readonly width: number;
}

function PanelMark({ name, index, stage, left, top, width }: PanelMarkProps) {
  const panel = useReadings(stage.readings)?.panels[index];
  if (!panel) return null;
  return (
    <div className="panel-mark" style={{ left, top, width }}>
      {name && <span className="panel-name">{name}</span>}
      <span className={panel.reached ? 'panel-state reached' : 'panel-state'}>
        {panel.reached && <CheckIcon size={14} />}
        {panel.reached ? 'goal reached' : `step ${panel.steps}`}
      </span>
    </div>
  );
}

/** How far a key moves the goal, in the scene's units. */
function goalMove(
  { key, shiftKey }: KeyboardEvent,
  view: View | null,
  facts: StageFacts,
): readonly number[] | undefined {
  if (!view) return undefined;
  const range = Math.max(...facts.goal.map(({ low, high }) => high - low));
  const step = (facts.view === 'cells' ? 1 : range / 40) * (shiftKey ? 4 : 1);
  const { right, up } = view.screenAxes();
  const along = (axis: readonly number[], by: number) => axis.map((value) => value * by);
  switch (key) {
    case 'ArrowRight':
      return along(right, step);
    case 'ArrowLeft':
      return along(right, -step);
    case 'ArrowUp':
      return along(up, step);
    case 'ArrowDown':
      return along(up, -step);
    case 'PageUp':
      return [0, 0, step];
    case 'PageDown':
      return [0, 0, -step];
  }
  return undefined;
}
