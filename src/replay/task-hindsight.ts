// Hindsight between tasks (MT-Opt: Kalashnikov et al. 2021, arXiv 2104.08212): whole episodes are stored as other tasks' too.
import type { EnvSpec, GoalRules } from '../envs/env.js';
import { stepLimit } from '../envs/spec.js';
import { createRandom, mixSeed } from '../random.js';
import { copyEpisode, type EpisodeCopy, eachEpisode, insertCopies, judgeCopy } from './episode-copies.js';
import { readColumn } from './layout.js';
import type { Replay } from './replay.js';

export interface TaskHindsightOptions {
  /** Tasks by number between which episodes may be passed: they share states, actions and dynamics. */
  readonly groups: readonly (readonly number[])[];
  /** Other tasks of its group, drawn anew, that each episode is also stored as. */
  readonly copies: number;
  readonly seed: number;
}

export interface TaskHindsight {
  /** Stores the episodes from number `from` on as other tasks' too, and gives how many copies that made. */
  relabel(from: number): number;
}

/**
 * A copy of an episode of task i as one of task j has the steps of i, and what belongs to whole episodes (goal, task,
 * columns of episodes) of the newest stored episode of j; without one it is not made. The rules of goals are the success
 * detector: they say what each step is worth to j, so that copies are failures as often as they are. It is cut to the
 * step limit of j. Which tasks an episode is given to follows from the seed and its number alone, so that a resumed run
 * goes on with the same.
 *
 * For rules of task families: their rewards read the task in the info column `task`, goals from what was achieved in its
 * last number.
 */
export function createTaskHindsight(
  replay: Replay,
  rules: GoalRules & { readonly spec: EnvSpec },
  { groups, copies, seed }: TaskHindsightOptions,
): TaskHindsight {
  const { spec } = rules;
  const { ring } = replay;
  const { layout, rows, bytes, capacity } = ring;
  const { width } = layout;
  const task = layout.column('task');
  const achieved = layout.column('achieved');
  const info = layout.column('info');
  const ofEpisodes = layout.columns.filter(({ per }) => per === 'episode');
  const taskInfo = info.offset + spec.info.indexOf('task');
  const others = (own: number): number[] =>
    groups.flatMap((group) => (group.includes(own) ? group.filter((other) => other !== own) : []));
  const taskOf = (row: number) => rows[row * width + task.offset];

  /** Ring row of the newest episode of a task; undefined where none is stored, which takes a look at all of them. */
  function findNewest(wanted: number): number | undefined {
    let row = ring.inserted % capacity;
    for (let left = ring.episodes; left > 0; left--) {
      const last = (row - 1 + capacity) % capacity;
      row = (last - rows[last * width + layout.elapsed] + capacity) % capacity;
      if (taskOf(row) === wanted) return row;
    }
    return undefined;
  }

  /** The episode that begins at ring row `from`, as one of task `other`. */
  function copyOf(from: number, other: number, like: number): EpisodeCopy {
    const steps = Math.min(rows[from * width + layout.remaining], stepLimit(spec, other));
    const given = ofEpisodes.map((column) => {
      const value = column.dtype === 'uint8' ? new Uint8Array(column.size) : new Float32Array(column.size);
      readColumn({ floats: rows, bytes }, like * width, column, value, 0);
      return { column, value };
    });
    const copy = copyEpisode(ring, from, steps, given);
    for (let t = 0; t <= steps; t++) {
      copy.floats[t * width + achieved.offset + achieved.size - 1] = other;
      if (t < steps) copy.floats[t * width + taskInfo] = other;
    }
    judgeCopy(ring, rules, copy);
    return copy;
  }

  return {
    relabel(from) {
      const made: EpisodeCopy[] = [];
      const found = new Map<number, number | undefined>();
      const newest = (wanted: number) => {
        if (!found.has(wanted)) found.set(wanted, findNewest(wanted));
        return found.get(wanted);
      };
      eachEpisode(ring, from, (row, _, serial) => {
        const choices = others(taskOf(row));
        const random = createRandom(mixSeed(seed, `task hindsight ${serial}`));
        for (let left = Math.min(copies, choices.length); left > 0; left--) {
          const [other] = choices.splice(random.below(choices.length), 1);
          const like = newest(other);
          if (like !== undefined) made.push(copyOf(row, other, like));
        }
      });
      return insertCopies(ring, made);
    },
  };
}
