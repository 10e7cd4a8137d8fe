// How often each task is practised: more where it goes badly, or where critics disagree.

export interface SamplingSettings {
  /** How sharply tasks are told apart, above 0: towards 0 only the first counts, large values make them alike. */
  readonly temperature: number;
  /** Share of episodes that all tasks get alike, 0 to 1, so that none is forgotten. */
  readonly uniform: number;
}

const mixed = (chances: readonly number[], uniform: number): number[] =>
  chances.map((chance) => (1 - uniform) * chance + uniform / chances.length);

/**
 * Chances [K] from how well each task goes, 0 to `target`: a softmax of what is missing, (target - performance) / target,
 * over the temperature (Sharma et al. 2017, arXiv 1702.06053, its A5C). All the same: uniform.
 */
export function performanceChances(
  performance: readonly number[],
  { temperature, uniform }: SamplingSettings,
  target = 1,
): number[] {
  const missing = performance.map((value) => Math.max(0, target - value) / target);
  const most = Math.max(...missing);
  const weights = missing.map((value) => Math.exp((value - most) / temperature));
  const sum = weights.reduce((a, b) => a + b);
  return mixed(
    weights.map((weight) => weight / sum),
    uniform,
  );
}

/**
 * Chances [K] from how far an ensemble of critics disagrees on each task: proportional to disagreement^(1 / temperature),
 * whatever its unit. Without any disagreement: uniform.
 */
export function uncertaintyChances(
  disagreement: readonly number[],
  { temperature, uniform }: SamplingSettings,
): number[] {
  const most = Math.max(...disagreement);
  if (!(most > 0)) return disagreement.map(() => 1 / disagreement.length);
  const weights = disagreement.map((value) => (value / most) ** (1 / temperature));
  const sum = weights.reduce((a, b) => a + b);
  return mixed(
    weights.map((weight) => weight / sum),
    uniform,
  );
}
