// Goes on with a finished run to a larger total of steps.
import { Button, Group, NumberInput, Stack } from '@mantine/core';
import { useState } from 'react';
import type { RunSummary } from '../../src/studio/api-types.js';
import { postJson, runPath } from '../api/client.js';
import { PlayIcon } from '../shell/icons.js';
import { Failure } from '../shell/states.js';

export function TrainOn({ run }: { run: RunSummary }) {
  const [steps, setSteps] = useState<number | string>(2 * run.totalSteps);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Error>();
  const start = async () => {
    setBusy(true);
    setProblem(undefined);
    await postJson(`${runPath(run.name)}/resume`, { steps }).catch(setProblem);
    setBusy(false);
  };
  return (
    <Stack gap="xs">
      <Group align="end" gap="sm">
        <NumberInput
          label="Train on to"
          description="steps in all"
          min={run.steps + 1}
          allowDecimal={false}
          thousandSeparator=","
          value={steps}
          onChange={setSteps}
        />
        <Button variant="default" leftSection={<PlayIcon size={14} />} loading={busy} onClick={start}>
          Train on
        </Button>
      </Group>
      {problem && <Failure error={problem} />}
    </Stack>
  );
}
