// The values of all lines at the pointer, in a small box beside it.
import type uPlot from 'uplot';

interface Formats {
  readonly formatX: (value: number) => string;
  readonly formatY: (value: number) => string;
}

/** Class of series that are drawn, but not named. */
export const UNNAMED = 'unnamed';
const MOST_ROWS = 12;

export function valuesUnderPointer({ formatX, formatY }: Formats): uPlot.Plugin {
  const box = document.createElement('div');
  box.className = 'pointer-values';
  box.hidden = true;

  /** The value at this x or, where this line has none, at its nearest point before. */
  const valueAt = (values: ArrayLike<number | null | undefined>, index: number): number | undefined => {
    for (let i = index; i >= 0; i--) if (values[i] !== null && values[i] !== undefined) return values[i] as number;
    return undefined;
  };

  return {
    hooks: {
      init: (plot) => plot.over.append(box),
      setCursor(plot) {
        const { idx, left = -1, top = 0 } = plot.cursor;
        box.hidden = idx === null || idx === undefined || left < 0;
        if (box.hidden) return;
        const index = idx as number;
        const rows = plot.series.slice(1).flatMap(({ label, stroke, class: kind }, i) => {
          const value = kind === UNNAMED ? undefined : valueAt(plot.data[i + 1], index);
          const color = typeof stroke === 'function' ? String(stroke(plot, i + 1)) : String(stroke);
          return value === undefined ? [] : [{ label: String(label), value, color }];
        });
        rows.sort((a, b) => b.value - a.value);
        const more = rows.length - MOST_ROWS;
        box.replaceChildren(
          line('pointer-x', formatX(plot.data[0][index])),
          ...rows.slice(0, MOST_ROWS).map(({ label, value, color }) => {
            const row = line('', `${formatY(value)}  ${label}`);
            row.style.borderLeftColor = color;
            return row;
          }),
          ...(more > 0 ? [line('pointer-x', `and ${more} more`)] : []),
        );
        const width = plot.over.clientWidth;
        const right = left > width / 2;
        box.style.left = right ? 'auto' : `${left + 14}px`;
        box.style.right = right ? `${width - left + 14}px` : 'auto';
        box.style.top = `${Math.max(0, Math.min(top, plot.over.clientHeight - box.offsetHeight))}px`;
      },
    },
  };
}

function line(className: string, text: string): HTMLElement {
  const element = document.createElement('div');
  element.className = className;
  element.textContent = text;
  return element;
}
