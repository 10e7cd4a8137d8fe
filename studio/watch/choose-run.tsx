// Which run to watch.
import { Badge, Group, Paper, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { percent, thousands } from '../../src/cli/format.js';
import type { RunSummary } from '../../src/studio/api-types.js';
import { ago, relabelText } from '../runs/run-rows.js';
import { Link } from '../shell/router.js';
import { Empty } from '../shell/states.js';

export const watchAddress = (run: string): string => `/watch?run=${run}`;

export function ChooseRun({ runs }: { runs: readonly RunSummary[] }) {
  const [text, setText] = useState('');
  if (runs.length === 0) {
    return (
      <Empty title="Nothing to watch yet">
        <Text c="dimmed">
          A policy can be watched once a run has saved it. The arm learns to reach in less than a minute.
        </Text>
        <Link href="/runs">Start a run</Link>
      </Empty>
    );
  }
  const words = text.toLowerCase().split(/\s+/);
  const shown = runs.filter(({ name, env }) => words.every((word) => `${env} ${name}`.toLowerCase().includes(word)));
  return (
    <Stack>
      <TextInput
        aria-label="Filter runs"
        placeholder="Filter runs"
        maw={420}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3, xl: 4 }}>
        {shown.map((run) => (
          <Paper key={run.name} withBorder p="sm" className="run-card">
            <Group justify="space-between" wrap="nowrap">
              <Link href={watchAddress(run.name)}>{run.env || run.name}</Link>
              {run.success !== null && (
                <Badge variant="light" color={run.success >= 0.9 ? 'teal' : 'gray'}>
                  {percent(run.success)}
                </Badge>
              )}
            </Group>
            <Text size="xs" c="dimmed">
              {run.agent} · {relabelText(run.relabel)} · seed {run.seed}
            </Text>
            <Text size="xs" c="dimmed">
              {thousands(run.steps)} steps · {ago(run.created, Date.now())}
            </Text>
          </Paper>
        ))}
      </SimpleGrid>
    </Stack>
  );
}
