// Colours of curves that people with any colour vision can tell apart (Okabe and Ito 2008), for light and dark pages.

const LIGHT = ['#0072b2', '#d55e00', '#009e73', '#b0588a', '#a87500', '#2f93cf', '#4d4d4d'];
const DARK = ['#56b4e9', '#ff8b3d', '#2fcf9f', '#e79ac6', '#f0e442', '#8ab4ff', '#c9c9c9'];
/** From the eighth curve on the colours come again, dashed; then dotted. */
const DASHES: readonly (readonly number[])[] = [[], [8, 4], [2, 3]];

/** Curves that differ in their colour alone. */
export const CURVE_COLORS = LIGHT.length;

export interface CurveStyle {
  readonly color: string;
  /** Lengths of strokes and gaps in pixels; empty: solid. */
  readonly dash: readonly number[];
}

export function curveStyle(index: number, dark: boolean): CurveStyle {
  const colors = dark ? DARK : LIGHT;
  return { color: colors[index % colors.length], dash: DASHES[Math.floor(index / colors.length) % DASHES.length] };
}

/** The colour with an opacity from 0 to 1. */
export const faded = (color: string, opacity: number): string =>
  `${color}${Math.round(255 * opacity)
    .toString(16)
    .padStart(2, '0')}`;
