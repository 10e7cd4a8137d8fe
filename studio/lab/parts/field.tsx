// Fields over a square plane: values as shades, moves as strokes. Few elements, so that they follow a hand in a frame.
import { memo } from 'react';
import { useFrame } from './plane.js';

/** Shades that are told apart. */
const SHADES = 24;

/** Values of [n, n] cells from the lowest row, the largest darkest. */
export const Shades = memo(function Shades({ values }: { values: Float32Array }) {
  const { px, py, x, y } = useFrame();
  const n = Math.sqrt(values.length);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const [width, height] = [(px(x[1]) - px(x[0])) / n, (py(y[0]) - py(y[1])) / n];
  const cells = Array.from({ length: SHADES }, () => '');
  for (let i = 0; i < values.length; i++) {
    const shade = Math.round(((SHADES - 1) * (values[i] - low)) / (high - low || 1));
    const [left, top] = [px(x[0]) + (i % n) * width, py(y[1]) + (n - 1 - Math.floor(i / n)) * height];
    cells[shade] +=
      `M${left.toFixed(1)} ${top.toFixed(1)}h${(width + 0.5).toFixed(1)}v${(height + 0.5).toFixed(1)}h${(-width - 0.5).toFixed(1)}z`;
  }
  return (
    <g className="lab-field">
      {cells.map((d, shade) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a shade is known by its number
        <path key={shade} d={d} opacity={(0.9 * shade) / (SHADES - 1)} />
      ))}
    </g>
  );
});

/** Moves [n, n, 2], each within [-1, 1], at the middles of the cells: strokes with a dot where they lead. */
export const Moves = memo(function Moves({ moves }: { moves: Float32Array }) {
  const { px, py, x, y } = useFrame();
  const n = Math.sqrt(moves.length / 2);
  const [width, height] = [(px(x[1]) - px(x[0])) / n, (py(y[0]) - py(y[1])) / n];
  let strokes = '';
  let dots = '';
  for (let i = 0; i < n * n; i++) {
    const [cx, cy] = [px(x[0]) + ((i % n) + 0.5) * width, py(y[0]) - (Math.floor(i / n) + 0.5) * height];
    const [dx, dy] = [0.38 * width * moves[2 * i], -0.38 * height * moves[2 * i + 1]];
    strokes += `M${(cx - dx).toFixed(1)} ${(cy - dy).toFixed(1)}L${(cx + dx).toFixed(1)} ${(cy + dy).toFixed(1)}`;
    dots += `M${(cx + dx - 2).toFixed(1)} ${(cy + dy).toFixed(1)}a2 2 0 1 0 4 0a2 2 0 1 0 -4 0`;
  }
  return (
    <g className="lab-moves">
      <path d={strokes} />
      <path d={dots} />
    </g>
  );
});
