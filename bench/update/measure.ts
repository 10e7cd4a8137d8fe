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
 * Milliseconds of every call, per contender. A round is a block of calls of each, `blocks` long, in turning order, after
 * `settle` calls that do not count. Contenders with threads of their own need blocks, and a pause between them: threads
 * that have just worked go on looking for work for a while. Single-threaded ones alternate best call by call, which
 * spreads other load evenly. The first round warms up.
 */
export async function interleave(
  contenders: readonly Contender[],
  options: {
    readonly rounds: number;
    readonly blocks: readonly number[];
    readonly settle?: readonly number[];
    /** Milliseconds before each block. */
    readonly pause?: number;
  },
): Promise<number[][]> {
  const { rounds, blocks, settle = [], pause = 0 } = options;
  const times: number[][] = contenders.map(() => []);
  for (let round = -1; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const i = round % 2 === 0 ? turn : contenders.length - 1 - turn;
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
      const before = settle[i] ?? 0;
      const calls = await contenders[i].time(before + blocks[i]);
      if (round >= 0) times[i].push(...calls.slice(before));
    }
  }
  return times;
}
