// The take that is recorded or waits to be judged: how it goes, and what can be done with it.
import { Badge, Button, Group, NumberInput, SegmentedControl, Select, Text } from '@mantine/core';
import { CheckIcon } from '../shell/icons.js';
import type { Recording, RecordState } from './recording.js';

const SPEEDS = [0.25, 0.5, 1];

export function TakeControls({ recording, state }: { recording: Recording; state: RecordState }) {
  const { phase, take, facts, speed } = state;
  const isOver = phase === 'over';
  const hasClock = facts?.action.kind === 'box';
  return (
    <Group gap="xs" className="play-controls" role="group" aria-label="Episode" data-phase={phase}>
      {isOver ? (
        <Button onClick={recording.keep} title="Enter" leftSection={<CheckIcon size={16} />}>
          Keep
        </Button>
      ) : (
        hasClock && (
          <Button variant="default" onClick={recording.end} title="Enter" disabled={phase !== 'going'}>
            End here
          </Button>
        )
      )}
      <Button variant="default" onClick={recording.redo} title="R" disabled={phase !== 'going' && !isOver}>
        Redo
      </Button>
      <Button variant="default" onClick={recording.discard} title="Delete">
        {isOver ? 'Discard' : 'Another start'}
      </Button>
      {hasClock && (
        <SegmentedControl
          size="xs"
          aria-label="Speed"
          data={SPEEDS.map((value) => ({ value: String(value), label: `${value}x` }))}
          value={String(speed)}
          onChange={(value) => recording.setSpeed(Number(value))}
        />
      )}
      <Text size="sm" role="status" aria-label="What happens">
        {phase === 'ready' && (hasClock ? 'Waits for your first move.' : 'Waits for your first choice.')}
        {phase === 'going' && 'Recording.'}
        {isOver && take && `Over after ${take.steps} steps.`}
      </Text>
      {isOver && take && facts?.judged && (
        <Badge color={take.success ? 'green' : 'gray'} variant={take.success ? 'filled' : 'light'} tt="none">
          {take.success ? '✓ success' : 'no success'}
        </Badge>
      )}
    </Group>
  );
}

const ANY = 'any';
const IN_TURN = 'those that lack most';

/** What takes are of, and when they end. */
export function TakeSettings({ recording, state }: { recording: Recording; state: RecordState }) {
  const { facts, task, holdSteps } = state;
  const tasks = facts?.stage.tasks ?? [];
  return (
    <>
      {tasks.length > 0 && (
        <Select
          size="xs"
          label="Task"
          data={[{ value: ANY, label: IN_TURN }, ...tasks.map((name, i) => ({ value: String(i), label: name }))]}
          value={task === undefined ? ANY : String(task)}
          allowDeselect={false}
          onChange={(value) => recording.setTask(value === ANY || value === null ? undefined : Number(value))}
        />
      )}
      {facts?.judged && (
        <NumberInput
          size="xs"
          label="Ends after so many steps of success"
          description="in a row, as who is done stops"
          min={1}
          max={1000}
          allowDecimal={false}
          value={holdSteps}
          onChange={(value) => typeof value === 'number' && value >= 1 && recording.setHoldSteps(value)}
        />
      )}
    </>
  );
}
