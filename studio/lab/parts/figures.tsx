// Numbers of a page in a table, and a figure that the lecture prints beside the right one.
import { Table, type TableTrProps, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Correction } from '../../../src/lab/calculator.js';

interface FiguresProps {
  /** For screen readers. */
  readonly label: string;
  readonly head?: readonly string[];
  readonly rows: readonly (readonly ReactNode[])[];
  /** Marks of rows, such as the one that is chosen, and names for tests. */
  readonly rowProps?: (row: number) => TableTrProps & Readonly<Record<`data-${string}`, string | boolean | undefined>>;
}

export function Figures({ label, head, rows, rowProps }: FiguresProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <section className="lab-table" tabIndex={0} aria-label={label}>
      <Table verticalSpacing={4} horizontalSpacing="xs">
        {head && (
          <Table.Thead>
            <Table.Tr>
              {head.map((name) => (
                <Table.Th key={name}>{name}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
        )}
        <Table.Tbody>
          {rows.map((cells, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is what stands in this place
            <Table.Tr key={row} {...rowProps?.(row)}>
              {cells.map((cell, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: as the columns
                <Table.Td key={i}>{cell}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

export function Corrections({ corrections }: { corrections: readonly Correction[] }) {
  return corrections.map(({ subject, printed, right, why }) => (
    <aside key={subject} className="lab-correction" aria-label="Where the lecture prints another figure">
      <Text size="sm">
        The lecture prints for the {subject}: <s>{printed}</s>. Right is <strong>{right}</strong>. {why}
      </Text>
    </aside>
  ));
}
