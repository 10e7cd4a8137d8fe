// Demonstrations as task identifiers: states of an episode of the task that each episode shows from its beginning to its end.
import * as z from 'zod';
import { UsageError } from '../../errors.js';
import { mixSeed, type Random } from '../../random.js';
import type { Demonstrator, EnvSpec, GoalEnv } from '../env.js';
import { type Box, box } from '../space.js';
import { hasSuccess } from '../spec.js';

/** The name of the part, and of the family's setting. */
export const demonstrationPart = 'demonstration';

/** What every family can be set to besides its own settings. */
export interface DemonstrationOptions {
  /** States that are shown; 0 or absent: none. */
  readonly demonstration?: number;
}

export const demonstrationOptions = z.object({
  [demonstrationPart]: z
    .number()
    .int()
    .min(0)
    .max(64)
    .default(0)
    .describe('states of a demonstration of its task that each episode shows as the part `demonstration`; 0: none'),
});

/** An episode's observations, in their order. */
export type RecordedStates = readonly ArrayLike<number>[];

/** Different demonstrations of a task that come from its controller. */
const KEPT = 16;
/** Attempts of a controller that does not always succeed. */
const ATTEMPTS = 10;

/** The spec with the part [states, observation]. @throws UsageError where there is nothing to show, or the name is taken */
export function withDemonstration(spec: EnvSpec, states: number): EnvSpec {
  if (states === 0) return spec;
  const { name, observation, parts = {} } = spec;
  const refuse = (reason: string): never => {
    throw new UsageError(`${name}: setting ${demonstrationPart} is ${states}, but ${reason}`);
  };
  if (observation.size === 0) refuse('there are no observations of numbers to show; set it to 0.');
  if (demonstrationPart in parts) refuse(`a member has a part of that name; rename it.`);
  const repeated = (bounds: readonly number[]) => Array.from({ length: states }, () => bounds).flat();
  const { low, high } = observation;
  const part: Box = {
    ...box(states * observation.size, repeated(low), repeated(high)),
    shape: [states, observation.size],
    per: 'episode',
  };
  return { ...spec, parts: { ...parts, [demonstrationPart]: part } };
}

export interface DemonstratedMember {
  readonly task: string;
  readonly demonstrator?: Demonstrator;
  /** Taken in place of the controller's. */
  readonly recorded?: readonly RecordedStates[];
}

/** Writes a demonstration of the task, drawn from those that there are. `env`: the member, whose episode must be over. */
export type DrawDemonstration = (task: number, env: GoalEnv, random: Random, out: Float32Array | Uint8Array) => void;

/**
 * Demonstrations of each task: those that were recorded, else 16 of its controller, each from a start of its own and made
 * when it is first needed. They depend on nothing but the task, so all environments of a family show the same ones.
 * @throws UsageError for tasks that nobody demonstrates
 */
export function demonstrations(
  spec: EnvSpec,
  states: number,
  members: readonly DemonstratedMember[],
): DrawDemonstration {
  const without = members.filter((of) => !of.demonstrator && !of.recorded?.length).map(({ task }) => task);
  if (without.length > 0) {
    throw new UsageError(
      `${spec.name}: setting ${demonstrationPart} is ${states}, but nobody demonstrates ${without.join(', ')}; set it to 0, or give each of these members \`demonstrations\` or an environment with a \`demonstrator\`.`,
    );
  }
  const width = spec.observation.size;
  const known = members.map(({ recorded }) => new Array<Float32Array | undefined>(recorded?.length || KEPT));

  function make(task: number, which: number, env: GoalEnv): Float32Array {
    const { recorded, demonstrator } = members[task];
    const episode = recorded?.[which] ?? (demonstrator ? succeed(env, demonstrator, which) : []);
    const out = new Float32Array(states * width);
    for (let i = 0; i < states; i++) {
      const share = states === 1 ? 1 : i / (states - 1);
      out.set(Array.from(episode[Math.round(share * (episode.length - 1))]), i * width);
    }
    return out;
  }

  return (task, env, random, out) => {
    const own = known[task];
    const which = random.below(own.length);
    own[which] ??= make(task, which, env);
    out.set(own[which]);
  };
}

/** The first attempt that succeeds, or the last one. */
function succeed(env: GoalEnv, demonstrator: Demonstrator, which: number): RecordedStates {
  for (let attempt = 1; ; attempt++) {
    const { states, success } = attend(env, demonstrator, mixSeed(which, demonstrationPart, attempt));
    if (success || attempt === ATTEMPTS || !hasSuccess(env.spec)) return states;
  }
}

/** An episode until its first success. */
function attend(env: GoalEnv, demonstrator: Demonstrator, seed: number): { states: RecordedStates; success: boolean } {
  let now = env.reset({ seed });
  const states = [now.observation.slice()];
  for (;;) {
    const next = env.step(demonstrator(now.observation, now.goal));
    states.push(next.observation.slice());
    if (next.isSuccess || next.terminated || next.truncated) return { states, success: next.isSuccess };
    now = next;
  }
}
