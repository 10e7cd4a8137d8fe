// What the tasks of a run do to each other, on request: gradients by layer, groups, and what specialists would have done.
import { Button, Group, MultiSelect, Stack, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { percent, thousands } from '../../src/cli/format.js';
import type { Diagnosis, RunSummary, TransferDiagnosis } from '../../src/studio/api-types.js';
import { postJson } from '../api/client.js';
import { useRuns } from '../api/live-runs.js';
import { type Place, pathOf, programOf } from '../runs/start-request.js';
import { CommandLine } from '../shell/command-line.js';
import { Failure } from '../shell/states.js';
import { labelsApart } from '../watch/run-labels.js';
import { numberOf, pointsText } from './figures.js';
import { SignedBar, VectorFigures } from './vector-figures.js';

export function DiagnosisSection({ run, info }: { run: RunSummary; info: Place }) {
  const runs = useRuns() ?? [];
  const others = runs.filter(({ env, name, steps }) => env === run.env && name !== run.name && steps > 0);
  const labels = labelsApart([run, ...others]).slice(1);
  const [compared, setCompared] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const [diagnosis, setDiagnosis] = useState<Diagnosis>();
  const [problem, setProblem] = useState<Error>();
  const ask = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      setDiagnosis(await postJson<Diagnosis>('diagnosis', { run: run.name, with: compared }));
    } catch (error) {
      setProblem(error as Error);
    }
    setBusy(false);
  };
  const words = [programOf(info), 'tasks diagnose', pathOf(run.name, info)];
  for (const name of compared) words.push('--with', pathOf(name, info));
  return (
    <Stack gap="sm" component="section" aria-label="What the tasks do to each other">
      <Title order={3} size="sm">
        What the tasks do to each other
      </Title>
      <Group align="end" gap="sm">
        <MultiSelect
          size="xs"
          label="Compare with specialists"
          placeholder={others.length > 0 ? 'other runs of this family' : 'no other run of this family'}
          disabled={others.length === 0}
          data={others.map(({ name }, i) => ({ value: name, label: labels[i] }))}
          value={compared}
          onChange={setCompared}
          flex={1}
          miw={200}
        />
        <Button size="xs" variant="light" loading={busy} onClick={ask}>
          Diagnose
        </Button>
      </Group>
      <CommandLine command={words.join(' ')} />
      {problem && <Failure error={problem} />}
      {diagnosis && <Figures diagnosis={diagnosis} />}
    </Stack>
  );
}

function Figures({ diagnosis }: { diagnosis: Diagnosis }) {
  const { tasks, vectors, groups, steps, batches, rows, transfer } = diagnosis;
  return (
    <Stack gap="md">
      <Text size="xs" c="dimmed">
        Gradients after {thousands(steps)} steps, of {batches} batches with {rows} rows of each task. Cosines below 0
        (orange) conflict: a step for one task sets the other back. Noise of 1: as much chance as signal in a batch.
      </Text>
      {transfer && <Transfer transfer={transfer} />}
      {Object.entries(vectors).map(([name, parts]) => (
        <VectorFigures key={name} name={name} tasks={tasks} parts={parts} groups={groups[name] ?? []} />
      ))}
    </Stack>
  );
}

const success = (value: number | null) => (value === null ? '-' : percent(value));

/** The negative-transfer table, and what is cheaper. */
function Transfer({ transfer: { rows, steps, sharing } }: { transfer: TransferDiagnosis }) {
  return (
    <Stack gap={4}>
      <Text size="xs">
        Success at equal data: one policy after {thousands(steps)} steps, specialists with their share of them.
      </Text>
      <Table fz="xs" verticalSpacing={2} aria-label="Transfer">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Task</Table.Th>
            <Table.Th>Generalist</Table.Th>
            <Table.Th>Specialist</Table.Th>
            <Table.Th>Transfer, points</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.task} data-transfer={row.task}>
              <Table.Td>{row.task}</Table.Td>
              <Table.Td>{success(row.generalist)}</Table.Td>
              <Table.Td>{success(row.specialist)}</Table.Td>
              <Table.Td>
                <SignedBar value={numberOf(row.transfer)} text={pointsText(numberOf(row.transfer))} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="xs">
        {sharing ? verdictText(sharing) : 'Not all of the runs come to 90%: what sharing saves is not known.'}
      </Text>
    </Stack>
  );
}

function verdictText({
  wanted,
  specialist,
  generalists,
  fit,
  verdict,
}: NonNullable<TransferDiagnosis['sharing']>): string {
  const [[tasks, cost]] = generalists;
  const shared = fit
    ? ` f ${percent(fit.shared)} is common, the shared part costs c = ${fit.overhead.toFixed(2)}.`
    : '';
  const cheaper = verdict === 'generalist' ? 'one generalist is cheaper' : 'specialists are cheaper';
  return `To ${percent(wanted)}: a specialist takes ${thousands(specialist)} steps, the generalist ${cost.toFixed(2)} times as many for ${tasks} tasks: ${cheaper}.${shared}`;
}
