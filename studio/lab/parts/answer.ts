// Answers as people write them: 0.8, 80%, 4/5.

/** Undefined where it is no number. */
export function readAnswer(text: string): number | undefined {
  const compact = text.replace(/\s/g, '').replace(',', '.');
  const found = /^(-?\d*\.?\d+(?:e-?\d+)?)(?:\/(\d*\.?\d+))?(%?)$/i.exec(compact);
  if (!found) return undefined;
  const value = (Number(found[1]) / Number(found[2] ?? 1)) * (found[3] ? 0.01 : 1);
  return Number.isFinite(value) ? value : undefined;
}

/** Within a hundredth of the right one: two or three digits are enough. */
export const isRight = (given: number, right: number): boolean =>
  Math.abs(given - right) <= 0.01 * Math.abs(right) + 1e-12;
