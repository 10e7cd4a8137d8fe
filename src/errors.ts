// Errors that a person can act on: what is wrong, the value, what is allowed, and the fix.

/** The caller asked for something that cannot be: exit code 2 on the command line. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Something broke while running (disk, divergence, an environment breaking its contract): exit code 1. */
export class RunError extends Error {
  override name = 'RunError';
}

/** The caller's signal ended it before there was anything to keep: nothing is written, and nothing can go on. */
export class StoppedError extends RunError {}

/** Levenshtein distance between two short names. */
export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row.push(Math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    previous = row;
  }
  return previous[b.length];
}

/** The candidate nearest to a mistyped name, or undefined when none is near. */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const lower = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(name.length / 2)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(lower, candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/**
 * `unknown agent "sak"; did you mean "sac"? Available: sac, td3, ddpg.` `where` stands behind the name; `known` says what
 * there is in place of all candidates.
 */
export function unknownName(
  kind: string,
  name: string,
  candidates: readonly string[],
  where = '',
  known = `Available: ${candidates.join(', ')}.`,
): UsageError {
  const near = nearestName(name, candidates);
  const hint = near === undefined ? '.' : `; did you mean "${near}"?`;
  return new UsageError(`unknown ${kind} "${name}"${where}${hint} ${known}`);
}
