// A policy in an environment that only Python can draw: an episode is played by the studio, its pictures are shown here.
import { Button, Group, Slider, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { PicturesAnswer, RunSummary } from '../../src/studio/api-types.js';
import { postJson } from '../api/client.js';
import { Link } from '../shell/router.js';
import { Failure, Loading, Notices } from '../shell/states.js';

/** Milliseconds that a picture is shown. */
const PACE = 50;

export function PicturePlayer({ run }: { run: RunSummary }) {
  const [seed, setSeed] = useState(0);
  const [attempt, setAttempt] = useState(0);
  const [answer, setAnswer] = useState<PicturesAnswer>();
  const [error, setError] = useState<Error>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks again
  useEffect(() => {
    let isWanted = true;
    setAnswer(undefined);
    setError(undefined);
    postJson<PicturesAnswer>('pictures', { run: run.name, seed }).then(
      (given) => isWanted && setAnswer(given),
      (failure: Error) => isWanted && setError(failure),
    );
    return () => {
      isWanted = false;
    };
  }, [run.name, seed, attempt]);

  return (
    <Stack gap="md" align="start">
      <Group gap="sm">
        <Text fw={650} size="lg">
          {run.env}
        </Text>
        <Link href="/watch">other run</Link>
      </Group>
      {error && <Failure error={error} retry={() => setAttempt(attempt + 1)} />}
      {!error && !answer && <Loading what="pictures, which Python draws" />}
      {answer && <Pictures answer={answer} />}
      <Button variant="default" size="xs" disabled={!answer && !error} onClick={() => setSeed(seed + 1)}>
        Another episode
      </Button>
    </Stack>
  );
}

function Pictures({ answer }: { answer: PicturesAnswer }) {
  const { pictures, rewards, success, width, height, warnings } = answer;
  const [at, setAt] = useState(0);
  const [plays, setPlays] = useState(true);
  useEffect(() => {
    if (!plays) return;
    const timer = setTimeout(() => setAt((at + 1) % pictures.length), at + 1 === pictures.length ? 1000 : PACE);
    return () => clearTimeout(timer);
  }, [plays, at, pictures.length]);
  const total = rewards.slice(0, at).reduce((sum, reward) => sum + reward, 0);
  return (
    <Stack gap="xs" w={Math.max(320, width)} maw="100%">
      <Notices notices={warnings} />
      <img
        src={`data:image/png;base64,${pictures[at]}`}
        width={width}
        height={height}
        alt={`Step ${at} of an episode, drawn by ${answer.env}`}
        style={{ maxWidth: '100%', height: 'auto', imageRendering: width < 200 ? 'pixelated' : 'auto' }}
      />
      <Slider
        aria-label="Step"
        min={0}
        max={pictures.length - 1}
        value={at}
        onChange={(step) => {
          setPlays(false);
          setAt(step);
        }}
      />
      <Group gap="sm">
        <Button size="xs" onClick={() => setPlays(!plays)}>
          {plays ? 'Pause' : 'Play'}
        </Button>
        <Text size="sm">
          step {at} of {pictures.length - 1}, return {total.toFixed(2)}
          {success && at === pictures.length - 1 ? ', succeeded' : ''}
        </Text>
      </Group>
    </Stack>
  );
}
