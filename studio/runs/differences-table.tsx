// In which settings the selected runs differ.
import { Paper, Table, Text, Title } from '@mantine/core';
import type { Difference, RunSummary } from '../../src/studio/api-types.js';
import { query } from '../api/client.js';
import { useJson } from '../api/use-json.js';
import { Failure } from '../shell/states.js';

/** More columns than this nobody reads. */
const MOST_RUNS = 12;

export function DifferencesTable({ runs }: { runs: readonly RunSummary[] }) {
  const shown = runs.slice(0, MOST_RUNS);
  const { data, error, retry } = useJson<{ runs: string[]; differences: Difference[] }>(
    shown.length > 1 ? `differences${query({ runs: shown.map(({ name }) => name).join(',') })}` : undefined,
  );
  if (shown.length < 2) return null;
  return (
    <Paper withBorder p="md" component="section" aria-label="Differences">
      <Title order={2} size="h5" mb="sm">
        What differs
      </Title>
      {error && <Failure error={error} retry={retry} />}
      {data?.differences.length === 0 && <Text size="sm">The settings of these runs are the same.</Text>}
      {data && data.differences.length > 0 && (
        <Table.ScrollContainer minWidth={Math.max(300, 140 * (data.runs.length + 1))}>
          <Table verticalSpacing={4} fz="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Setting</Table.Th>
                {data.runs.map((name) => (
                  <Table.Th key={name} title={name}>
                    {shortName(shown.find((run) => run.name === name))}
                    <Text size="xs" c="dimmed">
                      {name.split('__').at(-1)}
                    </Text>
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.differences.map(({ path, values }) => (
                <Table.Tr key={path}>
                  <Table.Th scope="row">
                    <code>{path}</code>
                  </Table.Th>
                  {data.runs.map((name, i) => (
                    <Table.Td key={name}>
                      {values[i] === undefined || values[i] === null ? '-' : shownValue(values[i])}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {runs.length > shown.length && (
        <Text size="xs" c="dimmed" mt="xs">
          Of the first {MOST_RUNS} selected runs.
        </Text>
      )}
    </Paper>
  );
}

export const shownValue = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const shortName = (run: RunSummary | undefined): string =>
  run === undefined ? '' : `${run.env} · ${run.agent} · seed ${run.seed}`;
