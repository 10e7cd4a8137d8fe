// How fast a training or a recording goes at present: steps or episodes a second, of which later seconds count more.

/** Seconds after which what was counts e times less. */
const MEMORY = 10;

export interface Pace {
  /** Steps a second, now that so many more were taken in so many seconds; 0 until there were any. */
  after(steps: number, seconds: number): number;
}

/** Weighted by time: a burst of steps in an instant, as when they are taken while the learner is still busy, counts for little. */
export function createPace(): Pace {
  let [steps, seconds] = [0, 0];
  return {
    after(more, took) {
      const kept = Math.exp(-took / MEMORY);
      steps = kept * steps + more;
      seconds = kept * seconds + took;
      return seconds > 0 ? steps / seconds : 0;
    },
  };
}

/** How far a recording of episodes is. */
export interface RecordingProgress {
  readonly episodes: number;
  readonly totalEpisodes: number;
  /** Lately; 0 until one is over. */
  readonly episodesPerSecond: number;
  /** NaN until one is over. */
  readonly secondsLeft: number;
}

/** Says how far it is, now that so many episodes in all are over. `now` in seconds, for tests. */
export function recordingProgress(
  totalEpisodes: number,
  now: () => number = () => performance.now() / 1000,
): (episodes: number) => RecordingProgress {
  const pace = createPace();
  let [before, then] = [0, now()];
  return (episodes) => {
    const time = now();
    const episodesPerSecond = pace.after(episodes - before, time - then);
    [before, then] = [episodes, time];
    const secondsLeft = episodesPerSecond > 0 ? (totalEpisodes - episodes) / episodesPerSecond : Number.NaN;
    return { episodes, totalEpisodes, episodesPerSecond, secondsLeft };
  };
}
