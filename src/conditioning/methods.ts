// Which methods the declarations of an environment's tasks allow, and why others are refused.
import { hasGoals, hasSuccess } from '../envs/index.js';
import { type EnvFacts, sharing, type TaskFacts } from './task-facts.js';

export interface Method {
  readonly name: string;
  readonly allowed: boolean;
  /** What to know of it here, or why it is refused. */
  readonly note: string;
  /** For which tasks, where not for all. */
  readonly tasks?: readonly string[];
}

type Answer = Omit<Method, 'name'>;
const yes = (note: string, tasks?: readonly string[]): Answer => ({ allowed: true, note, ...(tasks && { tasks }) });
const no = (note: string): Answer => ({ allowed: false, note });

const methods: Readonly<Record<string, (facts: EnvFacts) => Answer>> = {
  'one policy for all': ({ tasks }) =>
    yes(
      (['observation', 'goal', 'action'] as const)
        .flatMap((what) => {
          const sizes = tasks.map((task) => task[what]);
          const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
          return least === most ? [] : [`${what}s of ${least} to ${most} numbers take ${most}`];
        })
        .join('; ') || 'all have spaces of the same size',
    ),
  hindsight: ({ spec, relabels }) => {
    if (!hasGoals(spec)) return no('there are no goals that could be others');
    return relabels
      ? yes('off-policy agents give episodes of a task goals that it achieved; on-policy agents refuse')
      : no('no goal can be made of what was achieved: goalFrom is missing');
  },
  'hindsight between tasks': (facts) => {
    if (facts.tasks.length < 2) return no('there is one task');
    if (!hasSuccess(facts.spec)) return no('there is no notion of success, so nothing tells what else was done');
    return group(facts, 'an episode of one task is none of another, for it would have gone another way');
  },
  'one dynamics model for all': (facts) =>
    facts.tasks.length < 2
      ? no('there is one task')
      : group(facts, 'what one task teaches of the world is false in others'),
  'scripted demonstrations': ({ tasks }) => forAll(tasks, ({ controller }) => controller, 'scripted controller'),
  'language instructions': ({ tasks }) =>
    forAll(tasks, ({ instructions, asks }) => asks || instructions.length > 0, 'sentences that ask for it'),
};

/** Tasks between which experience may pass: those that declare the same states, actions and dynamics. */
function group(facts: EnvFacts, otherwise: string): Answer {
  const same = sharing(facts, 'S', 'A', 'T');
  if (same.length === facts.tasks.length) return yes('all declare that they share S, A and T');
  const missing = new Map<string, string[]>();
  for (const { task, shares } of facts.tasks.filter(({ task }) => !same.includes(task))) {
    const parts = (['S', 'A', 'T'] as const).filter((part) => !shares.includes(part)).join(', ');
    missing.set(parts, [...(missing.get(parts) ?? []), task]);
  }
  const undeclared = [...missing].map(([parts, tasks]) => `${listed(tasks)} without ${parts} in common`).join('; ');
  const why = `${undeclared}: ${otherwise}`;
  return same.length >= 2 ? yes(`the others not, ${why}`, same) : no(why);
}

function forAll(tasks: readonly TaskFacts[], has: (task: TaskFacts) => boolean, what: string): Answer {
  const [with_, without] = [tasks.filter(has), tasks.filter((task) => !has(task))].map((some) =>
    some.map(({ task }) => task),
  );
  if (without.length === 0) return yes(`every task has ${what === 'scripted controller' ? `a ${what}` : what}`);
  if (with_.length === 0) return no(`no task has ${what === 'scripted controller' ? `a ${what}` : what}`);
  return { ...no(`${listed(without)} ${without.length > 1 ? 'have' : 'has'} no ${what}`), tasks: with_ };
}

/** The first few, and how many more. */
const MOST = 4;
export const listed = (names: readonly string[]): string =>
  names.length <= MOST + 1 ? names.join(', ') : `${names.slice(0, MOST).join(', ')} and ${names.length - MOST} more`;

export const methodsFor = (facts: EnvFacts): Method[] =>
  Object.entries(methods).map(([name, ask]) => ({ name, ...ask(facts) }));
