// What can be done with what is watched: play, step, speed, new starts and goals, pushing, values, recording.
import {
  ActionIcon,
  Button,
  Group,
  SegmentedControl,
  Select,
  Slider,
  Stack,
  Switch,
  Text,
  Tooltip,
} from '@mantine/core';
import { useState } from 'react';
import { viridisGradient } from '../../src/view/colors.js';
import type { FieldOver } from '../../src/view/facts.js';
import { PlayIcon } from '../shell/icons.js';
import { ArrowIcon, HomeIcon, NextIcon, PauseIcon, RecordIcon } from './icons.js';
import type { AfterAttempt } from './stage.js';
import { useReadings } from './use-stage.js';
import type { Watching } from './use-watching.js';

export const speeds = [0.1, 0.25, 0.5, 1, 2, 4, Infinity];
const speedText = (speed: number) => (speed === Infinity ? 'max' : `${speed}x`);

export function PlayControls({ on }: { on: Watching }) {
  const { playing, speed, setPlaying, setSpeed, stepOnce, restart, randomGoal } = on;
  return (
    <Group gap="xs" className="play-controls" role="group" aria-label="Playing">
      <Button
        leftSection={playing ? <PauseIcon size={16} /> : <PlayIcon size={16} />}
        onClick={() => setPlaying(!playing)}
        title="Space"
        w={104}
      >
        {playing ? 'Pause' : 'Play'}
      </Button>
      <Button variant="default" leftSection={<NextIcon size={16} />} onClick={stepOnce} title=".">
        Step
      </Button>
      <Button variant="default" onClick={restart} title="R">
        New start
      </Button>
      {on.stage.facts.goal.length > 0 && (
        <Button variant="default" onClick={randomGoal} title="G">
          Random goal
        </Button>
      )}
      <SegmentedControl
        size="xs"
        aria-label="Speed"
        data={speeds.map((value) => ({ value: String(value), label: speedText(value) }))}
        value={String(speed)}
        onChange={(value) => setSpeed(Number(value))}
      />
    </Group>
  );
}

/** Which task starts have, where there are several. */
export function TaskSelect({ on }: { on: Watching }) {
  const { tasks } = on.stage.facts;
  if (tasks.length < 2) return null;
  return (
    <Select
      size="sm"
      label="Task"
      placeholder="any, drawn at each start"
      data={tasks.map((task, i) => ({ value: String(i), label: task }))}
      value={on.task === undefined ? null : String(on.task)}
      clearable
      searchable={tasks.length > 8}
      clearButtonProps={{ 'aria-label': 'Any task' }}
      onChange={(value) => on.setTask(value === null ? undefined : Number(value))}
    />
  );
}

const endings: { value: AfterAttempt; label: string }[] = [
  { value: 'restart', label: 'start anew, as in training' },
  { value: 'new-goal', label: 'go on to a new goal' },
  { value: 'go-on', label: 'stay with this goal' },
];

export function AfterSelect({ on }: { on: Watching }) {
  return (
    <Select
      size="sm"
      label="When an attempt is over"
      data={endings}
      value={on.after}
      allowDeselect={false}
      onChange={(value) => on.setAfter(value as AfterAttempt)}
    />
  );
}

const arrows = [
  ['left', 180],
  ['up', 270],
  ['down', 90],
  ['right', 0],
] as const;

/** Blows to what can be pushed, along the axes of the screen. */
export function PushControls({ on }: { on: Watching }) {
  const { pushable } = on.stage.facts;
  const [thing, setThing] = useState(pushable[0]);
  const [strength, setStrength] = useState(0.6);
  if (pushable.length === 0) return null;
  return (
    <Stack gap={6}>
      <Text size="sm" fw={600}>
        Push
      </Text>
      <Group gap="xs" wrap="nowrap">
        {pushable.length > 1 ? (
          <SegmentedControl
            size="xs"
            data={[...pushable]}
            value={thing}
            onChange={setThing}
            aria-label="What to push"
          />
        ) : (
          <Text size="sm" mr="auto">
            the {thing}
          </Text>
        )}
        {arrows.map(([direction, angle]) => (
          <ActionIcon
            key={direction}
            variant="default"
            aria-label={`Push the ${thing} ${direction}`}
            onClick={() => on.push(thing, direction, strength)}
          >
            <ArrowIcon angle={angle} />
          </ActionIcon>
        ))}
      </Group>
      <Slider
        size="sm"
        min={0.1}
        max={2}
        step={0.1}
        value={strength}
        onChange={setStrength}
        label={(value) => `${value.toFixed(1)} m/s`}
        thumbProps={{ 'aria-label': 'Speed of a push in metres per second' }}
      />
    </Stack>
  );
}

const fieldNames: Readonly<Record<FieldOver, string>> = {
  goals: 'of all goals, from this state',
  states: 'of all states, for this goal',
  flips: 'of the state after each flip',
};

export function FieldControls({ on }: { on: Watching }) {
  const { facts, fields } = on.stage;
  const field = useReadings(fields);
  if (facts.fields.length === 0) {
    return (
      <Text size="xs" c="dimmed">
        {facts.goal.length === 0 ? `${facts.env} has no goals` : `Goals of ${facts.env} are no places`}, so there is no
        picture of their values.
      </Text>
    );
  }
  const data = [{ value: '', label: 'hidden' }, ...facts.fields.map((value) => ({ value, label: fieldNames[value] }))];
  return (
    <Stack gap={6}>
      <Select
        size="sm"
        label="Values V(s, g)"
        data={data}
        value={on.field ?? ''}
        allowDeselect={false}
        onChange={(value) => on.setField((value || undefined) as FieldOver | undefined)}
      />
      {on.fieldError && (
        <Text size="sm" c="red" role="alert">
          {on.fieldError}
          {on.watchLast && (
            <Button size="compact-xs" variant="default" ml={6} onClick={on.watchLast}>
              Watch the last one
            </Button>
          )}
        </Text>
      )}
      {on.field && field && !on.fieldError && (
        <div>
          <div className="field-legend" style={{ background: viridisGradient }} />
          <Group justify="space-between">
            <Text size="xs">{field.low.toFixed(2)}</Text>
            <Text size="xs" c="dimmed">
              discounted return to come
            </Text>
            <Text size="xs">{field.high.toFixed(2)}</Text>
          </Group>
        </div>
      )}
    </Stack>
  );
}

export function ViewControls({ on }: { on: Watching }) {
  const { facts } = on.stage;
  return (
    <Group gap="sm">
      {facts.dimensions === 3 && (
        <>
          <Switch
            size="sm"
            label="Follow"
            checked={on.follow}
            onChange={(event) => on.setFollow(event.currentTarget.checked)}
          />
          <Tooltip label="Camera back to where it began">
            <ActionIcon variant="default" aria-label="Camera back" onClick={on.home}>
              <HomeIcon size={16} />
            </ActionIcon>
          </Tooltip>
        </>
      )}
      <Button
        size="xs"
        variant={on.recording ? 'filled' : 'default'}
        color={on.recording ? 'red' : undefined}
        leftSection={<RecordIcon size={14} />}
        onClick={on.toggleRecording}
        disabled={!on.canRecord}
        title={on.canRecord ? 'Saves what is drawn as a WebM film' : 'This browser cannot record WebM'}
      >
        {on.recording ? 'Stop and save' : 'Record'}
      </Button>
    </Group>
  );
}
