// What Python says an environment is like, and the spec that it makes.
import { UsageError } from '../../errors.js';
import type { EnvSpec } from '../env.js';
import { type Box, box, type Discrete, discrete, image } from '../space.js';
import type { GymOptions } from './options.js';

/** Numbers and their bounds: one for all where they are alike, null for none. */
interface Numbers {
  readonly size: number;
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  readonly names?: readonly string[] | null;
}

/** The answer to `describe`; plain data, so that it can go to other threads. */
export interface Description {
  readonly versions: Readonly<Record<'gymnasium' | 'python' | 'numpy', string>>;
  readonly observation: Numbers;
  readonly pictures: Readonly<Record<string, { readonly shape: readonly number[] }>>;
  readonly action: ({ readonly kind: 'box' } & Numbers) | { readonly kind: 'discrete'; readonly n: number };
  /** The time limit, and whether it is ours because there was none. */
  readonly steps: number;
  readonly ownLimit: boolean;
  /** Whether an episode was the same again from its seed. */
  readonly repeats: boolean;
  /** Null: episodes have no goals. */
  readonly goal: Numbers | null;
  readonly achieved?: Numbers;
  /** Names of the numbers of `info` that compute_reward needs. */
  readonly info?: readonly string[];
  /** How success is known; with goals: by Python's `function`, or where the `reward` is best. Null: not at all. */
  readonly success: string | null;
  /** Of sparse rewards. */
  readonly rewardRange?: readonly [number, number] | null;
  readonly successEndsEpisode?: boolean;
}

function boxOf({ size, low, high, names }: Numbers): Box {
  const all = (bounds: readonly (number | null)[], none: number) => {
    const list = bounds.map((bound) => bound ?? none);
    return list.length === 1 ? list[0] : list;
  };
  return size === 0 ? box(0) : box(size, all(low, -Infinity), all(high, Infinity), names ?? undefined);
}

const actionOf = (action: Description['action']): Box | Discrete =>
  action.kind === 'discrete' ? discrete(action.n) : boxOf(action);

/** @throws UsageError where goals cannot be known to be reached */
export function specOfDescription(name: string, about: Description, options: GymOptions): EnvSpec {
  const pictures = Object.entries(about.pictures).map(([part, { shape }]) => [part, image(shape)] as const);
  if (about.goal && about.success === null && options.tolerance === null) {
    throw new UsageError(
      `${name} does not say when a goal is reached (no _is_success, and its reward has more than two values); set env.tolerance: the largest distance of an achieved goal that counts.`,
    );
  }
  return {
    name,
    observation: boxOf(about.observation),
    ...(pictures.length > 0 && { parts: Object.fromEntries(pictures) }),
    achieved: about.goal && about.achieved ? boxOf(about.achieved) : box(0),
    goal: about.goal ? boxOf(about.goal) : box(0),
    action: actionOf(about.action),
    maxEpisodeSteps: about.steps,
    rewardRange: options.rewardRange ?? about.rewardRange ?? [-Infinity, Infinity],
    successEndsEpisode: options.successEndsEpisode ?? about.successEndsEpisode ?? false,
    info: about.info ?? [],
    ...(!about.goal && about.success !== null && { success: true }),
  };
}

/** What whoever trains with it is told first. */
export function notesOn(name: string, { repeats, ownLimit, steps }: Description): readonly string[] {
  const notes: string[] = [];
  if (!repeats) {
    notes.push(
      `${name} does not play the same episode again from the same seed, and its state cannot be saved: a run that is resumed goes on with new episodes, not bit for bit.`,
    );
  }
  if (ownLimit) {
    notes.push(
      `${name} has no time limit of its own: episodes end after ${steps} steps; ${name}${name.includes('?') ? '&' : '?'}max_episode_steps=N sets another.`,
    );
  }
  return notes;
}
