// Demonstrations: episodes of an environment's scripted controller, as transitions for the learner's replay.
import type { Demonstrator, EnvDefinition, GoalEnv } from '../envs/index.js';
import { createVectorEnv } from '../envs/index.js';
import { UsageError } from '../errors.js';
import { nextTurn } from '../platform/yield.js';
import { mixSeed } from '../random.js';
import { transitionLayout, writeAfter, writeBefore } from './transitions.js';

export interface Demonstrations {
  /** Transitions (see transitions.ts) of whole episodes. */
  readonly transitions: Float32Array;
  /** Share of the episodes that ended in success. */
  readonly successRate: number;
}

/** The environment's controller; an environment without one is refused with the reason. */
export function findDemonstrator(definition: EnvDefinition, options: unknown): Demonstrator {
  const demonstrator = definition.demonstrator?.(options);
  if (demonstrator) return demonstrator;
  throw new UsageError(
    `training.demonstrations needs a scripted controller, but ${definition.name} has none; set it to 0, or give the environment a \`demonstrator\`.`,
  );
}

/** Runs whole episodes. They are stored under an environment number of their own, so that no other episode mixes in. */
export async function collectDemonstrations(
  env: GoalEnv,
  demonstrator: Demonstrator,
  options: { episodes: number; seed: number; envNumber: number },
): Promise<Demonstrations> {
  const vector = createVectorEnv([env]);
  const layout = transitionLayout(vector.spec);
  const { maxEpisodeSteps } = vector.spec;
  const out = new Float32Array(options.episodes * maxEpisodeSteps * layout.stride);
  let end = 0;
  let successes = 0;
  vector.reset(mixSeed(options.seed, 'demonstrations'));
  for (let episode = 0; episode < options.episodes; episode++) {
    let ended = false;
    while (!ended) {
      const actions = Float32Array.from(demonstrator(vector.observation, vector.goal));
      writeBefore(out, end, layout, vector, 0);
      out[end] = options.envNumber;
      vector.step(actions);
      writeAfter(out, end, layout, vector, 0, actions);
      end += layout.stride;
      ended = vector.terminated[0] === 1 || vector.truncated[0] === 1;
    }
    successes += vector.success[0];
    await nextTurn();
  }
  return { transitions: out.slice(0, end), successRate: successes / options.episodes };
}
