// Times steps in turn, in blocks, so that the machine's slow and fast moments fall on all of them alike.

export interface Timed {
  run(): Promise<unknown>;
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

/** Calls at the start of a block that do not count: the caches and the other step's spinning threads settle. */
const SETTLE = 3;

/**
 * Milliseconds of every call, per step. A round is a block of `block` calls of each step; the order turns round from
 * round to round. Two steps with threads of their own disturb each other when every call alternates, hence the blocks.
 */
export async function interleave(
  steps: readonly Timed[],
  { rounds, block }: { rounds: number; block: number },
): Promise<number[][]> {
  const times: number[][] = steps.map(() => []);
  for (let round = -1; round < rounds; round++) {
    const order = steps.map((_, i) => (round % 2 === 0 ? i : steps.length - 1 - i));
    for (const i of order) {
      for (let call = -SETTLE; call < block; call++) {
        const begin = performance.now();
        await steps[i].run();
        // The first round warms up.
        if (call >= 0 && round >= 0) times[i].push(performance.now() - begin);
      }
    }
  }
  return times;
}
