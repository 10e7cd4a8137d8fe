// An environment that is not what it was when a run was made: what has changed, who refuses it and who only says it.
import type { EnvSpec } from '../envs/index.js';
import { reviveSpec } from '../envs/spec.js';
import { type SpecChange, specChanges } from '../envs/spec-changes.js';
import { UsageError } from '../errors.js';

/** What a run's policy is wanted for. */
export type RunUse = 'act' | 'resume' | 'init';

/**
 * Compares the spec that a run recorded with the environment's present one. Names the changes, then and now, as warnings.
 * @throws UsageError for what cannot be: networks that do not fit; on resuming also what changes meaning, since the rest of
 * the run would not be the same experiment
 */
export function changeWarnings(use: RunUse, run: string, then: EnvSpec, now: EnvSpec): readonly string[] {
  const changes = specChanges(then, now);
  const isRefused = ({ effect }: SpecChange) => effect === 'misfit' || (use === 'resume' && effect === 'meaning');
  const refused = changes.filter(isRefused);
  if (refused.length > 0) {
    const fix = fixes[use](refused.some(({ effect }) => effect === 'misfit'));
    throw new UsageError(`${heads[use](now.name, run)}: ${listed(refused)}. ${fix}`);
  }
  if (changes.length === 0) return [];
  return [`${now.name} is not as it was when ${run} was made: ${listed(changes)}. ${told[use]}`];
}

const listed = (changes: readonly SpecChange[]): string =>
  changes.map(({ field, before, after }) => `${field}: ${before} then, ${after} now`).join('; ');

const heads: Readonly<Record<RunUse, (env: string, run: string) => string>> = {
  act: (env, run) => `the policy of ${run} does not fit ${env} any more, which has changed since`,
  resume: (env, run) => `${run} cannot go on: ${env} has changed since`,
  init: (env, run) => `init: the policy of ${run} does not fit ${env}`,
};

const fixes: Readonly<Record<RunUse, (misfit: boolean) => string>> = {
  act: () => "Make the environment what it was (the run's config.json keeps its spec), or train a new run.",
  resume: (misfit) =>
    `Make the environment what it was (the run's config.json keeps its spec), or begin a new run${misfit ? '' : ' from the policy of this one with --init'}.`,
  init: () => 'Begin without init, or from a run whose environment has the same sizes.',
};

const told: Readonly<Record<RunUse, string>> = {
  act: 'The policy fits and is used as it is; its figures are not those of then.',
  resume: 'The run goes on.',
  init: 'The policy fits and is taken over; it was trained for what was then.',
};

/** What a run recorded of its environment, with its checkpoint or in config.json; undefined: nothing. */
export function recordedSpec(
  metadata: Readonly<Record<string, string>>,
  facts: Readonly<Record<string, unknown>>,
): EnvSpec | undefined {
  if (metadata.spec) return reviveSpec(metadata.spec);
  return facts.spec ? reviveSpec(JSON.stringify(facts.spec)) : undefined;
}
