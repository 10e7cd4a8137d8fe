// Stop or resume a run.
import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import type { RunSummary } from '../../src/studio/api-types.js';
import { postJson, runPath } from '../api/client.js';
import { PlayIcon, StopIcon } from '../shell/icons.js';

export function RunButtons({ run, size = 'compact-sm' }: { run: RunSummary; size?: 'compact-sm' | 'sm' }) {
  const { name, state, ours, resumable } = run;
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const ask = async (action: 'stop' | 'resume') => {
    setBusy(true);
    setProblem(undefined);
    await postJson(`${runPath(name)}/${action}`).catch((error: Error) => setProblem(error.message));
    setBusy(false);
  };
  const canStop = state === 'running' && ours;
  if (!canStop && !(resumable && state !== 'done')) return null;
  const [action, word, icon] = canStop
    ? (['stop', 'Stop', <StopIcon key="stop" size={12} />] as const)
    : (['resume', 'Resume', <PlayIcon key="play" size={12} />] as const);
  return (
    <div className="run-buttons">
      <Button
        size={size}
        variant="default"
        leftSection={icon}
        loading={busy}
        onClick={() => ask(action)}
        aria-label={`${word} ${name}`}
      >
        {word}
      </Button>
      {problem !== undefined && (
        <Text size="xs" c="red" role="alert">
          {problem}
        </Text>
      )}
    </div>
  );
}
