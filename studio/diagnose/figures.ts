// From a diagnosis to what is drawn of it: layers in order, colours of cosines, figures as text.
import { conflictShare, meanCosine } from '../../src/multitask/interference.js';
import type { PartDiagnosis } from '../../src/studio/api-types.js';

/** A figure that JSON could not hold. */
export const numberOf = (value: number | null): number => value ?? Number.NaN;

export interface LayerFigures {
  readonly name: string;
  readonly cosine: number;
  /** Share of pairs of tasks in conflict. */
  readonly conflicts: number;
}

/** Of each layer, from the input on; of a vector without layers the whole of it. */
export function layersOf([all, ...layers]: readonly PartDiagnosis[]): LayerFigures[] {
  return (layers.length > 0 ? layers : [all]).map(({ name, cosines }) => {
    const of = { cosines: cosines.map((row) => row.map(numberOf)) };
    return { name, cosine: meanCosine(of), conflicts: conflictShare(of) };
  });
}

/** Orange to blue, which differ with any colour vision; in between the page's ground. */
const AGREES = [0, 114, 178];
const CONFLICTS = [213, 94, 0];

/** Of a cosine or a difference from -1 to 1: the colour, the more opaque the farther from 0. */
export function signedColor(value: number): string {
  if (!Number.isFinite(value)) return 'transparent';
  const [r, g, b] = value < 0 ? CONFLICTS : AGREES;
  return `rgb(${r} ${g} ${b} / ${Math.round(70 * Math.min(1, Math.abs(value)))}%)`;
}

export const cosineText = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : '-');
export const smallText = (value: number): string => (Number.isFinite(value) ? value.toPrecision(2) : '-');
export const pointsText = (value: number): string =>
  Number.isFinite(value) ? `${value > 0 ? '+' : ''}${Math.round(100 * value)}` : '-';
