// A path of states in a plane: its steps as arrows, its states as handles.
import type { ReactNode } from 'react';
import { type Points, roundPoint } from '../settings.js';
import { Arrow, Handle, type Place, useFrame } from './plane.js';

interface PathProps {
  readonly path: Points;
  onChange(path: Points): void;
  /** The fewest states that must remain when one is removed. */
  readonly fewest: number;
  /** Of the arrow of step t. */
  stepClass?(step: number): string | undefined;
  readonly small?: boolean;
}

export function Path({ path, onChange, fewest, stepClass, small = false }: PathProps) {
  const place = (i: number): Place => [path[i][0], path[i][1]];
  return (
    <>
      {path.slice(1).map((_, t) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step is known by its number
        <Arrow key={t} from={place(t)} to={place(t + 1)} className={stepClass?.(t) ?? 'in-1'} short={small ? 5 : 9} />
      ))}
      {path.map((_, i) => (
        <Handle
          // biome-ignore lint/suspicious/noArrayIndexKey: a state is known by its number
          key={i}
          label={`State ${i}`}
          place={place(i)}
          step={0.02}
          radius={small ? 5 : 9}
          text={small ? undefined : String(i)}
          onMove={(to) => onChange(path.map((point, j) => (j === i ? roundPoint(to) : point)))}
          onRemove={path.length > fewest ? () => onChange(path.filter((_point, j) => j !== i)) : undefined}
        />
      ))}
    </>
  );
}

/** A circle of radius eps: within it the goal counts as reached. */
export function Tolerance({ place, eps, className }: { place: Place; eps: number; className?: string }) {
  const { px, py } = useFrame();
  return (
    <circle className={`lab-goal ${className ?? ''}`} cx={px(place[0])} cy={py(place[1])} r={eps * (px(1) - px(0))} />
  );
}

/** A text beside a place. */
export function Label({ place, children }: { place: Place; children: ReactNode }) {
  const { px, py } = useFrame();
  return (
    <text x={px(place[0]) + 12} y={py(place[1]) + 4} className="lab-label">
      {children}
    </text>
  );
}
