// Numbers of a page in a table, and a figure that the lecture prints beside the right one.
import { Text } from '@mantine/core';
import type { HTMLAttributes, ReactNode } from 'react';
import type { Correction } from '../../../src/lab/calculator.js';

interface FiguresProps {
  /** For screen readers. */
  readonly label: string;
  readonly head?: readonly string[];
  readonly rows: readonly (readonly ReactNode[])[];
  /** Cells are words that may take several lines; on a narrow window each row is a card. */
  readonly wrap?: boolean;
  /** Marks of rows, such as the one that is chosen, and names for tests. */
  readonly rowProps?: (
    row: number,
  ) => HTMLAttributes<HTMLTableRowElement> & Readonly<Record<`data-${string}`, string | boolean | undefined>>;
}

export function Figures({ label, head, rows, wrap = false, rowProps }: FiguresProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <section className={wrap ? 'lab-table is-wrapped' : 'lab-table'} tabIndex={0} aria-label={label}>
      <table>
        {head && (
          <thead>
            <tr>
              {head.map((name) => (
                <th key={name}>{name}</th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {rows.map((cells, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is what stands in this place
            <tr key={row} {...rowProps?.(row)}>
              {cells.map((cell, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: as the columns
                <td key={i} data-label={wrap ? head?.[i] : undefined}>
                  {wrap ? <span>{cell}</span> : cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
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
