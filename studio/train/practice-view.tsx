// The newest policy acting, drawn some times a second while the page is looked at; a click places its goal.
import { Badge, Group, Text, useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { openView } from '../../src/view/open-view.js';
import type { View } from '../../src/view/view.js';
import type { Training } from './trainings.js';

/** Milliseconds between steps: about the arm's own pace. */
const STEP_MS = 50;
/** At once; after a longer pause it just goes on. */
const MOST_STEPS = 6;
/** Until there is a policy. */
const WAIT_MS = 200;

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export function PracticeView({ training }: { training: Training }) {
  const holder = useRef<HTMLDivElement>(null);
  const dark = useComputedColorScheme('light') === 'dark';
  const [note, setNote] = useState<string>('The policy appears here as soon as there is one.');
  const [recent, setRecent] = useState<readonly boolean[]>([]);
  const [reached, setReached] = useState(false);
  const [flat, setFlat] = useState(false);

  useEffect(() => {
    const box = holder.current;
    if (!box) return;
    // A canvas has one kind of context for good, so every view gets a canvas of its own.
    const canvas = document.createElement('canvas');
    canvas.className = 'stage-canvas';
    canvas.role = 'img';
    canvas.ariaLabel = `${training.label}: the newest policy acting`;
    box.prepend(canvas);
    let ended = false;
    let view: View | undefined;
    const resize = () => view?.resize(box.clientWidth, box.clientHeight);
    const observer = new ResizeObserver(resize);
    observer.observe(box);
    const watch = async (): Promise<void> => {
      let last = performance.now();
      while (!ended) {
        const begun = performance.now();
        // Where drawing takes longer than a step, some are not drawn, so that the pace stays.
        const steps = Math.round((begun - last) / STEP_MS);
        last = begun;
        const practice = await training.practise(Math.min(Math.max(steps, 1), MOST_STEPS), view === undefined);
        if (ended) return;
        if (practice === undefined) {
          await sleep(WAIT_MS);
          continue;
        }
        const { facts, frame } = practice;
        if (view === undefined) {
          const onPoint = (_: number, place: readonly number[]) => training.point(place);
          const opened = await openView(canvas, { facts, dark, plain: true, onPoint });
          if (ended) return opened.view.dispose();
          view = opened.view;
          setFlat(opened.flat);
          setNote('');
          resize();
        }
        view.show(frame, 0);
        setReached(frame.panels[0].reached);
        setRecent((before) => (String(before) === String(practice.recent) ? before : practice.recent));
        // No frames come while the tab is hidden: then nothing is practised either.
        await nextFrame();
        await sleep(Math.max(0, STEP_MS - (performance.now() - begun)));
      }
    };
    watch().catch((error: Error) => !ended && setNote(`The policy cannot be shown: ${error.message}`));
    return () => {
      ended = true;
      observer.disconnect();
      view?.dispose();
      canvas.remove();
    };
  }, [training, dark]);

  const good = recent.filter(Boolean).length;
  return (
    <figure className="practice">
      <div className="practice-scene" ref={holder}>
        {note !== '' && (
          <Text size="sm" c="dimmed" className="practice-note">
            {note}
          </Text>
        )}
        {reached && (
          <Badge className="practice-success" color="green" variant="filled" tt="none">
            ✓ goal reached
          </Badge>
        )}
      </div>
      <figcaption>
        <Group justify="space-between" gap="xs">
          <Text size="xs" c="dimmed">
            {recent.length === 0
              ? 'Practice: the newest policy, without exploring'
              : `Practice: ${good} of the last ${recent.length} goals reached`}
          </Text>
          <span className="practice-dots" aria-hidden="true">
            {recent.map((isGood, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a strip of the last few, without identity
              <span key={i} className="practice-dot" data-good={isGood || undefined}>
                {isGood ? '✓' : '·'}
              </span>
            ))}
          </span>
        </Group>
        {flat && (
          <Text size="xs" c="dimmed">
            This browser has no 3-D graphics (WebGL), so the scene is drawn from above; training is the same.
          </Text>
        )}
      </figcaption>
    </figure>
  );
}
