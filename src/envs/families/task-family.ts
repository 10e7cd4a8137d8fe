// Task families: one environment with tasks, each of which is an environment of its own.
import * as z from 'zod';
import { UsageError } from '../../errors.js';
import { parseEnvOptions } from '../define-env.js';
import type { Demonstrator, EnvDefinition, EnvRules, EnvSpec, GoalEnv } from '../env.js';
import { createGoalEnv } from '../goal-env.js';
import { actionSize } from '../space.js';
import { hasGoals, rulesWithoutGoals } from '../spec.js';
import {
  type DemonstrationOptions,
  type DrawDemonstration,
  demonstrationOptions,
  demonstrations,
  type RecordedStates,
  shownBy,
  withDemonstration,
} from './demonstration.js';
import { checkSharedReward, familyRules } from './family-rules.js';
import { familySimulation, fill } from './family-simulation.js';
import { familySpec, type SharedPart } from './family-spec.js';
import type { FamilySpeech, SentenceOptions } from './speech.js';

export interface FamilyMember {
  readonly env: EnvDefinition;
  /** Settings of the environment. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** What it has in common with the other members that declare it: states, actions, dynamics, reward, starts. */
  readonly shares?: readonly SharedPart[];
  /** Recorded episodes, each the list of its observations, that demonstrate the task in place of its scripted controller. */
  readonly demonstrations?: readonly RecordedStates[];
}

/** By the names of the tasks. */
export type FamilyMembers = Readonly<Record<string, FamilyMember>>;

export interface TaskFamily<Options> extends EnvDefinition<Options & FamilyOptions> {
  /** Which parts each task shares with the others, in the order of the tasks. */
  sharing(
    options: Options & FamilyOptions,
  ): readonly { readonly task: string; readonly shares: readonly SharedPart[] }[];
  /** The environments of the tasks, with complete settings, in the order of the tasks: for demonstrators and instructions. */
  members(options: Options & FamilyOptions): readonly {
    readonly task: string;
    readonly env: EnvDefinition;
    readonly options: unknown;
    readonly demonstrations?: readonly RecordedStates[];
  }[];
}

/** Whether it is a family, of whatever settings. */
export const isTaskFamily = (definition: EnvDefinition): definition is EnvDefinition & TaskFamily<unknown> =>
  'members' in definition && 'sharing' in definition;

export interface FamilySettings<Options> {
  readonly description?: string;
  readonly options?: z.ZodType<Options>;
  /** Lets episodes be asked for in words, by settings `sentences` and `words` (sentences.ts); absent: they are not. */
  readonly speech?: FamilySpeech;
}

/**
 * One environment whose episodes each have one of several tasks. Observations, goals and actions have the size of the
 * widest member: where a member has fewer numbers the family shows zeros, and ignores what it does not have of an action
 * (choices beyond its own count on from its first). What was achieved ends with the number of the task, and so does the
 * info column `task`. Where every member has a scripted controller the family has one, which needs the task's number.
 * Every family has the setting `demonstration`, which lets episodes show states of a demonstration of their task.
 * @throws UsageError for members that do not go together, or differ in what they declare to share
 */
export function taskFamily<Options = Record<string, never>>(
  name: string,
  members: FamilyMembers | ((options: Options) => FamilyMembers),
  settings: FamilySettings<Options> = {},
): TaskFamily<Options> {
  type All = Options & FamilyOptions;
  const { speech } = settings;
  const common = speech ? demonstrationOptions.extend(speech.options.shape) : demonstrationOptions;
  const listed = (all: All) => {
    const options = ownOf<Options>(all, common);
    return Object.entries(typeof members === 'function' ? members(options) : members).map(([task, member]) => {
      const { env } = member ?? {};
      if (typeof env?.rules !== 'function') {
        throw new UsageError(
          `${name}: member ${task} has no \`env\`; give the definition of an environment, as { env: await loadEnv('point/reach') }.`,
        );
      }
      const { shares = [], demonstrations: recorded } = member;
      return { task, env, options: parseEnvOptions(env, member.options), shares, recorded };
    });
  };
  const describe = (options: All) => {
    const all = listed(options).map((member) => {
      const rules = member.env.rules(member.options);
      return { ...member, rules, spec: rules.spec };
    });
    const shown = shownBy(options);
    const silent = withDemonstration(familySpec(name, all), shown);
    const spec = speech ? speech.spec(silent, options, all) : silent;
    checkSharedReward(name, all);
    return {
      all,
      shown,
      spec,
      rules: hasGoals(spec)
        ? familyRules(
            spec,
            all.map(({ rules }) => rules),
          )
        : undefined,
    };
  };
  return {
    name,
    description: settings.description ?? '',
    options: familyOptions(settings.options, common),
    members: (options) =>
      listed(options).map(({ task, env, options, recorded }) => ({ task, env, options, demonstrations: recorded })),
    sharing: (options) => listed(options).map(({ task, shares }) => ({ task, shares })),
    rules(options) {
      const { all, spec, rules } = describe(options);
      return {
        ...(rules ? { spec, ...rules } : rulesWithoutGoals(spec)),
        dispose: () => disposeAll(all.map((member) => member.rules)),
      };
    },
    demonstrator: (options) => familyDemonstrator(describe(options)),
    async create(options) {
      const { all, spec, rules, shown } = describe(options);
      const envs: GoalEnv[] = [];
      let demonstrate: DrawDemonstration | undefined;
      try {
        const demonstrated = all.map(({ env, options, ...rest }) => ({
          ...rest,
          demonstrator: env.demonstrator?.(options),
        }));
        if (shown.moments > 0) demonstrate = demonstrations(spec, shown, demonstrated);
        for (const member of all) envs.push(await member.env.create(member.options));
      } catch (error) {
        disposeAll([...envs, ...all.map((member) => member.rules)]);
        throw error;
      }
      const base = familySimulation(spec, envs, demonstrate, shown.of === 'task', () =>
        disposeAll([...envs, ...all.map((member) => member.rules)]),
      );
      const simulation = speech ? speech.simulation(base, options, all) : base;
      return createGoalEnv(rules ? { ...simulation, ...rules } : simulation);
    },
  };
}

/** What every family can be set to besides its own settings. */
type FamilyOptions = DemonstrationOptions & SentenceOptions;

/** A family's own settings without those that all families have. */
const ownOf = <Options>(all: Options & FamilyOptions, { shape }: z.ZodObject): Options =>
  Object.fromEntries(Object.entries(all).filter(([name]) => !(name in shape))) as Options;

/** A family's own settings, and those that all families have. */
function familyOptions<Options>(
  own: z.ZodType<Options> | undefined,
  common: z.ZodObject,
): z.ZodType<Options & FamilyOptions> {
  const all = own instanceof z.ZodObject ? own.extend(common.shape) : (own ?? common);
  return all as unknown as z.ZodType<Options & FamilyOptions>;
}

const disposeAll = (parts: readonly Pick<EnvRules, 'dispose'>[]): void => {
  for (const part of new Set(parts)) part.dispose?.();
};

/** A family and its members. */
interface Described {
  readonly spec: EnvSpec;
  readonly all: readonly {
    readonly task: string;
    readonly env: EnvDefinition;
    readonly options: unknown;
    readonly rules: EnvRules;
  }[];
}

/** Asks the controller of the episode's task, with as much of observation and goal as its environment has; all need one. */
function familyDemonstrator({ spec: { action: space }, all }: Described): Demonstrator | undefined {
  disposeAll(all.map(({ rules }) => rules));
  const members = all.map(({ env, options, rules: { spec } }) => ({
    demonstrate: env.demonstrator?.(options),
    observation: new Float32Array(spec.observation.size),
    goal: new Float32Array(spec.goal.size),
  }));
  if (members.some(({ demonstrate }) => !demonstrate)) return undefined;
  const action = new Float32Array(actionSize(space));
  return (observation, goal, task = 0) => {
    const member = members[task];
    fill(member.observation, observation);
    fill(member.goal, goal);
    fill(action, (member.demonstrate as Demonstrator)(member.observation, member.goal));
    return action;
  };
}
