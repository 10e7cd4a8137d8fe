// Times contenders in turn, in blocks, so that the machine's slow and fast moments fall on all of them alike.

export interface Contender {
  /** Milliseconds of each of `count` calls in a row. */
  time(count: number): Promise<readonly number[]>;
}

/** A call in this process. */
export const contender = (step: { run(): Promise<unknown> }): Contender => ({
  async time(count) {
    const times: number[] = [];
    for (let i = 0; i < count; i++) {
      const begin = performance.now();
      await step.run();
      times.push(performance.now() - begin);
    }
    return times;
  },
});

export const quantile = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))];
export const median = (values: readonly number[]): number => quantile(values, 0.5);

/**
 * Milliseconds of every call, per contender. A round is a block of `block` calls of each, in turning order, of which the
 * first `settle` do not count. Contenders with threads of their own disturb each other when every call alternates, so
 * they need blocks; single-threaded ones alternate best call by call, which spreads other load evenly. The first round
 * warms up.
 */
export async function interleave(
  contenders: readonly Contender[],
  { rounds, block, settle }: { rounds: number; block: number; settle: number },
): Promise<number[][]> {
  const times: number[][] = contenders.map(() => []);
  for (let round = -1; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const i = round % 2 === 0 ? turn : contenders.length - 1 - turn;
      const calls = await contenders[i].time(settle + block);
      if (round >= 0) times[i].push(...calls.slice(settle));
    }
  }
  return times;
}
