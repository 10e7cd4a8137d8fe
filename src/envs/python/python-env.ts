// A Gymnasium environment as one of ours: episodes from seeds, steps alone or with others, saving by playing again.
import { RunError, UsageError } from '../../errors.js';
import { createRandom } from '../../random.js';
import type { EnvSpec, GoalEnv } from '../env.js';
import { checkSeed, readAction, refuseInstruction } from '../given.js';
import { actionSize } from '../space.js';
import { evaluationTaskNumber, hasGoals, taskNumber } from '../spec.js';
import { createTimeStep } from '../time-step.js';
import { COMMAND, type PythonHost } from './host.js';
import type { GymOptions } from './options.js';
import { pythonRules } from './rules.js';
import { type Episode, readSaved, writeSaved } from './saved.js';
import { FLAG, type StepSlot, stepBatch } from './step-batch.js';

/** Longest episode whose actions are kept to play it again, in numbers. */
const MOST_KEPT = 1_000_000;

/** `release`: called once when it is disposed of. */
export function createPythonEnv(spec: EnvSpec, host: PythonHost, options: GymOptions, release: () => void): GoalEnv {
  const { about } = host;
  const { timeout } = options;
  const number = host.reserve();
  const batch = stepBatch(host, spec);
  const rules = pythonRules(spec, about, options, () => host);
  const { now, floats, bytes: present, named } = createTimeStep(spec);
  const transition = {
    ...now,
    reward: 0,
    failed: false,
    terminated: false,
    truncated: false,
    isSuccess: false,
    cut: false,
  };
  const width = actionSize(spec.action);
  const shownSize = floats.length - spec.info.length;
  /** Numbers in Python's order, which is ours up to info; pictures come last. */
  const shown = floats.subarray(0, shownSize);
  const pictures = present.subarray(4 * floats.length);
  const nextShown = new Float32Array(shownSize);
  const nextPictures = new Uint8Array(pictures.length);
  const success = new Uint8Array(1);
  const random = createRandom(0);
  const episode: Episode = { phase: 'new', seed: 0, steps: 0, goal: undefined, ahead: undefined };
  let kept = new Float32Array(0);
  /** The episode after this one has begun in Python already, as `nextShown`. */
  let hasNext = false;
  /** The episode that was restored could not be played again. */
  let cut = false;
  /** The step has been taken with others; its results are here. */
  let taken = false;
  let open = true;

  const slot: StepSlot = {
    number,
    action: new Float32Array(width),
    nextSeed: seedAhead,
    receive(result) {
      taken = true;
      shown.set(result.shown);
      now.info.set(result.info);
      pictures.set(result.bytes);
      hasNext = result.nextShown !== undefined;
      if (result.nextShown) nextShown.set(result.nextShown);
      if (result.nextBytes) nextPictures.set(result.nextBytes);
      episode.steps++;
      checkShown();
      judge(result.reward, result.flags);
    },
  };

  /** The next episode's seed, which is drawn once whether that episode begins early or late. */
  function seedAhead(): number {
    episode.ahead ??= random.uint32();
    return episode.ahead;
  }

  function checkShown(): void {
    let sum = 0;
    for (let i = 0; i < shownSize; i++) sum += floats[i];
    if (Number.isFinite(sum)) return;
    for (const [name, values] of named) {
      const i = values.findIndex((value) => !Number.isFinite(value));
      if (i < 0) continue;
      throw new RunError(
        `${spec.name}: ${name}[${i}] is ${values[i]} after step ${episode.steps} of an episode; an environment must only show finite numbers.`,
      );
    }
  }

  function judge(reward: number, flags: number): void {
    if (!Number.isFinite(reward)) {
      throw new RunError(`${spec.name}: the reward is ${reward} after step ${episode.steps} of an episode.`);
    }
    const ended = (flags & FLAG.terminated) !== 0;
    let succeeded = (flags & FLAG.success) !== 0;
    if (options.tolerance !== null && hasGoals(spec)) {
      rules.computeSuccess(now.achieved, now.goal, now.info, success);
      succeeded = success[0] !== 0;
    }
    const bySuccess = succeeded && spec.successEndsEpisode;
    transition.reward = reward;
    transition.isSuccess = succeeded;
    transition.failed = ended && !bySuccess;
    transition.terminated = ended || bySuccess;
    transition.truncated =
      !transition.terminated && ((flags & FLAG.truncated) !== 0 || episode.steps >= spec.maxEpisodeSteps);
    if (transition.terminated || transition.truncated) episode.phase = 'ended';
  }

  function keepAction(): void {
    const end = episode.steps * width;
    if (end + width > MOST_KEPT) return;
    if (kept.length < end + width) {
      const larger = new Float32Array(Math.min(MOST_KEPT, Math.max(2 * kept.length, 64 * width)));
      larger.set(kept);
      kept = larger;
    }
    kept.set(slot.action, end);
  }

  /** Begins the episode of `episode`, and plays its first actions; writes what is shown then to the outputs. */
  function begin(actions: Float32Array, intoShown: Float32Array, intoPictures: Uint8Array): void {
    const { seed, goal } = episode;
    const goalSize = goal?.length ?? 0;
    const bytes = 12 + 4 * (goalSize + actions.length);
    const body = host.body(bytes);
    const words = new Uint32Array(body.buffer, body.byteOffset, 3);
    words[0] = number;
    words[1] = seed;
    words[2] = goal ? 1 : 0;
    const numbers = new Float32Array(body.buffer, body.byteOffset + 12, goalSize + actions.length);
    if (goal) numbers.set(goal);
    numbers.set(actions, goalSize);
    const answer = host.ask(
      actions.length > 0 ? COMMAND.replay : COMMAND.reset,
      1,
      bytes,
      timeout * (1 + episode.steps),
    );
    intoShown.set(new Float32Array(answer.buffer, answer.byteOffset, shownSize));
    intoPictures.set(answer.subarray(4 * shownSize));
  }

  function refuseOutside(): void {
    if (episode.phase === 'running') return;
    const why = episode.phase === 'ended' ? 'the episode has ended' : 'no episode has begun';
    throw new UsageError(`${spec.name}: step() but ${why}; call reset() first.`);
  }

  function readGoal(goal: ArrayLike<number>): Float32Array {
    if (goal.length !== spec.goal.size) {
      throw new UsageError(`${spec.name}: goal has ${goal.length} numbers; it must have ${spec.goal.size}.`);
    }
    return Float32Array.from(goal);
  }

  return {
    ...rules,
    spec,
    reset(given = {}) {
      if (given.task !== undefined) taskNumber(spec, given.task); // which refuses it
      if (given.evaluationTask !== undefined) evaluationTaskNumber(spec, given.evaluationTask);
      if (given.state) {
        throw new UsageError(
          `${spec.name}: its episodes begin from seeds, for Python's environments have no state that could be set; leave \`state\` out.`,
        );
      }
      if (given.instruction !== undefined) refuseInstruction(spec, given.instruction);
      batch.remove(slot);
      taken = false;
      cut = false;
      if (given.seed !== undefined) {
        random.restore(createRandom(checkSeed(spec, given.seed)).save());
        episode.ahead = undefined;
        hasNext = false;
      }
      const goal = given.goal && readGoal(given.goal);
      Object.assign(episode, { seed: seedAhead(), ahead: undefined, steps: 0, goal, phase: 'running' });
      if (hasNext && !goal) {
        shown.set(nextShown);
        pictures.set(nextPictures);
      } else begin(new Float32Array(0), shown, pictures);
      hasNext = false;
      now.info.fill(0);
      checkShown();
      return now;
    },
    prepare(action) {
      refuseOutside();
      if (cut) return;
      readAction(spec, action, slot.action);
      keepAction();
      batch.add(slot);
    },
    step(action) {
      if (!taken) refuseOutside();
      if (cut) {
        // It ends where it was; what comes after belongs to another episode.
        cut = false;
        episode.phase = 'ended';
        const nothing = { reward: 0, failed: false, terminated: false, truncated: true, isSuccess: false, cut: true };
        return Object.assign(transition, nothing);
      }
      transition.cut = false;
      if (!taken) {
        const together = batch.has(slot);
        if (!together) {
          readAction(spec, action, slot.action);
          keepAction();
          batch.add(slot);
        }
        batch.run(together, timeout);
      }
      taken = false;
      return transition;
    },
    picture() {
      const body = host.body(4);
      new Uint32Array(body.buffer, body.byteOffset, 1)[0] = number;
      const answer = host.ask(COMMAND.render, 1, 4, timeout);
      const [height, width] = new Uint32Array(answer.buffer, answer.byteOffset, 2);
      const pixels = new Uint8ClampedArray(4 * width * height).fill(255);
      for (let i = 0, at = 8; i < pixels.length; i += 4, at += 3) {
        pixels[i] = answer[at];
        pixels[i + 1] = answer[at + 1];
        pixels[i + 2] = answer[at + 2];
      }
      return { width, height, pixels };
    },
    saveState: () => writeSaved(random.save(), episode, kept.subarray(0, episode.steps * width), present),
    restoreState(bytes) {
      const saved = readSaved(spec, bytes, present.length);
      random.restore(saved.random);
      Object.assign(episode, saved.episode);
      batch.remove(slot);
      taken = false;
      hasNext = false;
      present.set(saved.present);
      kept = saved.actions;
      const { steps } = episode;
      const complete = saved.actions.length === steps * width;
      cut = episode.phase === 'running';
      if (!cut || !complete || !about.repeats) return;
      begin(saved.actions, nextShown, nextPictures);
      cut = !(equal(nextShown, shown) && equal(nextPictures, pictures));
    },
    dispose() {
      if (!open) return;
      open = false;
      batch.remove(slot);
      try {
        host.free(number);
      } catch {
        // Whatever it died of has been told, or does not matter any more.
      }
      release();
    },
  };
}

const equal = (a: ArrayLike<number>, b: ArrayLike<number>): boolean => {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
};
