// What an agent asks of a batch besides its columns: goals and how they are drawn, returns over several steps, windows.

/** Shares of where goals come from; they are relative to their sum. */
export interface GoalDraw {
  /** The episode's own goal. */
  readonly original?: number;
  /** What is achieved before the action. */
  readonly current?: number;
  /** What is achieved later in the episode, `offsets` steps after this state. */
  readonly future?: number;
  /** What is achieved at the episode's end. */
  readonly final?: number;
  /** What is achieved where the episode begins. */
  readonly first?: number;
  /** What is achieved after any action of the episode. */
  readonly episode?: number;
  /** What is achieved after any stored action, of the same task where there are tasks. */
  readonly random?: number;
  /** Of `future`: uniform over what is left of the episode (default), or geometric, cut at its end: P(n) ~ discount^n. */
  readonly offsets?: 'uniform' | { readonly geometric: number };
}

/** A goal on the way: what is achieved so many steps after this state, at the latest at the episode's end. */
export interface SubgoalDraw {
  readonly ahead: number;
  /** Another goal of the batch, named before this one: where it lies ahead in the episode, the way ends there. */
  readonly towards?: string;
}

/**
 * Names in batches: the environment's columns; `next.<column>` for those of the state after the action; `reward` and
 * `terminated` under `goal`; for a further goal G: `G`, `G.reward`, `G.terminated`, `G.offset` (steps from this state to
 * the one that the goal was achieved in, -1 where that is another episode's or unknown), `G.<column>` of the state that it
 * was achieved in; `<part>` and `G.<part>` for what shows a goal as a picture; `discount`, what the value after a return counts; `weight`; `window.<column>` for consecutive steps.
 */
export interface BatchRequest {
  /** Goals by name; absent: `goal`, as the run's hindsight draws it. */
  readonly goals?: Readonly<Record<string, GoalDraw | SubgoalDraw>>;
  /** Returns over so many steps under the (relabelled) goal, cut where it is reached or the episode ends; absent: one. */
  readonly nStep?: { readonly steps: number; readonly discount: number };
  /** So many consecutive steps of an episode: columns of states have one more. Absent: none. */
  readonly window?: number;
  /** Draws equally often from every value of this column of episodes, such as `task`. */
  readonly balance?: string;
  /**
   * The batch is so many equal blocks of rows, each with one value of `balance`: block b has the b-th of them, where there
   * are as many; else they take turns.
   */
  readonly blocks?: number;
  /**
   * Share of the rows of each value of `balance` (of all rows without it) that come from episodes whose last step was a
   * success, the rest from others; where a value has no such episodes, from those that it has. Absent: as they come.
   */
  readonly successes?: number;
  /** Rows weigh (`weight`) so that means over the batch are means over the values of this column. */
  readonly weights?: string;
}
