// One vector of an agent, such as its actor: cosines of the tasks' gradients as a matrix, by layer, lengths and noise.
import { Group, Select, Stack, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { percent } from '../../src/cli/format.js';
import type { PartDiagnosis } from '../../src/studio/api-types.js';
import { cosineText, layersOf, numberOf, signedColor, smallText } from './figures.js';

interface VectorFiguresProps {
  readonly name: string;
  readonly tasks: readonly string[];
  readonly parts: readonly PartDiagnosis[];
  readonly groups: readonly (readonly string[])[];
}

/** More tasks than this have no numbers in their cells. */
const NUMBERS = 8;

export function VectorFigures({ name, tasks, parts, groups }: VectorFiguresProps) {
  const [part, setPart] = useState(0);
  const shown = parts[part] ?? parts[0];
  return (
    <Stack gap="xs" component="section" aria-label={`Gradients of ${name}`}>
      <Group justify="space-between" align="end">
        <Title order={4} size="sm">
          {name}
        </Title>
        {parts.length > 1 && (
          <Select
            size="xs"
            w={130}
            aria-label={`Layer of ${name}`}
            data={parts.map((one, i) => ({ value: String(i), label: i === 0 ? 'all layers' : `layer ${one.name}` }))}
            value={String(part)}
            allowDeselect={false}
            onChange={(value) => setPart(Number(value))}
          />
        )}
      </Group>
      <Matrix tasks={tasks} part={shown} />
      <Text size="xs" c="dimmed">
        Groups that agree: {groups.map((group) => group.join(', ')).join(' | ')}
      </Text>
      {parts.length > 1 && <Layers parts={parts} />}
    </Stack>
  );
}

/** Rows and columns are tasks; before them how long a task's gradient is, and how much of it is noise. */
function Matrix({ tasks, part }: { tasks: readonly string[]; part: PartDiagnosis }) {
  return (
    <div className="diagnosis-scroll">
      <table className="diagnosis-matrix" aria-label="Cosines of the tasks' gradients">
        <thead>
          <tr>
            <th />
            <th scope="col" className="diagnosis-head">
              length
            </th>
            <th scope="col" className="diagnosis-head">
              noise
            </th>
            {tasks.map((task, i) => (
              <th key={task} scope="col" className="diagnosis-head" title={task}>
                {tasks.length <= NUMBERS ? task : i + 1}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {tasks.map((task, i) => (
            <tr key={task}>
              <th scope="row" className="diagnosis-head">
                {tasks.length <= NUMBERS ? task : `${i + 1} ${task}`}
              </th>
              <td className="diagnosis-figure">{smallText(numberOf(part.norms[i]))}</td>
              <td className="diagnosis-figure">{smallText(numberOf(part.noise[i]))}</td>
              {tasks.map((other, j) => {
                const cosine = numberOf(part.cosines[i][j]);
                const text = cosineText(cosine);
                return (
                  <td
                    key={other}
                    className="diagnosis-cell"
                    style={{ background: i === j ? undefined : signedColor(cosine) }}
                    title={`${task} and ${other}: ${text}`}
                  >
                    {tasks.length <= NUMBERS ? text : <span className="unseen">{text}</span>}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Mean cosine and conflicts of each layer, from the input on. */
function Layers({ parts }: { parts: readonly PartDiagnosis[] }) {
  return (
    <Table fz="xs" verticalSpacing={2} aria-label="By layer">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Layer</Table.Th>
          <Table.Th>Mean cosine</Table.Th>
          <Table.Th>Pairs in conflict</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {layersOf(parts).map(({ name, cosine, conflicts }) => (
          <Table.Tr key={name}>
            <Table.Td>{name}</Table.Td>
            <Table.Td>
              <SignedBar value={cosine} text={cosineText(cosine)} />
            </Table.Td>
            <Table.Td>{Number.isFinite(conflicts) ? percent(conflicts) : '-'}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** A bar from the middle, to the left below 0, of a value from -1 to 1. */
export function SignedBar({ value, text }: { value: number; text: string }) {
  const share = Number.isFinite(value) ? Math.min(1, Math.abs(value)) : 0;
  return (
    <span className="signed-bar">
      <span className="signed-bar-ground" aria-hidden="true">
        <span
          className="signed-bar-fill"
          style={{
            left: `${value < 0 ? 50 * (1 - share) : 50}%`,
            width: `${50 * share}%`,
            background: signedColor(Math.sign(value)),
          }}
        />
      </span>
      {text}
    </span>
  );
}
