// What of an environment's spec has changed between two moments, and what that means for what was trained in it.
import type { EnvSpec } from './env.js';
import type { Box, Discrete } from './space.js';
import { resolveSpec } from './spec.js';

/**
 * `misfit`: networks have other sizes or get other things at their inputs and outputs. `meaning`: they fit, but what is
 * seen, done, rewarded or counted is not what it was. `label`: only names and descriptions.
 */
export type ChangeEffect = 'misfit' | 'meaning' | 'label';

export interface SpecChange {
  /** The field of the spec. */
  readonly field: string;
  readonly before: string;
  readonly after: string;
  readonly effect: ChangeEffect;
}

/** Differences in the order of the spec; none where both say the same. Names and views of the environment do not count. */
export function specChanges(before: EnvSpec, after: EnvSpec): readonly SpecChange[] {
  const then = resolveSpec(before);
  const now = resolveSpec(after);
  const changes: SpecChange[] = [];
  const compare = (field: string, effect: ChangeEffect, a: string, b: string) => {
    if (a !== b) changes.push({ field, before: a, after: b, effect });
  };
  const compareBoxes = (field: string, a: Box, b: Box, sizeEffect: ChangeEffect = 'misfit') => {
    const known = changes.length;
    compare(field, sizeEffect, sizeText(a), sizeText(b));
    if (changes.length > known) return; // then the rest cannot be compared
    changes.push(...boundsChanges(field, a, b), ...nameChanges(`${field}.names`, a.names, b.names));
  };

  compareBoxes('observation', then.observation, now.observation);
  const parts = (spec: EnvSpec) => Object.keys(spec.parts ?? {});
  compare('parts', 'misfit', parts(then).join(', ') || 'none', parts(now).join(', ') || 'none');
  for (const [name, part] of Object.entries(then.parts ?? {})) {
    const other = now.parts?.[name];
    if (other) compareBoxes(`parts.${name}`, part, other);
  }
  compare('privileged', 'misfit', listText(then.privileged), listText(now.privileged));
  compare('goalPictures', 'meaning', pairsText(then.goalPictures), pairsText(now.goalPictures));
  // The policy does not see what is achieved.
  compareBoxes('achieved', then.achieved, now.achieved, 'meaning');
  compareBoxes('goal', then.goal, now.goal);
  // What networks were never told cannot have changed for them.
  const relations = ({ relations: said }: EnvSpec) => (said ? JSON.stringify(said) : 'none');
  compare('instruction', 'misfit', instructionText(then), instructionText(now));
  compare('relations', then.relations ? 'meaning' : 'label', relations(then), relations(now));
  compareTasks(then.tasks ?? [], now.tasks ?? [], compare);
  compareActions(then.action, now.action, compare, compareBoxes, changes);
  compare('maxEpisodeSteps', 'meaning', `${then.maxEpisodeSteps}`, `${now.maxEpisodeSteps}`);
  compare('evaluationTasks', 'meaning', listText(then.evaluationTasks), listText(now.evaluationTasks));
  compare('taskSteps', 'meaning', listText(then.taskSteps), listText(now.taskSteps));
  compare('rewardRange', 'meaning', `[${then.rewardRange.join(', ')}]`, `[${now.rewardRange.join(', ')}]`);
  compare('successEndsEpisode', 'meaning', `${then.successEndsEpisode}`, `${now.successEndsEpisode}`);
  compare('success', 'meaning', `${then.success ?? false}`, `${now.success ?? false}`);
  compare('info', 'meaning', listText(then.info), listText(now.info));
  compare('columns', 'meaning', columnsText(then), columnsText(now));
  compare('goalKind', 'label', then.goalKind ?? 'state', now.goalKind ?? 'state');
  return changes;
}

type Compare = (field: string, effect: ChangeEffect, then: string, now: string) => void;

/** Policies know tasks by their numbers. */
function compareTasks(then: readonly string[], now: readonly string[], compare: Compare): void {
  const moved = sameSet(then, now) || then.length !== now.length;
  compare('tasks', moved ? 'misfit' : 'meaning', listText(then), listText(now));
}

function compareActions(
  then: EnvSpec['action'],
  now: EnvSpec['action'],
  compare: Compare,
  compareBoxes: (field: string, then: Box, now: Box) => void,
  changes: SpecChange[],
): void {
  if (then.kind === 'box' && now.kind === 'box') compareBoxes('action', then, now);
  else if (then.kind === 'discrete' && now.kind === 'discrete' && then.n === now.n) {
    changes.push(...nameChanges('action.names', then.names, now.names));
  } else compare('action', 'misfit', actionText(then), actionText(now));
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

const actionText = (action: Box | Discrete): string =>
  action.kind === 'discrete' ? `one of ${count(action.n, 'choice')}` : sizeText(action);

function sizeText({ size, shape = [size], dtype = 'float32' }: Box): string {
  const unit = dtype === 'uint8' ? 'byte' : 'number';
  return shape.length === 1 ? count(size, unit) : `${shape.join(' x ')} ${unit}s`;
}

const instructionText = ({ instruction }: EnvSpec): string =>
  instruction ? `${instruction.encoder} ${instruction.checksum}` : 'none';

const listText = (values: readonly (string | number)[] = []): string => values.join(', ') || 'none';

const pairsText = (pairs: Readonly<Record<string, string>> = {}): string =>
  listText(Object.entries(pairs).map(([name, of]) => `${name} of ${of}`));

const columnsText = ({ columns = {} }: EnvSpec): string =>
  Object.entries(columns)
    .map(([name, { shape = [1], dtype = 'float32', per }]) => `${name} [${shape.join(' x ')}] ${dtype} per ${per}`)
    .join(', ') || 'none';

/** The first number whose bounds differ, and how many more do. */
function boundsChanges(field: string, then: Box, now: Box): SpecChange[] {
  const differs = then.low.map((_, i) => i).filter((i) => then.low[i] !== now.low[i] || then.high[i] !== now.high[i]);
  if (differs.length === 0) return [];
  const [i] = differs;
  const bounds = ({ low, high }: Box) => `[${low[i]}, ${high[i]}]`;
  const more = differs.length > 1 ? `, and ${differs.length - 1} more` : '';
  const name = now.names?.[i];
  const which = `number ${i}${name === undefined ? '' : ` (${name})`}${more}`;
  return [{ field: `bounds of ${field}, ${which}`, before: bounds(then), after: bounds(now), effect: 'meaning' }];
}

/** Names that came or went say nothing; the same ones in another order say that the numbers have changed places. */
function nameChanges(field: string, then?: readonly string[], now?: readonly string[]): SpecChange[] {
  if (!then || !now || then.join() === now.join()) return [];
  const effect = sameSet(then, now) ? 'meaning' : 'label';
  return [{ field, before: listText(then), after: listText(now), effect }];
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.toSorted().join() === b.toSorted().join();
