// Between which tasks of an environment episodes may be passed, and why not, where they may not.
import type { TrainConfig } from '../config/config.js';
import type { EnvDefinition, EnvSpec } from '../envs/env.js';
import type { SharedPart } from '../envs/families/family-spec.js';
import { UsageError, unknownName } from '../errors.js';

/** What an episode of another task must have in common: the same states, actions and dynamics. */
const needed: readonly SharedPart[] = ['S', 'A', 'T'];
const meaning: Readonly<Record<string, string>> = { S: 'states', A: 'actions', T: 'dynamics' };

type Sharing = readonly { readonly task: string; readonly shares: readonly SharedPart[] }[];

/**
 * Groups of tasks by number: those that `tasks.groups` names, else all that declare to share S, A and T; undefined without
 * `tasks.hindsight`.
 * @throws UsageError with the reason where the environment or a group does not allow it
 */
export function taskGroups(
  { tasks: { hindsight, groups } }: Pick<TrainConfig, 'tasks'>,
  definition: EnvDefinition,
  options: unknown,
  spec: EnvSpec,
): readonly (readonly number[])[] | undefined {
  if (hindsight === 0) return undefined;
  const { name, tasks } = spec;
  const refuse = (reason: string) => new UsageError(`tasks.hindsight is ${hindsight}, but ${reason}.`);
  if (!tasks) throw refuse(`${name} has a single task; set it to 0`);
  if (spec.goal.size === 0) {
    throw refuse(
      `${name} has no goals: what a step of one task is worth to another only that task's own steps tell; set it to 0`,
    );
  }
  const { sharing } = definition as EnvDefinition & { sharing?: (options: unknown) => Sharing };
  if (!sharing) throw refuse(`${name} is no task family, so that nothing says what its tasks share; see taskFamily`);
  const lacks = new Map(
    sharing(options).map(({ task, shares }) => [task, needed.filter((part) => !shares.includes(part))]),
  );
  const told = (task: string) =>
    `${task} does not share ${lacks
      .get(task)
      ?.map((part) => `${part} (${meaning[part]})`)
      .join(', ')}`;
  const fits = (task: string) => lacks.get(task)?.length === 0;
  if (groups === null) {
    const group = tasks.flatMap((task, i) => (fits(task) ? [i] : []));
    if (group.length >= 2) return [group];
    throw refuse(
      `fewer than two tasks of ${name} share S, A and T: ${tasks
        .filter((t) => !fits(t))
        .map(told)
        .join('; ')}`,
    );
  }
  return groups.map((group) =>
    group.map((task) => {
      const i = tasks.indexOf(task);
      if (i < 0) throw unknownName(`task of ${name} in tasks.groups`, task, tasks);
      if (!fits(task)) throw refuse(`in tasks.groups ${told(task)}; take it out`);
      return i;
    }),
  );
}
