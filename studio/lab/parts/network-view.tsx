// A network drawn layer by layer: a disc for each unit, as full as its activation is large, ringed where it has moved.
import { memo } from 'react';
import type { Place } from './plane.js';

const [WIDTH, HEIGHT, TOP, SIDE] = [560, 440, 34, 52];
/** Most pixels from one unit to the next. */
const APART = 38;
/** Below this share of the layer's largest activation a unit has stayed. */
const STAYED = 1e-6;

type Layers = readonly (readonly number[])[];

interface NetworkViewProps {
  readonly label: string;
  /** At the foot. */
  readonly hint: string;
  /** Over the layers, the inputs first. */
  readonly heads: readonly string[];
  /** Beside the inputs. */
  readonly inputs: readonly string[];
  /** Units of each layer. */
  readonly sizes: readonly number[];
  /** Activations, and others that they are compared with; absent before there are any. */
  readonly shown?: Layers;
  readonly other?: Layers;
  onPress(): void;
}

/** Discs do not touch. */
const radiusOf = (size: number) => Math.min(9, (0.42 * (HEIGHT - TOP - 20)) / size);

function placeOf(sizes: readonly number[], layer: number, unit: number): Place {
  const across = (WIDTH - 2 * SIDE) / (sizes.length - 1);
  const step = Math.min(APART, (HEIGHT - TOP - 20) / sizes[layer]);
  return [SIDE + layer * across, TOP + (HEIGHT - TOP) / 2 + (unit - (sizes[layer] - 1) / 2) * step];
}

export function NetworkView({ label, hint, heads, inputs, sizes, shown, other, onPress }: NetworkViewProps) {
  return (
    <button type="button" className="lab-network" aria-label={label} onClick={onPress}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="lab-plane" aria-hidden="true">
        <Wires sizes={sizes.join()} />
        {sizes.map((size, layer) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a layer is where it is
          <g key={layer}>
            <text x={placeOf(sizes, layer, 0)[0]} y={20} textAnchor="middle">
              {heads[layer]}
            </text>
            <Units
              radius={radiusOf(size)}
              places={Array.from({ length: size }, (_, unit) => placeOf(sizes, layer, unit))}
              values={shown?.[layer]}
              others={other?.[layer]}
              labels={layer === 0 ? inputs : undefined}
            />
          </g>
        ))}
        <text x={WIDTH - 8} y={HEIGHT - 10} textAnchor="end">
          {hint}
        </text>
      </svg>
    </button>
  );
}

interface UnitsProps {
  readonly radius: number;
  readonly places: readonly Place[];
  readonly values?: readonly number[];
  readonly others?: readonly number[];
  readonly labels?: readonly string[];
}

function Units({ radius, places, values = [], others, labels }: UnitsProps) {
  const most = Math.max(1e-9, ...values.map(Math.abs), ...(others ?? []).map(Math.abs));
  return places.map(([x, y], unit) => {
    const value = values[unit] ?? 0;
    const moved = others ? Math.abs(value - others[unit]) / most : 0;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: a unit is where it is
      <g key={unit} className={value < 0 ? 'lab-unit negative' : 'lab-unit'} data-moved={moved > STAYED || undefined}>
        <circle cx={x} cy={y} r={radius} className="lab-unit-ground" />
        <circle cx={x} cy={y} r={radius} opacity={Math.abs(value) / most} className="lab-unit-value" />
        {moved > STAYED && (
          <circle cx={x} cy={y} r={radius + 2} opacity={Math.max(0.3, moved)} className="lab-unit-moved" />
        )}
        {labels && (
          <text x={x - radius - 7} y={y + 4} textAnchor="end">
            {labels[unit]}
          </text>
        )}
      </g>
    );
  });
}

/** Lines from every unit of a layer to every unit of the next; `sizes` with commas between them. */
const Wires = memo(({ sizes }: { sizes: string }) => {
  const all = sizes.split(',').map(Number);
  const line = ([x1, y1]: Place, [x2, y2]: Place) =>
    `M${x1.toFixed(1)} ${y1.toFixed(1)}L${x2.toFixed(1)} ${y2.toFixed(1)}`;
  const between = (layer: number) =>
    Array.from({ length: all[layer] * all[layer + 1] }, (_, n) =>
      line(placeOf(all, layer, n % all[layer]), placeOf(all, layer + 1, Math.floor(n / all[layer]))),
    ).join('');
  return (
    <path
      className="lab-wires"
      d={all
        .slice(1)
        .map((_, layer) => between(layer))
        .join('')}
    />
  );
});
