// What the cameras of the first panel see, and what they would see at the goal: the picture that a policy shall make true.
import { Group, Stack, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { SeenPicture } from '../../src/view/frame.js';
import { useReadings } from './use-stage.js';
import type { Watching } from './use-watching.js';

/** Pixels on the page along the side of a picture. */
const SIDE = 112;

export function CameraPictures({ on }: { on: Watching }) {
  const pictures = useReadings(on.stage.readings)?.panels[0]?.pictures;
  if (!pictures) return null;
  const names = Object.keys(pictures);
  const hasGoal = names.some((name) => name.startsWith('goal-'));
  return (
    <Stack gap={4}>
      <Text size="xs" fw={600}>
        {hasGoal ? 'What it sees, and what it shall look like' : 'What it sees'}
      </Text>
      <Group gap="xs">
        {names.map((name) => (
          <CameraPicture key={name} name={name} picture={pictures[name]} />
        ))}
      </Group>
      {hasGoal && (
        <Text size="xs" c="dimmed">
          A goal that is placed is taken as a picture: make it look like this.
        </Text>
      )}
    </Stack>
  );
}

function CameraPicture({ name, picture: { width, height, bytes } }: { name: string; picture: SeenPicture }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const shown = context.createImageData(width, height);
    for (let i = 0; i < width * height; i++) {
      shown.data.set(bytes.subarray(3 * i, 3 * i + 3), 4 * i);
      shown.data[4 * i + 3] = 255;
    }
    context.putImageData(shown, 0, 0);
  }, [width, height, bytes]);
  return (
    <Stack gap={0}>
      <canvas
        ref={canvas}
        width={width}
        height={height}
        role="img"
        aria-label={name}
        style={{ width: SIDE, height: SIDE, imageRendering: 'pixelated' }}
      />
      <Text size="xs" c="dimmed">
        {name}
      </Text>
    </Stack>
  );
}
