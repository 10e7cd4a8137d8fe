// Demonstrations as task identifiers: states or frames of another episode that each episode shows from its beginning to its end.
import * as z from 'zod';
import { nearestName, UsageError } from '../../errors.js';
import { mixSeed, type Random } from '../../random.js';
import type { Demonstrator, EnvSpec, GoalEnv, TimeStep } from '../env.js';
import { type Box, box } from '../space.js';
import { hasSuccess } from '../spec.js';

/** The name of the part, and of the family's setting. */
export const demonstrationPart = 'demonstration';

/** What every family can be set to besides its own settings. */
export interface DemonstrationOptions {
  /** Moments that are shown; 0 or absent: none. */
  readonly demonstration?: number;
  /** What is done in it; absent: the task. */
  readonly demonstrationOf?: 'task' | 'goal';
  /** What is shown of each moment: `observation` (absent), or further parts of the state, such as the pictures of a camera. */
  readonly demonstrationIn?: string | readonly string[];
}

/** How many are shown, and as what. */
export interface Shown {
  readonly moments: number;
  readonly of: 'task' | 'goal';
  /** The names of the parts, which are alike. */
  readonly as: readonly string[];
}

/** The parts that are shown of each moment. */
export const shownParts = ({ demonstrationIn = 'observation' }: DemonstrationOptions): readonly string[] =>
  typeof demonstrationIn === 'string' ? [demonstrationIn] : demonstrationIn;

/** Of all settings of a family. */
export const shownBy = (options: DemonstrationOptions): Shown => ({
  moments: options.demonstration ?? 0,
  of: options.demonstrationOf ?? 'task',
  as: shownParts(options),
});

export const demonstrationOptions = z.object({
  [demonstrationPart]: z
    .number()
    .int()
    .min(0)
    .max(64)
    .default(0)
    .describe('moments of a demonstration that each episode shows as the part `demonstration`; 0: none'),
  demonstrationOf: z
    .enum(['task', 'goal'])
    .optional()
    .describe(
      "what is demonstrated. task (default): one of 16 episodes of the episode's task; goal: its own goal, with the same things, from another start",
    )
    .meta({ whereAbsent: 'task' }),
  demonstrationIn: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(2)])
    .optional()
    .describe(
      'what is shown of each moment: observation (default), or a part such as a camera, or a list of views of the same size: then it is a film',
    )
    .meta({ whereAbsent: 'observation' }),
});

/** An episode's observations, in their order. */
export type RecordedStates = readonly ArrayLike<number>[];

/** Different demonstrations of a task that come from its controller. */
const KEPT = 16;
/** Attempts of a controller that does not always succeed. */
const ATTEMPTS = 10;

/**
 * The spec with the part [moments, ...what is shown]; of several parts, each moment has one after the other.
 * @throws UsageError where there is nothing to show, parts differ, or the name is taken
 */
export function withDemonstration(spec: EnvSpec, { moments, as }: Shown): EnvSpec {
  if (moments === 0) return spec;
  const { name, observation, parts = {} } = spec;
  const refuse = (setting: string, reason: string): never => {
    throw new UsageError(`${name}: setting ${setting} is ${reason}`);
  };
  const states = Object.keys(parts).filter((part) => !parts[part].per);
  const twice = as.find((part, i) => as.indexOf(part) < i);
  if (twice !== undefined) refuse('demonstrationIn', `${as.join(', ')}; name ${twice} once.`);
  const [one, ...others] = as.map((part) => {
    if (part === 'observation') return observation;
    if (!states.includes(part)) {
      const known = ['observation', ...states];
      const near = nearestName(part, known);
      const fix = near ? `did you mean "${near}"?` : `use one of ${known.join(', ')}.`;
      const camera = states.length === 0 ? ' Pictures are a part where env.camera is set, such as {state: true}.' : '';
      refuse('demonstrationIn', `${part}, which is no part of the state; ${fix}${camera}`);
    }
    return parts[part];
  });
  const form = ({ size, shape = [size], dtype }: Box) => `${dtype ?? 'float32'} [${shape.join(', ')}]`;
  const odd = others.findIndex((other) => form(other) !== form(one)) + 1;
  if (odd > 0) {
    const forms = `${as[0]} is ${form(one)} and ${as[odd]} is ${form(others[odd - 1])}`;
    refuse('demonstrationIn', `${as.join(', ')}, but ${forms}; name parts that are alike.`);
  }
  if (one.size === 0) {
    refuse(demonstrationPart, `${moments}, but there are no observations of numbers to show; set it to 0.`);
  }
  if (demonstrationPart in parts)
    refuse(demonstrationPart, `${moments}, but a member has a part of that name; rename it.`);
  const { size, low, high, shape = [size], dtype } = one;
  const count = moments * as.length;
  const repeated = (bounds: readonly number[]) => Array.from({ length: count }, () => bounds).flat();
  const part: Box = {
    ...box(count * size, repeated(low), repeated(high)),
    ...(dtype && { dtype }),
    shape: [count, ...shape],
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

/**
 * Writes a demonstration for the episode that `env`, the member of its task, is in, and leaves that episode as it is.
 * `random`: that of the reset; absent where an episode has begun anew with another goal.
 */
export type DrawDemonstration = (task: number, env: GoalEnv, out: Values, random?: Random) => void;

type Values = Float32Array | Uint8Array;

/**
 * Demonstrations of tasks: those that were recorded, else 16 of the task's controller, each from a start of its own and made
 * when it is first needed. They depend on nothing but the task, so all environments of a family show the same ones. Of
 * goals: the controller's, made for each episode.
 * @throws UsageError for tasks that nobody demonstrates
 */
export function demonstrations(spec: EnvSpec, shown: Shown, members: readonly DemonstratedMember[]): DrawDemonstration {
  const { moments, of, as } = shown;
  const without = members.filter((one) => !one.demonstrator && (of === 'goal' || !one.recorded?.length));
  if (without.length > 0) {
    const fix =
      of === 'goal'
        ? 'give each of these members an environment with a `demonstrator`, or set demonstrationOf to task'
        : 'give each of these members `demonstrations` or an environment with a `demonstrator`';
    throw new UsageError(
      `${spec.name}: setting ${demonstrationPart} is ${moments}, but nobody demonstrates ${without.map(({ task }) => task).join(', ')}; set it to 0, or ${fix}.`,
    );
  }
  const recorded = members.find((one) => one.recorded?.length);
  if (recorded && of === 'task' && as.join() !== 'observation') {
    throw new UsageError(
      `${spec.name}: setting demonstrationIn is ${as.join(', ')}, but recorded \`demonstrations\` of ${recorded.task} are observations; leave it out.`,
    );
  }
  const size = (spec.parts?.[demonstrationPart].size ?? 0) / moments;
  const look = (now: TimeStep) =>
    momentOf(as.map((part) => (part === 'observation' ? now.observation : now.columns[part])));
  if (of === 'goal') {
    return (task, env, out, random) => {
      const { demonstrator } = members[task];
      const episode = demonstrator ? ofGoal(env, demonstrator, look, random?.uint32()) : [];
      out.set(spread(episode, moments, size));
    };
  }
  const known = members.map(({ recorded }) => new Array<Values | undefined>(recorded?.length || KEPT));

  function make(task: number, which: number, env: GoalEnv): Values {
    const { recorded, demonstrator } = members[task];
    const attempt = (n: number) => env.reset({ seed: mixSeed(which, demonstrationPart, n) });
    const made = () => (demonstrator ? succeed(env, demonstrator, look, attempt) : []);
    return spread(recorded?.[which] ?? made(), moments, size);
  }

  return (task, env, out, random) => {
    if (!random) return; // another goal is still of the same task
    const own = known[task];
    const which = random.below(own.length);
    own[which] ??= make(task, which, env);
    out.set(own[which]);
  };
}

/** A moment as it is shown: a copy of its parts, one after the other. */
export function momentOf(parts: readonly Values[]): Values {
  const [first] = parts;
  if (parts.length === 1) return first.slice();
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const out = new (first instanceof Uint8Array ? Uint8Array : Float32Array)(size);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** As many moments of an episode, evenly spaced in time, the first and the last among them: [moments, size]. */
export function spread(episode: RecordedStates, moments: number, size: number): Values {
  const out = new (episode[0] instanceof Uint8Array ? Uint8Array : Float32Array)(moments * size);
  for (let i = 0; i < moments; i++) {
    const share = moments === 1 ? 1 : i / (moments - 1);
    out.set(Array.from(episode[Math.round(share * (episode.length - 1))]).slice(0, size), i * size);
  }
  return out;
}

/** How it ends counts, and controllers come nearer once they are within the tolerance. */
const HELD = 10;

/** The episode's own goal from another start; what `env` was in goes on as if nothing had been. */
function ofGoal(env: GoalEnv, demonstrator: Demonstrator, look: Look, seed: number | undefined): RecordedStates {
  const before = env.saveState();
  // Without a draw the goal itself decides, so that an episode that begins anew shows the same one every time.
  const from = seed ?? seedOf(before);
  const attempt = (n: number) => env.reset({ seed: mixSeed(from, demonstrationPart, n), again: true });
  const states = succeed(env, demonstrator, look, attempt, HELD);
  env.restoreState(before);
  return states;
}

/** The same for the same bytes (FNV-1a). */
const seedOf = (bytes: Uint8Array): number =>
  bytes.reduce((sum, byte) => Math.imul(sum ^ byte, 0x01000193) >>> 0, 0x811c9dc5);

type Look = (now: TimeStep) => Values;

/** The first attempt that succeeds, or the last one. */
function succeed(
  env: GoalEnv,
  demonstrator: Demonstrator,
  look: Look,
  begin: (attempt: number) => TimeStep,
  held = 0,
): RecordedStates {
  for (let attempt = 1; ; attempt++) {
    const { states, success } = attend(env, demonstrator, look, begin(attempt), held);
    if (success || attempt === ATTEMPTS || !hasSuccess(env.spec)) return states;
  }
}

/** An episode until `held` steps after its first success. */
function attend(
  env: GoalEnv,
  demonstrator: Demonstrator,
  look: Look,
  first: TimeStep,
  held: number,
): { states: RecordedStates; success: boolean } {
  let now = first;
  let left = held;
  let success = false;
  const states = [look(now)];
  for (;;) {
    const next = env.step(demonstrator(now.observation, now.goal));
    states.push(look(next));
    success ||= next.isSuccess;
    if (success && left-- === 0) return { states, success };
    if (next.terminated || next.truncated) return { states, success };
    now = next;
  }
}
