// How fast a training goes at present: steps a second, of which later seconds count more.

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
