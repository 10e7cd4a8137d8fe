// A new run: environment, agent, hindsight, seeds, steps, and any other setting.
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { StartAnswer, StartRequest } from '../../src/studio/api-types.js';
import { postJson } from '../api/client.js';
import { CommandLine } from '../shell/command-line.js';
import { PlayIcon } from '../shell/icons.js';
import { Failure, Loading } from '../shell/states.js';
import { RunFields, useRunOffer } from './run-fields.js';
import { commandOf, type Place, type RunChoice, requestOf } from './start-request.js';

interface StartDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onStarted: (names: readonly string[]) => void;
  readonly info: Place;
}

export function StartDialog({ opened, onClose, ...rest }: StartDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={<Text fw={650}>Start a run</Text>} size="lg">
      <StartForm {...rest} />
    </Modal>
  );
}

function StartForm({ onStarted, info }: Pick<StartDialogProps, 'onStarted' | 'info'>) {
  const [choice, setChoice] = useState<RunChoice>({ env: 'arm/reach', seeds: '0', settings: {} });
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Error>();
  const offer = useRunOffer(choice);
  const change = (next: RunChoice) => {
    setChoice(next);
    setProblem(undefined); // it was about what is no longer there
  };

  const start = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      const { runs } = await postJson<StartAnswer>('runs', requestOf(choice) satisfies StartRequest);
      onStarted(runs);
    } catch (error) {
      setProblem(error as Error);
    }
    setBusy(false);
  };

  const failed = offer.error;
  if (offer.form === undefined && failed === undefined) return <Loading what="settings" />;
  return (
    <form onSubmit={start}>
      <Stack gap="md">
        <RunFields choice={choice} onChange={change} offer={offer} seeds="many" />
        <Stack gap={4}>
          <Text size="xs" c="dimmed">
            The same in a terminal:
          </Text>
          <CommandLine command={commandOf(choice, info)} />
        </Stack>
        {(problem ?? failed) && (
          <div ref={(box) => box?.scrollIntoView({ block: 'nearest' })}>
            <Failure error={(problem ?? failed) as Error} retry={failed && offer.retry} />
          </div>
        )}
        <Group justify="end">
          <Button type="submit" loading={busy} leftSection={<PlayIcon size={14} />}>
            Start
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
