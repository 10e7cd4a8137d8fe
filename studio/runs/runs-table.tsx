// The list of runs: filter, sort, select for the curves; on narrow windows a list of cards.
import { Checkbox, Group, Paper, Select, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { RunState, RunSummary } from '../../src/studio/api-types.js';
import { SearchIcon } from '../shell/icons.js';
import { RunRow } from './run-row.js';
import { filterRuns, type Sorting, type SortKey, sortRuns } from './run-rows.js';

interface RunsTableProps {
  readonly runs: readonly RunSummary[];
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (names: readonly string[]) => void;
  readonly onOpen: (name: string) => void;
  readonly action: ReactNode;
}

const COLUMNS: readonly { key: SortKey; label: string; number?: boolean }[] = [
  { key: 'name', label: 'Run' },
  { key: 'state', label: 'State' },
  { key: 'steps', label: 'Steps' },
  { key: 'success', label: 'Success', number: true },
  { key: 'meanReturn', label: 'Return', number: true },
  { key: 'stepsPerSecond', label: 'Steps/s', number: true },
  { key: 'created', label: 'Started' },
];

const STATES: readonly { value: RunState; label: string }[] = [
  { value: 'running', label: 'Running' },
  { value: 'done', label: 'Done' },
  { value: 'stopped', label: 'Stopped' },
  { value: 'failed', label: 'Failed' },
];

export function RunsTable({ runs, selected, onSelect, onOpen, action }: RunsTableProps) {
  const [text, setText] = useState('');
  const [state, setState] = useState<RunState>();
  const [sorting, setSorting] = useState<Sorting>({ key: 'created', descending: true });
  const shown = useMemo(() => sortRuns(filterRuns(runs, text, state), sorting), [runs, text, state, sorting]);
  const now = useMinute();

  // Rows are drawn again only when their own run changes, so what they call must stay the same.
  const current = useRef({ selected, onSelect });
  current.current = { selected, onSelect };
  const toggle = useCallback((name: string, on: boolean) => {
    const { selected, onSelect } = current.current;
    onSelect(on ? [...selected, name] : [...selected].filter((other) => other !== name));
  }, []);

  const sortBy = (key: SortKey) =>
    setSorting(({ key: before, descending }) => ({ key, descending: key === before ? !descending : key !== 'name' }));
  const allOn = shown.length > 0 && shown.every(({ name }) => selected.has(name));
  const someOn = shown.some(({ name }) => selected.has(name));

  return (
    <Paper withBorder component="section" aria-label="List of runs">
      <Group p="sm" gap="sm" justify="space-between">
        <Group gap="sm" className="filters">
          <TextInput
            aria-label="Filter runs"
            placeholder="Filter: arm sac seed 1"
            leftSection={<SearchIcon size={16} />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Select
            aria-label="State"
            placeholder="All states"
            clearable
            w={140}
            data={STATES}
            value={state ?? null}
            onChange={(value) => setState((value as RunState | null) ?? undefined)}
          />
        </Group>
        <Group gap="sm">
          <Text size="sm" c="dimmed" role="status">
            {shown.length === runs.length ? `${runs.length} runs` : `${shown.length} of ${runs.length} runs`}
            {selected.size > 0 &&
              `, ${[...selected].filter((name) => runs.some((run) => run.name === name)).length} selected`}
          </Text>
          {action}
        </Group>
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="runs-scroll" tabIndex={0} aria-label="Runs">
        <table className="runs">
          <thead>
            <tr>
              <th className="tick">
                <Checkbox
                  size="xs"
                  aria-label="Select all shown runs"
                  checked={allOn}
                  indeterminate={someOn && !allOn}
                  onChange={() => onSelect(allOn ? [] : shown.map(({ name }) => name))}
                />
              </th>
              {COLUMNS.map(({ key, label, number }) => {
                const on = sorting.key === key;
                return (
                  <th
                    key={key}
                    className={number ? 'number' : ''}
                    aria-sort={on ? (sorting.descending ? 'descending' : 'ascending') : 'none'}
                  >
                    <UnstyledButton className="sort" onClick={() => sortBy(key)}>
                      {label}
                      <span aria-hidden="true">{on ? (sorting.descending ? ' ↓' : ' ↑') : ''}</span>
                    </UnstyledButton>
                  </th>
                );
              })}
              <th>
                <span className="unseen">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((run) => (
              <RunRow
                key={run.name}
                run={run}
                selected={selected.has(run.name)}
                now={now}
                onToggle={toggle}
                onOpen={onOpen}
              />
            ))}
          </tbody>
        </table>
        {shown.length === 0 && (
          <Stack align="center" py="lg">
            <Text c="dimmed">No run fits this filter.</Text>
          </Stack>
        )}
      </section>
    </Paper>
  );
}

/** The time, renewed every minute. */
function useMinute(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 60_000);
    return () => window.clearInterval(timer);
  }, []);
  return now;
}
