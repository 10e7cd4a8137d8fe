// What actors hand to learners: pieces of episodes, in the rows that the replay stores.

/**
 * Consecutive steps of one environment's episode: `steps` + 1 rows, the last one the state after the last action. Without a
 * step it ends an episode where the piece before it did.
 */
export interface EpisodePiece {
  /** Number of the environment; its next piece goes on where this one ended, unless the episode did. */
  readonly env: number;
  /** The row that the piece begins with. */
  readonly first: number;
  readonly steps: number;
  /** How the episode ended after this piece; absent: it goes on. */
  readonly end?: 'terminated' | 'truncated';
}

/** Plain data, so that it can go to another thread; the memory of `rows` is then transferred, not copied. */
export interface EpisodePieces {
  /** Rows (see layout.ts); `elapsed` and `remaining` are not yet set. Not all of them need belong to a piece. */
  readonly rows: Float32Array;
  /** In the order in which episodes ended, then those that go on. */
  readonly pieces: readonly EpisodePiece[];
}

export const noPieces = (): EpisodePieces => ({ rows: new Float32Array(0), pieces: [] });
