// Demonstrations: episodes of an environment's scripted controller, as rows for the learner's replay.
import { type Demonstrator, type EnvDefinition, type GoalEnv, isTaskFamily } from '../envs/index.js';
import { UsageError } from '../errors.js';
import { mixSeed } from '../random.js';
import type { EpisodePieces } from '../replay/index.js';
import { type Controller, type RecordOptions, recordRows } from './record.js';

export interface Demonstrations {
  /** Whole episodes. */
  readonly episodes: EpisodePieces;
  /** Share of the episodes that ended in success. */
  readonly successRate: number;
}

/** What a recording without a controller can do instead. */
const RECORD_OTHERS = 'record with policy random, or with that of a run';

/** The environment's controller. @throws UsageError where it has none; `instead`: what the caller can do without one */
export function findDemonstrator(
  definition: EnvDefinition,
  options: unknown,
  instead: string = RECORD_OTHERS,
): Demonstrator {
  const demonstrator = definition.demonstrator?.(options);
  if (demonstrator) return demonstrator;
  const without = tasksWithout(definition, options).join(', ');
  const who = without ? `${definition.name} has for ${without}` : `${definition.name} has`;
  throw new UsageError(`${who} no scripted controller: ${instead}, or give the environment a \`demonstrator\`.`);
}

/**
 * Who demonstrates: the environment's controller, or the expert of this instance, which must be the one that is recorded.
 * @throws UsageError where it has neither
 */
export function demonstratorOf(
  definition: EnvDefinition,
  options: unknown,
  env: GoalEnv,
  instead?: string,
): Demonstrator {
  const { expert } = env;
  return definition.demonstrator?.(options) || !expert
    ? findDemonstrator(definition, options, instead)
    : () => expert();
}

/** Tasks of a family whose environments have no controller. */
const tasksWithout = (definition: EnvDefinition, options: unknown): string[] =>
  isTaskFamily(definition)
    ? definition
        .members(options as object)
        .flatMap((member) => (member.env.demonstrator?.(member.options) ? [] : [member.task]))
    : [];

/** Runs whole episodes; fewer, or none, where it is aborted. They are stored under an environment number of their own, so that no other episode mixes in. */
export async function collectDemonstrations(
  env: GoalEnv,
  demonstrator: Demonstrator,
  options: Pick<RecordOptions, 'episodes' | 'seed' | 'envNumber' | 'onEpisode' | 'signal'>,
): Promise<Demonstrations> {
  const seed = mixSeed(options.seed, 'demonstrations');
  const { pieces, successes } = await recordRows(env, controllerOf(demonstrator), { ...options, seed });
  return { episodes: pieces, successRate: successes / options.episodes };
}

const nothing = new Float32Array(0); // what environments without observation or goal show of it

/** A scripted controller as one that acts by the columns that an environment shows. */
export const controllerOf =
  (demonstrator: Demonstrator): Controller =>
  ({ observation = nothing, goal = nothing, task }) =>
    demonstrator(observation, goal, task?.[0]);
