// Measured runs in rows: a dot for each seed, a stroke at the mean; a row is pressed to be looked at.
import { percent, whole } from '../../../src/lab/index.js';
import type { Measurement } from '../measured/runs.js';
import { type Place, Plane, useFrame } from './plane.js';
import { ticks } from './ticks.js';

export interface RunsRow {
  readonly label: string;
  readonly values: readonly number[];
}

/** As the unit is written: 80%, 1,500. */
export const shownIn = (unit: Measurement['unit']) => (unit === 'success' ? (value: number) => percent(value) : whole);

interface RunsChartProps {
  readonly label: string;
  readonly unit: Measurement['unit'];
  readonly rows: readonly RunsRow[];
  readonly chosen?: number;
  onChoose?(row: number): void;
}

/** Of a row, and of the axis below. */
const [ROW, FOOT, WIDTH] = [54, 30, 460];
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

export function RunsChart({ label, unit, rows, chosen, onChoose }: RunsChartProps) {
  const most = unit === 'success' ? 1 : 1.05 * Math.max(...rows.flatMap(({ values }) => values));
  const show = shownIn(unit);
  const told = rows.map(({ label: name, values }) => `${name}: ${values.map((value) => show(value)).join(', ')}`);
  const pick = ([, y]: Place) => onChoose?.(Math.min(rows.length - 1, Math.max(0, Math.floor(rows.length - y))));
  return (
    <Plane
      label={`${label}. ${told.join('; ')}`}
      x={[-0.04 * most, 1.04 * most]}
      y={[-FOOT / ROW, rows.length]}
      size={[WIDTH, ROW * rows.length + FOOT]}
      margin={0}
      className="lab-runs"
      onPress={onChoose && pick}
    >
      <Rows rows={rows} show={show} most={most} chosen={chosen} />
    </Plane>
  );
}

interface RowsProps {
  readonly rows: readonly RunsRow[];
  readonly show: (value: number) => string;
  readonly most: number;
  readonly chosen?: number;
}

function Rows({ rows, show, most, chosen }: RowsProps) {
  const { px, py, x } = useFrame();
  return (
    <>
      {ticks([0, most]).map((at) => (
        <g key={at} className="lab-grid">
          <line x1={px(at)} x2={px(at)} y1={py(rows.length)} y2={py(0)} />
          <text x={px(at)} y={py(0) + 18} textAnchor={at === 0 ? 'start' : at > 0.9 * most ? 'end' : 'middle'}>
            {show(at)}
          </text>
        </g>
      ))}
      {rows.map(({ label, values }, row) => {
        const y = py(rows.length - row - 0.66);
        const at = px(mean(values));
        return (
          <g key={label} className={row === chosen ? 'in-2' : 'in-1'} data-run={label}>
            {row === chosen && (
              <rect className="lab-row-chosen" x={px(x[0])} y={py(rows.length - row)} width={WIDTH} height={ROW} />
            )}
            <text x={px(0)} y={py(rows.length - row - 0.3)} className="lab-label">
              {label}: {show(mean(values))}
            </text>
            <line x1={px(0)} x2={at} y1={y} y2={y} className="lab-bar" />
            {values.map((value, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a seed is known by its number
              <circle key={i} cx={px(value)} cy={y + 4 * (i - (values.length - 1) / 2)} r={5} className="lab-dot" />
            ))}
          </g>
        );
      })}
    </>
  );
}
