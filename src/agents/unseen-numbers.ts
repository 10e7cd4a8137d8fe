// What a policy is not to see: whole inputs, and numbers of an observation, by their names.
import { nearestName, UsageError } from '../errors.js';
import type { GoalRelations } from '../relations.js';
import type { AgentSpec } from './agent-spec.js';

/** What is left of the inputs without those that are named whole, and the names of numbers. */
export function seenInputs<Spec extends AgentSpec>(spec: Spec, unseen: readonly string[]): [Spec, readonly string[]] {
  const whole = unseen.filter((name) => spec.inputs.some((input) => input.name === name));
  if (whole.length === 0) return [spec, unseen];
  const inputs = spec.inputs.filter(({ name }) => !whole.includes(name));
  if (inputs.length === 0) throw new UsageError(`agent.unseen names ${whole.join(', ')}: nothing is left to see.`);
  return [{ ...spec, inputs }, unseen.filter((name) => !whole.includes(name))];
}

/**
 * 1 for what is seen of an observation, 0 for what is not; undefined where all of it is. A pattern is a name in which `*`
 * stands for anything.
 * @throws UsageError for a pattern that no number has, or numbers without names
 */
export function seenNumbers(
  { inputs, observationNames }: AgentSpec,
  patterns: readonly string[],
): Float32Array | undefined {
  if (patterns.length === 0 || !inputs.some(({ name }) => name === 'observation')) return undefined;
  const seen = new Float32Array(observationNames?.length ?? 0).fill(1);
  const whole = inputs.map(({ name }) => name);
  for (const i of namedNumbers('unseen', patterns, observationNames, whole)) seen[i] = 0;
  return seen;
}

/** The same of what is left to the goal (nets/relations.ts): with it, and the goal, a number could be told after all. */
export function seenRemainder(seen: Float32Array | undefined, { groups }: GoalRelations): Float32Array | undefined {
  if (!seen) return undefined;
  const kept = groups.flatMap(({ observation, size }) => [...seen.subarray(observation, observation + size)]);
  return kept.includes(0) ? Float32Array.from(kept) : undefined;
}

/**
 * Which numbers of an observation have these names, of the setting `agent.<setting>`; `*` in a pattern stands for anything.
 * `also`: other names that the setting may have, for errors.
 * @throws UsageError for a pattern that no number has, or numbers without names
 */
export function namedNumbers(
  setting: string,
  patterns: readonly string[],
  names?: readonly string[],
  also: readonly string[] = [],
): Set<number> {
  if (patterns.length > 0 && !names) {
    throw new UsageError(
      `agent.${setting} names ${patterns[0]}, but the numbers of this observation have no names; leave it out.`,
    );
  }
  const known = names ?? [];
  return new Set(
    patterns.flatMap((pattern) => {
      const literal = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
      const form = new RegExp(`^${literal.join('.*')}$`);
      const numbers = known.flatMap((name, i) => (form.test(name) ? [i] : []));
      if (numbers.length > 0) return numbers;
      const available = [...known, ...also];
      const near = nearestName(pattern, available);
      const which = near ? `; did you mean "${near}"?` : `. Available: ${available.join(', ')}.`;
      throw new UsageError(`agent.${setting}: no number of the observation is called "${pattern}"${which}`);
    }),
  );
}
