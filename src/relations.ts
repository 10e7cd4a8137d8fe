// What an environment says of how goals and observations go together, for networks that are to compare them.

/** Numbers of a goal that ask for something, and where the observation says how it is now. */
export interface GoalGroup {
  /** The first of them in a goal. */
  readonly goal: number;
  /** The first of what they are about in an observation, in the same unit. */
  readonly observation: number;
  readonly size: number;
  /** The goal's number that is 1 where the group counts, else 0; absent: it always counts. */
  readonly counts?: number;
}

/** Things alike, of each of which an observation has `size` numbers in the same order. */
export interface AlikeThings {
  readonly size: number;
  /** The first number of each in an observation, and the goal's number that is 1 where the goal is about it, else 0. */
  readonly each: readonly { readonly observation: number; readonly counts: number }[];
}

/** A goal is about one of the alike things at most. */
export interface GoalRelations {
  readonly groups: readonly GoalGroup[];
  readonly things?: AlikeThings;
}
