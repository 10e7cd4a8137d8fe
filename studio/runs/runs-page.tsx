// The Runs page: the list, live; curves and differences of what is selected; starting new runs.
import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useCallback, useMemo } from 'react';
import type { StudioInfo } from '../../src/studio/api-types.js';
import { useRuns } from '../api/live-runs.js';
import { useJson } from '../api/use-json.js';
import { CommandLine } from '../shell/command-line.js';
import { PlayIcon } from '../shell/icons.js';
import { useParameter } from '../shell/router.js';
import { Empty, Loading } from '../shell/states.js';
import { CurvesPanel } from './curves-panel.js';
import { DifferencesTable } from './differences-table.js';
import { RunDrawer } from './run-drawer.js';
import { RunsTable } from './runs-table.js';
import { StartDialog } from './start-dialog.js';
import { commandOf } from './start-request.js';

export function RunsPage() {
  const runs = useRuns();
  const { data: info } = useJson<StudioInfo>('info');
  const [starting, { open: openStart, close: closeStart }] = useDisclosure();
  const [selectedText, setSelectedText] = useParameter('selected');
  const [opened, setOpened] = useParameter('run');

  // Until something is chosen: what goes on now or, when nothing does, what was trained last.
  const selectedNames = useMemo(() => {
    if (selectedText !== undefined) return selectedText.split(',').filter(Boolean);
    const first = runs?.find(({ state }) => state === 'running') ?? runs?.[0];
    return runs?.filter(({ group }) => group === first?.group).map(({ name }) => name) ?? [];
  }, [selectedText, runs]);
  const selected = useMemo(() => new Set(selectedNames), [selectedNames]);
  const shown = useMemo(() => runs?.filter(({ name }) => selected.has(name)) ?? [], [runs, selected]);
  const select = useCallback((names: readonly string[]) => setSelectedText(names.join(',')), [setSelectedText]);

  if (runs === undefined) return <Loading what="runs" />;
  return (
    <Stack gap="md">
      {runs.length === 0 ? (
        <Empty title="No runs yet">
          <Text c="dimmed">
            A run is one training of a policy. Start one here; the arm learns to reach any point in less than a minute.
          </Text>
          <Button size="md" leftSection={<PlayIcon size={16} />} onClick={openStart}>
            Start a run
          </Button>
          <Text c="dimmed" size="sm">
            or in a terminal:
          </Text>
          <CommandLine command={commandOf({ env: 'arm/reach', seeds: '0', settings: {} }, info)} />
        </Empty>
      ) : (
        <>
          <RunsTable
            runs={runs}
            selected={selected}
            onSelect={select}
            onOpen={setOpened}
            action={
              <Button leftSection={<PlayIcon size={14} />} onClick={openStart}>
                Start a run
              </Button>
            }
          />
          {shown.length > 0 ? (
            <>
              <CurvesPanel runs={shown} />
              <DifferencesTable runs={shown} />
            </>
          ) : (
            <Group justify="center" py="lg">
              <Text c="dimmed">Tick one run or several to see their curves.</Text>
            </Group>
          )}
        </>
      )}
      <StartDialog
        opened={starting}
        onClose={closeStart}
        info={info}
        onStarted={(names) => {
          closeStart();
          select(names);
        }}
      />
      <RunDrawer run={runs.find(({ name }) => name === opened)} onClose={() => setOpened(undefined)} info={info} />
    </Stack>
  );
}
