// Demonstrations: episodes of an environment's scripted controller, as rows for the learner's replay.
import type { Demonstrator, EnvDefinition, GoalEnv } from '../envs/index.js';
import { createVectorEnv } from '../envs/index.js';
import { UsageError } from '../errors.js';
import { nextTurn } from '../platform/yield.js';
import { mixSeed } from '../random.js';
import type { EpisodePieces } from '../replay/index.js';
import { createPieceWriter } from './transitions.js';

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
  throw new UsageError(
    `${definition.name} has no scripted controller: ${instead}, or give the environment a \`demonstrator\`.`,
  );
}

/** Runs whole episodes. They are stored under an environment number of their own, so that no other episode mixes in. */
export async function collectDemonstrations(
  env: GoalEnv,
  demonstrator: Demonstrator,
  options: { episodes: number; seed: number; envNumber: number },
): Promise<Demonstrations> {
  const vector = createVectorEnv([env]);
  const writer = createPieceWriter(vector, options.envNumber);
  const nothing = new Float32Array(0); // what environments without observation or goal show of it
  const { observation = nothing, goal = nothing, task = nothing } = vector.columns;
  let successes = 0;
  vector.reset(mixSeed(options.seed, 'demonstrations'));
  writer.begin(options.episodes * vector.spec.maxEpisodeSteps);
  for (let episode = 0; episode < options.episodes; episode++) {
    let ended = false;
    while (!ended) {
      const actions = Float32Array.from(demonstrator(observation, goal, task[0]));
      writer.before();
      vector.step(actions);
      writer.after(actions);
      ended = vector.terminated[0] === 1 || vector.truncated[0] === 1;
    }
    successes += vector.success[0];
    await nextTurn();
  }
  return { episodes: writer.end(), successRate: successes / options.episodes };
}
