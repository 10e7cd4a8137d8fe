// What agents are built for: the named inputs that an environment has, its actions, rewards and tasks.
import type { EnvSpec } from '../envs/env.js';
import type { Box, Discrete } from '../envs/space.js';
import { box } from '../envs/space.js';
import type { InputSpec, TargetSpec } from '../nets/input.js';
import type { GoalRelations } from '../relations.js';

/** Inputs and bounds that an agent builds its networks from. */
export interface AgentSpec {
  /** In the order of the environment: observation, its further parts, goal, task; what it does not have is left out. */
  readonly inputs: readonly InputSpec[];
  /** What is known while it learns, but not where it acts; absent: nothing. */
  readonly privileged?: readonly InputSpec[];
  /** What tells the task, but not this policy (`tasks.identifiers`); absent: nothing. */
  readonly untold?: readonly InputSpec[];
  /** What has statistics in the normaliser besides; an agent that imitates actions adds them to its own spec. */
  readonly targets?: readonly TargetSpec[];
  readonly action: Box | Discrete;
  readonly rewardRange: readonly [number, number];
  /** Whether episodes end at their goal; absent: they do not, or there are none. */
  readonly successEndsEpisode?: boolean;
  /** How many there are, at least one. */
  readonly tasks: number;
  /** What each number of the observation is; absent: the environment does not say. */
  readonly observationNames?: readonly string[];
  /** How goals and observations go together; absent: the environment does not say. */
  readonly relations?: GoalRelations;
}

/** Of an environment. Bytes (pictures) and the number of a task are not normalised; `byTask`: the rest for each task. */
export function agentSpec(
  env: Pick<
    EnvSpec,
    'observation' | 'parts' | 'privileged' | 'goalPictures' | 'goal' | 'tasks' | 'action' | 'rewardRange' | 'relations'
  > &
    Partial<Pick<EnvSpec, 'successEndsEpisode'>>,
  { byTask = false }: { readonly byTask?: boolean } = {},
) {
  const input = (
    name: string,
    role: InputSpec['role'],
    { size, shape = [size], dtype = 'float32' }: Box,
  ): InputSpec => ({
    name,
    size,
    shape,
    dtype,
    role,
    normalize: dtype === 'float32' && (byTask && env.tasks ? 'task' : true),
  });
  const choices = env.tasks?.length ?? 1;
  const all: InputSpec[] = [
    input('observation', 'state', env.observation),
    ...Object.entries(env.parts ?? {}).map(([name, part]) => {
      const shows = env.goalPictures?.[name];
      return { ...input(name, part.per ? 'goal' : 'state', part), ...(shows !== undefined && { shows }) };
    }),
    input('goal', 'goal', env.goal),
    ...(env.tasks ? [{ ...input('task', 'task', box(1)), normalize: false, choices }] : []),
  ];
  const { action, rewardRange, relations, privileged = [] } = env;
  const { names } = env.observation;
  const known = all.filter(({ size }) => size > 0);
  const hidden = known.filter(({ name }) => privileged.includes(name));
  const spec: AgentSpec = {
    inputs: known.filter((one) => !hidden.includes(one)),
    ...(hidden.length > 0 && { privileged: hidden }),
    action,
    rewardRange,
    ...(env.successEndsEpisode && { successEndsEpisode: true }),
    tasks: choices,
    ...(names && { observationNames: names }),
    ...(relations && { relations }),
  };
  return spec;
}

/** Of an observation and a goal that are vectors of so many numbers (0: there is none). */
export const vectorSpec = ({
  observation,
  goal = 0,
  ...rest
}: Pick<AgentSpec, 'action' | 'rewardRange'> & { readonly observation: number; readonly goal?: number }): AgentSpec =>
  agentSpec({ ...rest, observation: box(observation), goal: box(goal) });
