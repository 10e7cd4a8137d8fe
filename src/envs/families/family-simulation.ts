// A family as a simulation: the member whose task an episode has does everything; numbers it lacks are zeros.
import { UsageError } from '../../errors.js';
import type { AnySimulation, EnvSpec, GoalEnv, SimulationBase, SimulationStep, TimeStep } from '../env.js';
import { actionSize } from '../space.js';
import { hasGoals } from '../spec.js';
import { type DrawDemonstration, demonstrationPart } from './demonstration.js';
import { infoPlaces } from './family-rules.js';

/** The present member does everything; its generator begins anew with each episode, so only its state counts. */
export function familySimulation(
  spec: EnvSpec,
  envs: readonly GoalEnv[],
  demonstrate: DrawDemonstration | undefined,
  isOfTask: boolean,
  dispose: () => void,
): SimulationBase<EnvSpec> & Pick<AnySimulation, 'dispose'> {
  const places = envs.map((env) => infoPlaces(spec, env.spec));
  const actions = envs.map((env) => new Float32Array(actionSize(env.spec.action)));
  const taskColumn = spec.info.indexOf('task');
  // Demonstrations and sentences are the family's own.
  const ofMembers = Object.keys({ ...spec.parts, ...spec.columns }).filter((name) =>
    envs.some((env) => name in { ...env.spec.parts, ...env.spec.columns }),
  );
  let task = 0;
  let succeeded = false;

  function show(now: SimulationStep, shown: TimeStep): void {
    fill(now.observation, shown.observation);
    fill(now.achieved, shown.achieved);
    if (now.achieved.length > 0) now.achieved[now.achieved.length - 1] = task;
    fill(now.goal, shown.goal);
    now.info.fill(0);
    for (let j = 0; j < shown.info.length; j++) now.info[places[task][j]] = shown.info[j];
    if (taskColumn >= 0) now.info[taskColumn] = task;
    for (const name of ofMembers) fill(now.columns[name], shown.columns[name] ?? nothing);
  }

  /** The part of an action that the member has. */
  function own(action: ArrayLike<number>): Float32Array {
    const out = actions[task];
    const space = envs[task].spec.action;
    for (let j = 0; j < out.length; j++) out[j] = space.kind === 'discrete' ? action[j] % space.n : action[j];
    return out;
  }

  const pushable = [...new Set(envs.flatMap((env) => env.pushable ?? []))];
  return {
    spec,
    reset(random, now) {
      task = now.task[0];
      if (isOfTask) demonstrate?.(task, envs[task], now.columns[demonstrationPart], random);
      show(now, envs[task].reset({ seed: random.uint32() }));
      if (!isOfTask) demonstrate?.(task, envs[task], now.columns[demonstrationPart], random);
    },
    again(random, now) {
      const env = envs[task];
      const goal = now.goal.slice(0, env.spec.goal.size);
      const things = now.observation.slice(0, env.spec.observation.size);
      show(now, env.reset({ seed: random.uint32(), again: things, ...(goal.length > 0 && { goal }) }));
      if (!isOfTask) demonstrate?.(task, env, now.columns[demonstrationPart], random);
    },
    restart(now) {
      const env = envs[task];
      const goal = now.goal.slice(0, env.spec.goal.size);
      show(now, env.reset({ state: env.saveState(), ...(goal.length > 0 && { goal }) }));
      if (!isOfTask) demonstrate?.(task, env, now.columns[demonstrationPart]);
    },
    step(action, now) {
      const next = envs[task].step(own(action));
      show(now, next);
      now.reward[0] = next.reward; // with goals the rules give the same
      succeeded = next.isSuccess;
      return next.failed;
    },
    ...(!hasGoals(spec) && spec.success && { isSuccess: () => succeeded }),
    saveState() {
      const inner = envs[task].saveState();
      const bytes = new Uint8Array(4 + inner.length);
      bytes.set(new Uint8Array(Uint32Array.of(task).buffer));
      bytes.set(inner, 4);
      return bytes;
    },
    restoreState(bytes) {
      const [saved] = new Uint32Array(bytes.slice(0, 4).buffer);
      if (!envs[saved]) throw new UsageError(`${spec.name}: the saved state is of a family with other members.`);
      task = saved;
      envs[task].restoreState(bytes.subarray(4));
    },
    ...(envs.some((env) => env.scene) && {
      scene: () => envs[task].scene?.() ?? { dimensions: 2 as const, shapes: [] },
    }),
    ...(envs.some((env) => env.goalAt) && {
      goalAt: (place: readonly number[], goal: Float32Array) =>
        envs[task].goalAt?.(place, goal.subarray(0, envs[task].spec.goal.size)) ?? false,
    }),
    ...(envs.some((env) => env.controls) && { controls: () => envs[task].controls?.() ?? {} }),
    ...(pushable.length > 0 && {
      pushable,
      push(thing: string, velocity: readonly number[], now: SimulationStep) {
        const env = envs[task];
        if (!env.push || !env.pushable?.includes(thing)) {
          throw new UsageError(`${spec.name}: task ${spec.tasks?.[task]} has no "${thing}" to push.`);
        }
        show(now, env.push(thing, velocity));
      },
    }),
    dispose,
  };
}

const nothing: ArrayLike<number> = [];

/** As many of `from` as there are, then zeros. */
export function fill(out: Float32Array | Uint8Array, from: ArrayLike<number>): void {
  for (let j = 0; j < out.length; j++) out[j] = j < from.length ? from[j] : 0;
}
