// What tasks do to each other's gradients: cosines, lengths and noise, by layer, and which tasks go together.

/** Numbers [from, to) of a vector, by a name such as that of a layer. */
export interface VectorPart {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

export interface PartInterference {
  readonly name: string;
  /** Cosines [K][K] of the tasks' mean gradients; NaN where one is 0. */
  readonly cosines: readonly (readonly number[])[];
  /** Length of each task's mean gradient. */
  readonly norms: readonly number[];
  /**
   * Noise of each task's gradients: mean squared distance from their mean over its squared length, so that at 1 a single
   * batch is as much chance as signal. Of the mean the part that is noise is taken off first.
   */
  readonly noise: readonly number[];
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>, from: number, to: number): number => {
  let sum = 0;
  for (let i = from; i < to; i++) sum += a[i] * b[i];
  return sum;
};

/** `gradients[batch][task]`: of at least two batches. By part, in the order given. */
export function interference(
  gradients: readonly (readonly Float32Array[])[],
  parts: readonly VectorPart[],
): PartInterference[] {
  const batches = gradients.length;
  const tasks = gradients[0].length;
  const means = Array.from({ length: tasks }, (_, k) => {
    const mean = new Float64Array(gradients[0][k].length);
    for (const batch of gradients) for (let i = 0; i < mean.length; i++) mean[i] += batch[k][i] / batches;
    return mean;
  });
  return parts.map(({ name, from, to }) => {
    const { cosines, norms } = agreement(means, from, to);
    const noise = means.map((mean, k) => {
      let sum = 0;
      for (const batch of gradients) {
        for (let i = from; i < to; i++) sum += (batch[k][i] - mean[i]) ** 2;
      }
      const variance = sum / (batches - 1);
      const signal = norms[k] ** 2 - variance / batches;
      return signal > 0 ? variance / signal : Infinity;
    });
    return { name, cosines, norms, noise };
  });
}

/** Cosines [K][K] of one gradient per task over the numbers [from, to) (NaN where one is 0), and their lengths. */
export function agreement(
  gradients: readonly ArrayLike<number>[],
  from = 0,
  to = gradients[0].length,
): Pick<PartInterference, 'cosines' | 'norms'> {
  const norms = gradients.map((gradient) => Math.sqrt(dot(gradient, gradient, from, to)));
  const cosines = gradients.map(() => new Array<number>(gradients.length).fill(Number.NaN));
  for (let i = 0; i < gradients.length; i++) {
    for (let j = 0; j < i; j++) {
      cosines[i][j] = dot(gradients[i], gradients[j], from, to) / (norms[i] * norms[j]);
      cosines[j][i] = cosines[i][j];
    }
    if (norms[i] > 0) cosines[i][i] = 1;
  }
  return { cosines, norms };
}

/** Mean cosine of one task's gradient with each of the others'; NaN where there are none. */
export function meanCosineOf({ cosines }: Pick<PartInterference, 'cosines'>, task: number): number {
  const others = cosines[task].filter((cosine, other) => other !== task && Number.isFinite(cosine));
  return others.reduce((a, b) => a + b, 0) / others.length;
}

/** Share of pairs of tasks whose gradients conflict (cosine below 0); NaN without pairs. */
export function conflictShare({ cosines }: Pick<PartInterference, 'cosines'>): number {
  const pairs = pairsOf(cosines);
  return pairs.filter((cosine) => cosine < 0).length / pairs.length;
}

/** Mean cosine of all pairs of tasks; NaN without pairs. */
export function meanCosine({ cosines }: Pick<PartInterference, 'cosines'>): number {
  const pairs = pairsOf(cosines);
  return pairs.reduce((a, b) => a + b, 0) / pairs.length;
}

const pairsOf = (cosines: readonly (readonly number[])[]): number[] =>
  cosines.flatMap((row, i) => row.slice(0, i)).filter(Number.isFinite);

/**
 * Groups of tasks that may share a policy: the two groups with the largest mean cosine between them are joined again and
 * again, while it is at least `least`. By the tasks' numbers, rising.
 */
export function groupTasks(cosines: readonly (readonly number[])[], least = 0): number[][] {
  let groups = cosines.map((_, k) => [k]);
  for (;;) {
    let best = { value: least, a: -1, b: -1 };
    for (let a = 0; a < groups.length; a++) {
      for (let b = 0; b < a; b++) {
        const between = groups[a].flatMap((i) => groups[b].map((j) => cosines[i][j]));
        const value = between.reduce((x, y) => x + y, 0) / between.length;
        if (value >= best.value) best = { value, a, b };
      }
    }
    const { a, b } = best;
    if (a < 0) return groups.map((group) => group.sort((x, y) => x - y)).sort(([x], [y]) => x - y);
    const joined = [...groups[b], ...groups[a]];
    groups = [...groups.filter((_, i) => i !== a && i !== b), joined];
  }
}
