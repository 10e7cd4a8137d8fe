// The goal in numbers, bits or sliders: what the mouse does in the scene, for the keyboard and for exact values.
import { Button, Group, NumberInput, SegmentedControl, SimpleGrid, Stack, Text } from '@mantine/core';
import { memo, useState } from 'react';
import { useReadings } from './use-stage.js';
import type { Watching } from './use-watching.js';

/** Longer goals are one-hot codes and the like: chosen in the scene. */
const MOST = 4;
export const goalName = (index: number) => String.fromCharCode(65 + index);

export function GoalInputs({ on }: { on: Watching }) {
  const frame = useReadings(on.stage.readings);
  const panel = frame?.panels.find((_, i) => on.panels[i]?.goal === on.goal);
  return panel && on.stage.facts.goal.length > 0 ? <GoalEditor on={on} numbers={panel.goal.join()} /> : null;
}

/** Rendered when the goal changes, not with every reading: inputs take milliseconds. */
const GoalEditor = memo(({ on, numbers }: { on: Watching; numbers: string }) => {
  const { facts } = on.stage;
  const goal = numbers.split(',').map(Number);
  return (
    <Stack gap={6}>
      <Group justify="space-between">
        <Text size="sm" fw={600}>
          Goal
        </Text>
        {on.goals > 1 && (
          <SegmentedControl
            size="xs"
            aria-label="Which goal"
            data={Array.from({ length: on.goals }, (_, i) => ({ value: String(i), label: goalName(i) }))}
            value={String(on.goal)}
            onChange={(value) => on.chooseGoal(Number(value))}
          />
        )}
      </Group>
      {facts.view === 'bits' ? (
        <Bits on={on} goal={goal} />
      ) : facts.goal.length <= MOST ? (
        <SimpleGrid cols={Math.min(3, facts.goal.length)} spacing={6} verticalSpacing={4}>
          {facts.goal.map((of, i) => (
            <GoalNumber
              key={of.name}
              {...of}
              whole={facts.view === 'cells'}
              value={goal[i]}
              onChange={(value) => on.changeGoal(goal, i, value)}
            />
          ))}
        </SimpleGrid>
      ) : null}
      <Text size="xs" c={on.note ? undefined : 'dimmed'} role={on.note ? 'status' : undefined}>
        {on.note ?? hint(on)}
      </Text>
    </Stack>
  );
});

function hint({ stage: { facts } }: Watching): string {
  if (facts.view === 'bits') return 'Click a bit of the goal to turn it over.';
  if (!facts.pointable) return 'Goals of this environment are chosen by numbers.';
  if (facts.dimensions === 2) return 'Click to place the goal, or drag it. Arrow keys move it too.';
  const upright =
    facts.goal.length > 2 && isFixed(facts.goal[2]) ? '' : ' at its height, or drag it; with Shift up and down';
  return `Click to place the goal${upright || ', or drag it'}. Drag elsewhere to turn the view, with the right button to shift it, scroll to zoom.`;
}

const isFixed = ({ low, high }: { readonly low: number; readonly high: number }): boolean => high - low < 1e-6;

interface GoalNumberProps {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly value: number;
  readonly whole: boolean;
  onChange(value: number): void;
}

/** Shows what is, and while someone types, what they type. */
function GoalNumber({ name, low, high, value, whole, onChange }: GoalNumberProps) {
  const [typed, setTyped] = useState<string | number>();
  return (
    <NumberInput
      size="xs"
      label={name}
      value={typed ?? Number(value.toFixed(3))}
      step={whole ? 1 : Number(((high - low) / 20).toPrecision(1)) || 0.01}
      decimalScale={whole ? 0 : 3}
      disabled={isFixed({ low, high })}
      onChange={(next) => {
        setTyped(next);
        if (typeof next === 'number') onChange(next);
      }}
      onBlur={() => setTyped(undefined)}
    />
  );
}

function Bits({ on, goal }: { on: Watching; goal: readonly number[] }) {
  return (
    <Group gap={4}>
      {goal.map((bit, i) => (
        <Button
          // biome-ignore lint/suspicious/noArrayIndexKey: bits are told apart by their places
          key={i}
          size="compact-xs"
          variant={bit ? 'filled' : 'default'}
          aria-pressed={bit === 1}
          aria-label={`Bit ${i} of the goal`}
          onClick={() => on.changeGoal(goal, i, 1 - bit)}
        >
          {bit}
        </Button>
      ))}
    </Group>
  );
}
