// Tells whether this browser can do what the pages need, and what is missing if it cannot.
import { ActionIcon, Loader, Popover, Stack, Text, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { calls } from '../../src/page/worker-calls.js';
import type { CheckWorker } from '../workers/check.worker.js';
import { InfoIcon } from './icons.js';

interface Finding {
  readonly what: string;
  readonly good: boolean;
  readonly otherwise: string;
}

async function check(): Promise<Finding[]> {
  const worker = new Worker(new URL('../workers/check.worker.ts', import.meta.url), { type: 'module' });
  try {
    const ask = calls<CheckWorker>(worker);
    const [threads, moved] = await Promise.all([ask.threads(), ask.physics().catch((error: Error) => error)]);
    const physics = typeof moved === 'number' && moved > 0;
    return [
      { what: 'MuJoCo physics', good: physics, otherwise: moved instanceof Error ? moved.message : 'it does not move' },
      { what: 'Threads', good: threads, otherwise: 'training in the tab uses one thread only' },
      {
        what: '3-D graphics (WebGL)',
        good: document.createElement('canvas').getContext('webgl2') !== null,
        otherwise: 'scenes are drawn from above',
      },
    ];
  } finally {
    worker.terminate();
  }
}

export function BrowserCheck() {
  const [findings, setFindings] = useState<readonly Finding[] | string>();
  const open = () => {
    if (findings !== undefined) return;
    check().then(setFindings, (error: Error) => setFindings(error.message));
  };
  return (
    <Popover position="bottom-end" width={300} shadow="md" trapFocus={false} onOpen={open}>
      <Popover.Target>
        <Tooltip label="What this browser can do">
          <ActionIcon variant="default" size="lg" aria-label="What this browser can do">
            <InfoIcon />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs" role="status">
          <Text fw={600} size="sm">
            What this browser can do
          </Text>
          {findings === undefined && <Loader size="sm" />}
          {typeof findings === 'string' && <Text size="sm">{findings}</Text>}
          {Array.isArray(findings) &&
            findings.map(({ what, good, otherwise }: Finding) => (
              <Text size="sm" key={what}>
                {good ? '✓' : '✗'} {what}
                {good ? '' : `: ${otherwise}`}
              </Text>
            ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
