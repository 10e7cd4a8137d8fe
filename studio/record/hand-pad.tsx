// What steers, for the eye and the finger: buttons that act as long as they are pressed, and what keys and the pointer do.
import { Box, Button, Group, Kbd, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Controls } from '../../src/envs/controls.js';
import type { HandKey } from './keys.js';
import type { Recording, RecordState } from './recording.js';
import type { HandOfPage } from './use-hand.js';

interface HandPadProps {
  readonly recording: Recording;
  readonly state: RecordState;
  readonly hand: HandOfPage;
}

export function HandPad({ recording, state, hand }: HandPadProps) {
  const { facts, controls, open } = state;
  if (!facts) return null;
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600}>
        Steering
      </Text>
      {facts.action.kind === 'discrete' ? (
        <SimpleGrid cols={3} spacing={4} verticalSpacing={4} role="group" aria-label="Choices">
          {Array.from({ length: facts.action.n }, (_, choice) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: choices are their numbers
            <Button key={choice} size="compact-sm" variant="default" onClick={() => recording.choose(choice)}>
              {facts.action.names?.[choice] ?? choice}
            </Button>
          ))}
        </SimpleGrid>
      ) : (
        <Group gap="md" align="center" wrap="nowrap">
          <Box className="hand-pad" role="group" aria-label="Directions">
            {directionsOf(controls).map(([key, sign, label]) => (
              <Direction key={key} hand={hand} name={key} sign={sign} label={label} />
            ))}
          </Box>
          {controls.grip && (
            <Button
              variant="default"
              size="sm"
              px="sm"
              onClick={recording.toggleGrip}
              aria-label={open ? 'Close the gripper' : 'Open the gripper'}
            >
              {open ? 'Close' : 'Open'}
            </Button>
          )}
        </Group>
      )}
      <Legend state={state} />
    </Stack>
  );
}

type Direction = readonly [key: HandKey, sign: string, label: string];

function directionsOf({ move = [] }: Controls): Direction[] {
  const across: Direction[] = [
    ['left', '←', 'Left'],
    ['right', '→', 'Right'],
  ];
  const ahead: Direction[] = [
    ['up', '↑', 'Up'],
    ['down', '↓', 'Down'],
  ];
  const height: Direction[] = [
    ['raise', '⤒', 'Higher'],
    ['lower', '⤓', 'Lower'],
  ];
  return [across, ahead, height].flatMap((keys, axis) => (move[axis] ? keys : []));
}

function Direction({ hand, name, sign, label }: { hand: HandOfPage; name: HandKey; sign: string; label: string }) {
  const let_ = () => hand.press(name, false);
  return (
    <Button
      variant="default"
      size="compact-md"
      data-direction={name}
      aria-label={label}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        hand.press(name, true);
      }}
      onPointerUp={let_}
      onPointerCancel={let_}
      onKeyDown={({ code }) => (code === 'Space' || code === 'Enter') && hand.press(name, true)}
      onKeyUp={({ code }) => (code === 'Space' || code === 'Enter') && let_()}
      onBlur={let_}
      onContextMenu={(event) => event.preventDefault()}
    >
      {sign}
    </Button>
  );
}

function Legend({ state: { facts, controls } }: { state: RecordState }) {
  const isDiscrete = facts?.action.kind === 'discrete';
  const deep = facts?.stage.dimensions === 3;
  const rows: (readonly [ReactNode, string])[] = [];
  const keys = (...names: string[]) => names.map((name) => <Kbd key={name}>{name}</Kbd>);
  if (isDiscrete) {
    if (controls.choices) rows.push([keys('← ↑ ↓ →'), 'one step']);
    if (controls.choices?.stay !== undefined) rows.push([keys('.'), 'stay']);
    if (!controls.choices) rows.push([keys('0', '9'), 'a choice by its number']);
  } else {
    const wasd = controls.move?.[1] ? ['← ↑ ↓ →', 'W A S D'] : ['←', '→'];
    rows.push([keys(...wasd), 'move']);
    if (controls.move?.[2]) rows.push([keys('E', 'Q'), 'higher, lower']);
    rows.push([keys('Shift'), 'slowly']);
    if (controls.grip) rows.push([keys('Space'), 'open or close']);
    if (controls.place)
      rows.push(['drag or click', deep ? 'go there; with Shift or the wheel up and down' : 'go there']);
    rows.push([keys('Enter'), 'end the episode here; keep it']);
  }
  if (isDiscrete) rows.push([keys('Enter'), 'keep the episode']);
  rows.push([keys('R'), 'once more from the same start']);
  rows.push([keys('Delete'), 'discard, another start']);
  return (
    <Table fz="xs" verticalSpacing={2} horizontalSpacing={4} aria-label="Keys" className="hand-keys">
      <Table.Tbody>
        {rows.map(([key, text]) => (
          <Table.Tr key={text}>
            <Table.Td>{key}</Table.Td>
            <Table.Td c="dimmed">{text}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
