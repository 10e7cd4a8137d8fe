// What the panels have come to, in numbers.
import { Table } from '@mantine/core';
import type { Counts } from '../../src/view/attempts.js';
import { useReadings } from './use-stage.js';
import type { Watching } from './use-watching.js';

const number = (value: number, digits: number) => (Number.isFinite(value) ? value.toFixed(digits) : '-');

const reached = (counts: Counts) => (counts.attempts === 0 ? '-' : `${counts.reached} of ${counts.attempts}`);

/** A name, and the text of panel `i`. */
type Row = [name: string, text: (i: number) => string];

export function Readout({ on }: { on: Watching }) {
  const frame = useReadings(on.stage.readings);
  if (!frame) return null;
  const { panels } = frame;
  const several = panels.length > 1;
  const { tasks, stepLimits, goal, view } = on.stage.facts;
  // Where there are no goals nothing is reached, and nothing is distant.
  const attempts: Row[] = [
    ['Reached', (i) => reached(panels[i].counts)],
    ['Steps it took', (i) => number(panels[i].counts.latestSteps, 0)],
    ['Steps on average', (i) => number(panels[i].counts.meanSteps, 1)],
  ];
  const distance: Row = ['Distance now', (i) => number(panels[i].distance, view === 'bits' ? 0 : 3)];
  const rows: Row[] = [
    ...(tasks.length > 0 ? [['Task', (i: number) => tasks[panels[i].task]] as Row] : []),
    ...(panels.some(({ asked }) => asked !== undefined)
      ? [['Asked', (i: number) => panels[i].asked ?? '-'] as Row]
      : []),
    ...(goal.length > 0 ? attempts : []),
    ['Reward now', (i) => number(panels[i].reward, 2)],
    // Goals of another kind than what is achieved are not at a distance.
    ...(goal.length > 0 && panels.some((panel) => Number.isFinite(panel.distance)) ? [distance] : []),
    ['Step', (i) => (several ? `${panels[i].steps}` : `${panels[i].steps} of ${stepLimits[panels[i].task]}`)],
  ];
  return (
    <Table fz="sm" verticalSpacing={3} horizontalSpacing={4} className="readout" aria-label="Readings">
      {several && (
        <Table.Thead>
          <Table.Tr>
            <Table.Th />
            {panels.map((_, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: panels are told apart by their places
              <Table.Th key={i} className="readout-value">
                {on.panels[i]?.short}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
      )}
      <Table.Tbody>
        {rows.map(([name, text]) => (
          <Table.Tr key={name}>
            <Table.Th fw={400} className="readout-name">
              {name}
            </Table.Th>
            {panels.map((_, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: panels are told apart by their places
              <Table.Td key={i} className="readout-value" data-reading={name}>
                {text(i)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
