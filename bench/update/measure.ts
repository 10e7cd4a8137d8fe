// Times contenders in turn, in blocks, so that the machine's slow and fast moments fall on all of them alike.

export interface Contender {
  /** Milliseconds of each of `count` calls in a row. */
  time(count: number): Promise<readonly number[]>;
  /** Milliseconds for which its threads could run but other programs had the processor; absent where that is unknown. */
  waited?(): number;
  /** Milliseconds of processor time of all its threads so far; absent where that is unknown. */
  worked?(): number;
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

/** Sums of consecutive updates that take turns. */
export const perTurn = (times: readonly number[], turns: number): number[] =>
  Array.from({ length: Math.floor(times.length / turns) }, (_, i) =>
    times.slice(i * turns, (i + 1) * turns).reduce((sum, time) => sum + time, 0),
  );

/** Waiting for a processor beyond this share of a block's time means that other programs disturbed it. */
const DISTURBED = 0.01;
/** How often a disturbed block is tried again. */
const RETRIES = 2;

/** What was measured of a contender. */
export interface Measured {
  /** Milliseconds of every call that counts. */
  readonly times: readonly number[];
  /** The mean of every block that counts. */
  readonly blocks: readonly number[];
  /** Milliseconds of processor time of a call, by block, of all blocks; empty where that is unknown. */
  readonly processor: readonly number[];
  /** The share of blocks that counted. */
  readonly clean: number;
}

/**
 * Times every contender. A round is a block of calls of each, `blocks` long, in turning order, after `settle` calls that
 * do not count. Contenders with threads of their own need blocks, and a pause between them: threads that have just
 * worked go on looking for work for a while. Single-threaded ones alternate best call by call, which spreads other load
 * evenly. The first round warms up. Blocks that other programs disturbed are tried again and do not count, unless there
 * are no others.
 */
export async function interleave(
  contenders: readonly Contender[],
  options: {
    readonly rounds: number;
    /** Rounds go on until these are over. */
    readonly seconds?: number;
    readonly blocks: readonly number[];
    readonly settle?: readonly number[];
    /** Milliseconds before each block. */
    readonly pause?: number;
  },
): Promise<Measured[]> {
  const { rounds, seconds = 0, blocks, settle = [], pause = 0 } = options;
  const clean: number[][][] = contenders.map(() => []);
  const disturbed: number[][][] = contenders.map(() => []);
  const processor: number[][] = contenders.map(() => []);
  const end = performance.now() + 1000 * seconds;
  for (let round = -1; round < rounds || performance.now() < end; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const i = round % 2 === 0 ? turn : contenders.length - 1 - turn;
      const { time, waited = () => 0, worked } = contenders[i];
      for (let attempt = 0; attempt <= RETRIES; attempt++) {
        if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
        const [begin, before] = [performance.now(), waited()];
        const work = worked?.();
        const all = await time((settle[i] ?? 0) + blocks[i]);
        const calls = all.slice(settle[i] ?? 0);
        if (round < 0) break;
        if (worked && work !== undefined) processor[i].push((worked() - work) / all.length);
        const fine = (waited() - before) / (performance.now() - begin) <= DISTURBED;
        (fine ? clean : disturbed)[i].push(calls);
        if (fine || performance.now() > end) break;
      }
    }
  }
  return contenders.map((_, i) => {
    const counted = clean[i].length > 0 ? clean[i] : disturbed[i];
    return {
      times: counted.flat(),
      blocks: counted.map((calls) => calls.reduce((sum, ms) => sum + ms, 0) / calls.length),
      processor: processor[i],
      clean: clean[i].length / (clean[i].length + disturbed[i].length),
    };
  });
}
