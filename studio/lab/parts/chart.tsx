// A small chart in a plane: axes with numbers, lines, marks at places of the horizontal axis.
import type { ReactNode } from 'react';
import { type Place, Plane, useFrame } from './plane.js';
import { ticks } from './ticks.js';

export interface ChartLine {
  readonly label: string;
  readonly className: string;
  readonly points: readonly Place[];
  readonly dashed?: boolean;
  /** One of several alike: it stands in no caption. */
  readonly unnamed?: boolean;
}

interface ChartProps {
  readonly label: string;
  readonly x: Place;
  readonly y: Place;
  readonly nameX: string;
  readonly nameY: string;
  readonly formatX?: (value: number) => string;
  readonly formatY?: (value: number) => string;
  readonly lines: readonly ChartLine[];
  /** Vertical lines; labels stand at the foot, or at the `top` where lines begin below. */
  readonly marks?: readonly { readonly at: number; readonly label: string; readonly top?: boolean }[];
  onPress?(place: Place): void;
  readonly children?: ReactNode;
}

const SIZE: Place = [460, 320];
const MARGIN = 44;

export function Chart(props: ChartProps) {
  const { label, x, y, lines, onPress, children } = props;
  const named = lines.filter(({ unnamed }) => !unnamed);
  const told = named.map((line) => {
    const end = line.points.at(-1) ?? [0, 0];
    return `${line.label}: ${(props.formatY ?? String)(end[1])} at ${(props.formatX ?? String)(end[0])}`;
  });
  return (
    <figure className="lab-chart">
      <Plane
        label={`${label}. ${told.join('; ')}`}
        x={x}
        y={y}
        size={SIZE}
        margin={MARGIN}
        onPress={onPress}
        onMove={onPress}
      >
        <Axes {...props} />
        {lines.map((line) => (
          <Line key={line.label} {...line} />
        ))}
        <Marks {...props} />
        {children}
      </Plane>
      <figcaption>
        {named.map((line) => (
          <span key={line.label} className={line.className}>
            <svg width="22" height="8" aria-hidden="true">
              <line x1="0" x2="22" y1="4" y2="4" className={line.dashed ? 'lab-line dashed' : 'lab-line'} />
            </svg>{' '}
            {line.label}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

function Axes({ x, y, nameX, nameY, formatX = String, formatY = String }: ChartProps) {
  const { px, py } = useFrame();
  return (
    <g className="lab-axes">
      {ticks(x).map((at) => (
        <g key={`x${at}`} className="lab-grid">
          <line x1={px(at)} x2={px(at)} y1={py(y[0])} y2={py(y[1])} />
          <text x={px(at)} y={py(y[0]) + 15} textAnchor="middle">
            {formatX(at)}
          </text>
        </g>
      ))}
      {ticks(y).map((at) => (
        <g key={`y${at}`} className="lab-grid">
          <line y1={py(at)} y2={py(at)} x1={px(x[0])} x2={px(x[1])} />
          <text x={px(x[0]) - 6} y={py(at) + 4} textAnchor="end">
            {formatY(at)}
          </text>
        </g>
      ))}
      <text x={px((x[0] + x[1]) / 2)} y={py(y[0]) + 34} textAnchor="middle">
        {nameX}
      </text>
      <text x={6} y={py(y[1]) - 16}>
        {nameY}
      </text>
    </g>
  );
}

function Line({ points, className, dashed }: ChartLine) {
  const { px, py } = useFrame();
  const path = points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${px(x).toFixed(1)} ${py(y).toFixed(1)}`).join('');
  return (
    <g className={className}>
      <path d={path} className={dashed ? 'lab-line dashed' : 'lab-line'} />
    </g>
  );
}

function Marks({ x, y, marks = [] }: ChartProps) {
  const { px, py } = useFrame();
  return marks
    .filter(({ at }) => at >= x[0] && at <= x[1])
    .map(({ at, label, top }, i) => (
      <g key={label} className="lab-mark">
        <line x1={px(at)} x2={px(at)} y1={py(y[0])} y2={py(y[1])} />
        <text
          x={px(at) + (px(at) > SIZE[0] / 2 ? -5 : 5)}
          y={top ? py(y[1]) + 12 + 16 * i : py(y[0]) - 8 - 16 * i}
          textAnchor={px(at) > SIZE[0] / 2 ? 'end' : 'start'}
        >
          {label}
        </text>
      </g>
    ));
}
