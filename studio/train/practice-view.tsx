// The newest policy acting, drawn some times a second while the page is looked at.
import { Badge, Group, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { createPainter, type Painter } from './painter.js';
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
  const canvas = useRef<HTMLCanvasElement>(null);
  const [note, setNote] = useState<string>('The policy appears here as soon as there is one.');
  const [recent, setRecent] = useState<readonly boolean[]>([]);
  const [success, setSuccess] = useState(false);

  useEffect(() => {
    let ended = false;
    let painter: Painter | undefined;
    const watch = async (): Promise<void> => {
      let last = performance.now();
      while (!ended) {
        const begun = performance.now();
        // Where drawing takes longer than a step, some are not drawn, so that the pace stays.
        const steps = Math.round((begun - last) / STEP_MS);
        last = begun;
        const frame = await training.practise(Math.min(Math.max(steps, 1), MOST_STEPS));
        if (ended || canvas.current === null) break;
        if (frame === undefined) {
          await sleep(WAIT_MS);
          continue;
        }
        if (frame.scene === undefined)
          return setNote('This environment has nothing to draw; the curves show how it goes.');
        if (painter === undefined) {
          painter = await createPainter(frame.scene, canvas.current).catch(() => undefined);
          if (painter === undefined) {
            return setNote(
              'This browser has no 3-D graphics (WebGL), so the arm is not drawn; training goes on all the same.',
            );
          }
          setNote('');
        }
        painter.draw(frame.scene);
        setSuccess(frame.success);
        setRecent((before) => (String(before) === String(frame.recent) ? before : frame.recent));
        // No frames come while the tab is hidden: then nothing is practised either.
        await nextFrame();
        await sleep(Math.max(0, STEP_MS - (performance.now() - begun)));
      }
    };
    watch()
      .catch((error: Error) => !ended && setNote(`The policy cannot be shown: ${error.message}`))
      .finally(() => painter?.dispose());
    return () => {
      ended = true;
    };
  }, [training]);

  const reached = recent.filter(Boolean).length;
  return (
    <figure className="practice">
      <div className="practice-scene">
        <canvas
          ref={canvas}
          role="img"
          aria-label={`${training.label}: the newest policy acting`}
          hidden={note !== ''}
        />
        {note !== '' && (
          <Text size="sm" c="dimmed" className="practice-note">
            {note}
          </Text>
        )}
        {success && (
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
              : `Practice: ${reached} of the last ${recent.length} goals reached`}
          </Text>
          <span className="practice-dots" aria-hidden="true">
            {recent.map((good, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a strip of the last few, without identity
              <span key={i} className="practice-dot" data-good={good || undefined}>
                {good ? '✓' : '·'}
              </span>
            ))}
          </span>
        </Group>
      </figcaption>
    </figure>
  );
}
