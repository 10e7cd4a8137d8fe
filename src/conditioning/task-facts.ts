// What the tasks of an environment are and have in common, from their declarations alone: nothing is simulated.

import * as z from 'zod';
import {
  actionSize,
  type EnvDefinition,
  type EnvSpec,
  type GoalEnv,
  isTaskFamily,
  type SharedPart,
  sharedParts,
  stepLimit,
  type TaskFamily,
} from '../envs/index.js';

export interface TaskFacts {
  readonly task: string;
  /** The environment that it is alone. */
  readonly env: string;
  /** Numbers of an observation, further parts included, of a goal, and of an action (1 where it is a choice). */
  readonly observation: number;
  readonly goal: number;
  readonly action: number;
  /** How many choices, where actions are choices. */
  readonly choices?: number;
  readonly maxEpisodeSteps: number;
  /** What it declares to have in common with the other tasks that declare it. */
  readonly shares: readonly SharedPart[];
  /** Whether a scripted controller or an expert demonstrates it, and whether recorded demonstrations were given. */
  readonly controller: boolean;
  readonly recorded: boolean;
  /** Sentences that ask for it, with their placeholders. */
  readonly instructions: readonly string[];
  /** Whether every episode shows the sentence that asks for it. */
  readonly asks: boolean;
}

export interface EnvFacts {
  readonly spec: EnvSpec;
  readonly tasks: readonly TaskFacts[];
  /** Whether goals can be made of what was achieved. */
  readonly relabels: boolean;
  /** Whether the tasks declare what they share: those of a family do. */
  readonly declared: boolean;
  /** Whether episodes can show sentences, by the setting `sentences`. */
  readonly speaks: boolean;
  /** Whether it has the setting `camera`. */
  readonly takesCamera: boolean;
}

/** Of an environment with complete settings. */
export function factsOfTasks(definition: EnvDefinition, options: unknown): EnvFacts {
  const rules = definition.rules(options);
  const { spec, goalFrom } = rules;
  // Rules that are those of an instance tell whether it has an expert; others declare it.
  const hasExpert = definition.hasExpert ?? (rules as Partial<GoalEnv>).expert !== undefined;
  rules.dispose?.();
  const declared = isTaskFamily(definition);
  const tasks = declared ? membersOf(definition, options) : singleOf(definition, options, spec, hasExpert);
  const takesCamera = definition.options instanceof z.ZodObject && 'camera' in definition.options.shape;
  const speaks = 'sentences' in ((definition.options as { shape?: object } | undefined)?.shape ?? {});
  return { spec, tasks, relabels: goalFrom !== undefined, declared, speaks, takesCamera };
}

function membersOf(family: TaskFamily<unknown>, options: unknown): TaskFacts[] {
  const all = options as object;
  const sharing = family.sharing(all);
  return family.members(all).map(({ task, env, options, demonstrations = [] }, i) => {
    const rules = env.rules(options);
    rules.dispose?.();
    return {
      task,
      env: env.name,
      ...sizesOf(rules.spec),
      shares: sharing[i].shares,
      controller: env.demonstrator?.(options) !== undefined,
      recorded: demonstrations.length > 0,
      instructions: env.instructions?.templates ?? [],
      asks: rules.spec.instruction !== undefined,
    };
  });
}

/** Tasks of an environment that is no family have its spaces and declare nothing. */
const singleOf = (definition: EnvDefinition, options: unknown, spec: EnvSpec, hasExpert: boolean): TaskFacts[] =>
  (spec.tasks ?? [spec.name]).map((task, i) => ({
    task,
    env: spec.name,
    ...sizesOf(spec, i),
    shares: [],
    controller: hasExpert || definition.demonstrator?.(options) !== undefined,
    recorded: false,
    instructions: definition.instructions?.templates ?? [],
    asks: spec.instruction !== undefined,
  }));

function sizesOf(spec: EnvSpec, task?: number) {
  const parts = Object.values(spec.parts ?? {}).reduce((sum, { size }) => sum + size, 0);
  return {
    observation: spec.observation.size + parts,
    goal: spec.goal.size,
    action: actionSize(spec.action),
    ...(spec.action.kind === 'discrete' && { choices: spec.action.n }),
    maxEpisodeSteps: stepLimit(spec, task),
  };
}

/** Which tasks declare all of these parts. */
export const sharing = ({ tasks }: EnvFacts, ...parts: readonly SharedPart[]): string[] =>
  tasks.filter(({ shares }) => parts.every((part) => shares.includes(part))).map(({ task }) => task);

/** What each part of a Markov decision process is, and whether equality is checked where it is declared. */
export const partNames: Readonly<Record<SharedPart, { readonly what: string; readonly checked: boolean }>> = {
  S: { what: 'states', checked: true },
  A: { what: 'actions', checked: true },
  T: { what: 'dynamics', checked: false },
  r: { what: 'reward', checked: true },
  p0: { what: 'starts', checked: false },
};

export interface SharedBy {
  readonly part: SharedPart;
  readonly what: string;
  /** Equal spaces and rewards are checked; dynamics and starts are taken at the author's word. */
  readonly checked: boolean;
  readonly tasks: readonly string[];
}

export const sharedBy = (facts: EnvFacts): SharedBy[] =>
  sharedParts.map((part) => ({ part, ...partNames[part], tasks: sharing(facts, part) }));
