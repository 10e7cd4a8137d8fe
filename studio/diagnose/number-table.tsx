// Every number that a model predicts: its error against "no change" as a bar, noise and ignorance, and whether intervals hold.
import { Stack, Table, Text } from '@mantine/core';
import type { Dimension } from '../../src/models/diagnosis/one-step.js';
import { numberOf, smallText } from './figures.js';

const percent = (share: number | null) => (share === null ? '-' : `${Math.round(100 * share)}%`);

export function NumberTable({ dimensions }: { dimensions: readonly Dimension[] }) {
  return (
    <Stack gap={4}>
      <Text size="xs">
        One step, by number: error against saying that nothing changes; noise that the members predict, and how far they
        differ (unknown)
      </Text>
      <div className="diagnosis-scroll">
        <Table fz="xs" verticalSpacing={2} aria-label="One step, by number">
          <Table.Thead>
            <Table.Tr>
              {['', 'Error / no change', 'At rest', 'Noise', 'Unknown', 'In 90%'].map((text) => (
                <Table.Th key={text}>{text}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {dimensions.map(({ name, ratio, resting, aleatoric, epistemic, coverage90 }) => (
              <Table.Tr key={name} data-number={name}>
                <Table.Td>{name}</Table.Td>
                <Table.Td>
                  <RatioBar ratio={ratio} />
                </Table.Td>
                <Table.Td>{percent(resting)}</Table.Td>
                <Table.Td>{smallText(numberOf(aleatoric))}</Table.Td>
                <Table.Td>{smallText(numberOf(epistemic))}</Table.Td>
                <Table.Td>{percent(coverage90)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </Stack>
  );
}

/** Full at 1, where a model is as good as none. */
function RatioBar({ ratio }: { ratio: number | null }) {
  if (ratio === null) return <>stays</>;
  return (
    <span className="signed-bar">
      <span className="signed-bar-ground" aria-hidden="true">
        <span
          className="signed-bar-fill"
          style={{ left: 0, width: `${100 * Math.min(1, ratio)}%`, background: 'var(--mantine-color-dimmed)' }}
        />
      </span>
      {ratio.toFixed(2)}
    </span>
  );
}
