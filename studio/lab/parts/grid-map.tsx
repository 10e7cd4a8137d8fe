// A grid world to touch: cells with their values and best moves; a cell is chosen by pointer, or by arrow keys and Enter.
import { type KeyboardEvent, useState } from 'react';
import { type GridMap, moves } from '../../../src/envs/index.js';

export interface MoveLayer {
  readonly best: (cell: number) => readonly number[];
  readonly className?: string;
}

interface GridMapViewProps {
  readonly label: string;
  readonly map: GridMap;
  /** Of each free cell: 0 to 1, how deep its colour is. */
  readonly shade?: (cell: number) => number;
  readonly text?: (cell: number) => string;
  /** Moves to draw as arrows, by their numbers, a dot where staying is best; of several policies beside each other. */
  readonly layers: readonly MoveLayer[];
  readonly goal?: number;
  readonly chosen?: number;
  readonly path?: readonly number[];
  /** Column and row; `cell` is -1 at a wall. */
  onPick(place: { readonly x: number; readonly y: number; readonly cell: number }): void;
}

const SIDE = 60;
/** Of arrows: alone in a cell, beside others, and how far those are apart. */
const [LONG, SHORT, SPREAD] = [17, 12, 17];
const KEYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
/** Directions of the moves up, right, down, left in the drawing. */
const WAYS = [
  [0, -1],
  [1, 0],
  [0, 1],
  [-1, 0],
] as const;

export function GridMapView({ label, map, shade, text, layers, goal, chosen, path = [], onPick }: GridMapViewProps) {
  const { width, height, cellAt } = map;
  const [[cx, cy], setCursor] = useState<readonly [number, number]>([0, 0]);
  const [focused, setFocused] = useState(false);
  const at = (x: number, y: number) => cellAt[y * width + x];
  function keyed(event: KeyboardEvent) {
    const way = KEYS[event.key];
    if (way) setCursor([(cx + way[0] + width) % width, (cy + way[1] + height) % height]);
    else if (event.key === 'Enter' || event.key === ' ') onPick({ x: cx, y: cy, cell: at(cx, cy) });
    else return;
    event.preventDefault();
  }
  const cursor = at(cx, cy);
  const told =
    cursor < 0
      ? 'wall'
      : `${text?.(cursor) ?? ''} ${layers
          .map(({ best }) =>
            best(cursor)
              .map((m) => moves[m])
              .join(' or '),
          )
          .join('; ')}`;
  return (
    <svg
      viewBox={`0 0 ${width * SIDE} ${height * SIDE}`}
      className="lab-plane lab-cells"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move over its cells
      tabIndex={0}
      role="application"
      aria-label={`${label}. Arrow keys move, Enter chooses. Row ${cy + 1}, column ${cx + 1}: ${told}`}
      onKeyDown={keyed}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
    >
      {Array.from(cellAt, (cell, i) => {
        const [x, y] = [i % width, Math.floor(i / width)];
        const pick = () => {
          setCursor([x, y]);
          onPick({ x, y, cell });
        };
        return (
          <g
            // biome-ignore lint/suspicious/noArrayIndexKey: a cell is where it is
            key={i}
            transform={`translate(${x * SIDE} ${y * SIDE})`}
            onPointerDown={pick}
            data-cell={cell}
            className={cell < 0 ? 'lab-cell wall' : 'lab-cell'}
          >
            <rect width={SIDE} height={SIDE} />
            {cell >= 0 && (
              <>
                <rect width={SIDE} height={SIDE} className="lab-shade" opacity={shade?.(cell) ?? 0} />
                {layers.map(({ best, className }, layer) => (
                  <g
                    // biome-ignore lint/suspicious/noArrayIndexKey: a policy is known by its number
                    key={layer}
                    className={className}
                    transform={`translate(${SPREAD * (layer - (layers.length - 1) / 2)})`}
                  >
                    {best(cell).map((move) => (
                      <BestMove key={move} move={move} length={layers.length > 1 ? SHORT : LONG} />
                    ))}
                  </g>
                ))}
                {path.includes(cell) && <circle className="lab-step" cx={SIDE / 2} cy={SIDE / 2} r={SIDE / 9} />}
                {text && (
                  <text x={SIDE / 2} y={SIDE - 7} textAnchor="middle">
                    {text(cell)}
                  </text>
                )}
              </>
            )}
          </g>
        );
      })}
      {[chosen, goal].map((cell, i) =>
        cell === undefined ? null : (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: the chosen cell, and over it the goal
            key={i}
            className={i === 0 ? 'lab-outline' : 'lab-outline is-goal'}
            x={map.x[cell] * SIDE + 3}
            y={map.y[cell] * SIDE + 3}
            width={SIDE - 6}
            height={SIDE - 6}
          />
        ),
      )}
      {focused && (
        <rect className="lab-cursor" x={cx * SIDE + 2} y={cy * SIDE + 2} width={SIDE - 4} height={SIDE - 4} />
      )}
    </svg>
  );
}

function BestMove({ move, length }: { move: number; length: number }) {
  const middle = SIDE / 2 - 6;
  if (move >= WAYS.length) return <circle className="lab-move" cx={SIDE / 2} cy={middle} r={4} />;
  const [dx, dy] = WAYS[move];
  const [x, y] = [SIDE / 2 + length * dx, middle + length * dy];
  const side = `${x - 7 * dx - 5 * dy},${y - 7 * dy + 5 * dx} ${x - 7 * dx + 5 * dy},${y - 7 * dy - 5 * dx}`;
  return (
    <g className="lab-move">
      <line x1={SIDE / 2} y1={middle} x2={x - 5 * dx} y2={y - 5 * dy} />
      <polygon points={`${x},${y} ${side}`} />
    </g>
  );
}

/** The moves whose value is the best but for rounding; none where all are the same. */
export function bestMoves(q: ArrayLike<number>, cell: number, actions: number): number[] {
  const row = Array.from({ length: actions }, (_, a) => q[cell * actions + a]);
  const most = Math.max(...row);
  const close = (value: number) => most - value < 1e-9 * Math.max(1, Math.abs(most));
  return row.every(close) ? [] : row.flatMap((value, a) => (close(value) ? [a] : []));
}
