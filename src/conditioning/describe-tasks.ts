// All that `anygoal tasks` says of an environment: its tasks, what they share, their goals, identifiers and methods.
import { type EnvDefinition, type GoalKind, goalKind, hasGoals } from '../envs/index.js';
import { type IdentifierName, identifierNames, type TaskIdentifier, taskIdentifier } from './identifiers.js';
import { listed, type Method, methodsFor } from './methods.js';
import { type EnvFacts, factsOfTasks, type SharedBy, sharedBy, type TaskFacts } from './task-facts.js';

export interface IdentifierHere extends TaskIdentifier {
  /** Whether policies of this environment can see it. */
  readonly available: boolean;
  /** How, or why not. */
  readonly note: string;
}

export interface TaskReport {
  readonly env: string;
  readonly description: string;
  readonly tasks: readonly TaskFacts[];
  /** Whether the tasks declare what they share: those of a family do. */
  readonly declared: boolean;
  readonly shared: readonly SharedBy[];
  /** Null where there are none. */
  readonly goals: (GoalKind & { readonly size: number; readonly names?: readonly string[] }) | null;
  readonly identifiers: readonly IdentifierHere[];
  readonly methods: readonly Method[];
}

/** Of an environment with complete settings (`parseEnvOptions`); nothing is created or simulated. */
export function describeTasks(definition: EnvDefinition, options: unknown): TaskReport {
  const facts = factsOfTasks(definition, options);
  const { goal, goalKind: kind = 'state' } = facts.spec;
  return {
    env: definition.name,
    description: definition.description,
    tasks: facts.tasks,
    declared: facts.declared,
    shared: sharedBy(facts),
    goals: hasGoals(facts.spec)
      ? { ...goalKind(kind), size: goal.size, ...(goal.names && { names: goal.names }) }
      : null,
    identifiers: identifierNames.map((name) => ({ ...taskIdentifier(name), ...ways[name](facts) })),
    methods: methodsFor(facts),
  };
}

type Way = Pick<IdentifierHere, 'available' | 'note'>;
const yes = (note: string): Way => ({ available: true, note });
const no = (note: string): Way => ({ available: false, note });

const byNumber =
  (how: string) =>
  ({ tasks }: EnvFacts): Way =>
    tasks.length > 1 ? yes(how) : no('there is one task');

/** How a policy comes to see each of them. */
const ways: Readonly<Record<IdentifierName, (facts: EnvFacts) => Way>> = {
  'one-hot': byNumber('by default; as the only one with tasks.identifiers=[task]'),
  embedding: byNumber('agent.encoders.task=embedding'),
  goal: ({ spec }) =>
    hasGoals(spec) ? yes('by default; as the only one with tasks.identifiers=[goal]') : no('there are no goals'),
  demonstration({ spec, tasks, declared }) {
    if (spec.parts?.demonstration?.per)
      return yes('shown here; as the only one with tasks.identifiers=[demonstration]');
    if (!declared) return no('only families have the setting demonstration');
    if (spec.observation.size === 0) return no('there are no observations of numbers to show');
    const without = tasks.filter(({ controller, recorded }) => !controller && !recorded).map(({ task }) => task);
    return without.length === 0 ? yes('env.demonstration=8') : no(`nobody demonstrates ${listed(without)}`);
  },
  text({ spec, tasks, speaks }) {
    if (spec.instruction)
      return yes(
        `shown here, by the encoder ${spec.instruction.encoder}; as the only one with tasks.identifiers=[instruction]`,
      );
    const said = tasks.filter(({ instructions }) => instructions.length > 0).length;
    if (speaks && said === tasks.length) return yes('env.sentences=plain');
    return no(`episodes do not show a sentence; ${said} of ${tasks.length} tasks have instructions`);
  },
  image({ spec, takesCamera }) {
    const shown = Object.keys(spec.goalPictures ?? {});
    if (shown.length > 0) return yes(`shown here; as the only one with tasks.identifiers=[${shown.join(', ')}]`);
    return takesCamera ? yes('env.camera.goal=true') : no('there is no camera that could show goals');
  },
};
