// How hindsight chooses goals: the strategies of Andrychowicz et al. (2017), "Hindsight Experience Replay", section 4.5.
import { UsageError, unknownName } from '../errors.js';

/**
 * Where the goal of a relabelled transition t comes from, among goals achieved AFTER an action:
 * `future` steps t+1..T of its episode, `final` step T, `episode` steps 1..T, `random` any stored step. `caption` relabels
 * no transitions: whole episodes are also stored as what they fulfilled in words (language-hindsight.ts).
 */
export const relabelStrategies = ['future', 'final', 'episode', 'random', 'caption', 'none'] as const;
export type RelabelStrategyName = (typeof relabelStrategies)[number];

export interface RelabelStrategy {
  readonly strategy: RelabelStrategyName;
  /**
   * Relabelled goals per original one: the share of relabelled transitions is k / (1 + k). 0 with `none`. With `caption` the
   * most captions that an episode is also stored with, a whole number.
   */
  readonly k: number;
}

/** `future:4`, `final` or `caption` (k is 4 unless given), `none`. */
export function parseRelabel(text: string): RelabelStrategy {
  const [name, count, ...rest] = text.split(':');
  const strategy = relabelStrategies.find((known) => known === name);
  if (!strategy) throw unknownName('relabel strategy', name, relabelStrategies);
  if (strategy === 'none') {
    if (count !== undefined) throw new UsageError(`relabel "${text}": none takes no number; write "none".`);
    return { strategy, k: 0 };
  }
  const k = count === undefined ? 4 : Number(count);
  if (count?.trim() === '' || rest.length > 0 || !(k > 0 && k <= 1000)) {
    const what = strategy === 'caption' ? 'captions per episode' : 'relabelled goals per transition';
    throw new UsageError(
      `relabel "${text}": after the colon comes the number of ${what}, above 0 and up to 1000, as in "${strategy}:4".`,
    );
  }
  if (strategy === 'caption' && !Number.isInteger(k)) {
    throw new UsageError(`relabel "${text}": captions are counted; write a whole number, such as "caption:2".`);
  }
  return { strategy, k };
}

/** How transitions are relabelled when they are drawn: by captions not at all. */
export const goalHindsight = (relabel: RelabelStrategy): RelabelStrategy =>
  relabel.strategy === 'caption' ? { strategy: 'none', k: 0 } : relabel;

/** The inverse of `parseRelabel`. */
export const formatRelabel = ({ strategy, k }: RelabelStrategy): string =>
  strategy === 'none' ? 'none' : `${strategy}:${k}`;
