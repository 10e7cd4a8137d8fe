// Makes an environment of a simulation: rewards, success, ends, time limit, checks, exact saving.
import { RunError, UsageError, unknownName } from '../errors.js';
import { createRandom } from '../random.js';
import type { AnySimulation, EnvSpec, GoalEnv, Simulation, SimulationStep } from './env.js';
import { checkSeed, checkSize, readAction, refuseInstruction } from './given.js';
import { refuseReturned } from './returned.js';
import { actionSize } from './space.js';
import {
  checkSpec,
  columnsOfTransitions,
  evaluationTaskNumber,
  hasGoals,
  resolveSpec,
  rulesWithoutGoals,
  stepLimit,
  taskNumber,
} from './spec.js';
import { createTimeStep } from './time-step.js';

const MAGIC = 0x31454741; // "AGE1"
const HEADER_WORDS = 8; // magic, generator (4 words), step count, phase, floats in the time step

// Phases of an environment, as saved.
const BEFORE_RESET = 0;
const RUNNING = 1;
const ENDED = 2;

/**
 * Wraps a simulation, with goals or without. Where there are goals, reward and success come from the float32 time step by
 * the simulation's own rules, so relabelling with the original goal reproduces them exactly. Actions outside their box
 * are clipped. The generator starts from seed 0.
 *
 * The objects and arrays returned by `reset` and `step` are the same ones each time and change with the next call: copy
 * what is to be kept. A step allocates nothing.
 *
 * @throws UsageError for an action or goal of the wrong size or not finite, and for a step outside an episode
 * @throws RunError where the simulation throws or produces numbers that are not finite, and for damaged states
 */
export function createGoalEnv(simulation: AnySimulation): GoalEnv {
  const spec = resolveSpec(simulation.spec, simulation.computeReward ? undefined : successOf(simulation));
  checkSpec(spec);
  checkRewards(spec, simulation);
  const { now, floats, bytes: present, named } = createTimeStep(spec);
  const { achieved, goal, info, task } = now;
  const transition = { ...now, reward: 0, failed: false, terminated: false, truncated: false, isSuccess: false };
  const action = new Float32Array(actionSize(spec.action));
  const reward = new Float32Array(1);
  const success = new Uint8Array(1);
  const inside: SimulationStep = { ...now, reward };
  const ofTransitions = columnsOfTransitions(spec).map((name) => now.columns[name]);
  const random = createRandom(0);
  let steps = 0;
  let phase = BEFORE_RESET;

  function checkTimeStep(): void {
    let sum = 0; // float64 holds any sum of float32 numbers: it is finite exactly when all of them are
    for (let i = 0; i < floats.length; i++) sum += floats[i];
    if (Number.isFinite(sum)) return;
    for (const [name, array] of named) {
      const i = array.findIndex((value) => !Number.isFinite(value));
      if (i < 0) continue;
      const when = steps === 0 ? 'after reset' : `after step ${steps} of the episode`;
      throw new RunError(
        `${spec.name}: ${name}[${i}] is ${array[i]} ${when}; the simulation must only produce finite numbers.`,
      );
    }
  }

  function setGoal(desired: ArrayLike<number>): void {
    if (!hasGoals(spec) && desired.length > 0) {
      throw new UsageError(`${spec.name} has no goals, but reset was given one; leave it out.`);
    }
    checkSize(spec, 'goal', desired, spec.goal.size);
    for (let i = 0; i < goal.length; i++) {
      const low = Math.fround(spec.goal.low[i]);
      const high = Math.fround(spec.goal.high[i]);
      const value = Math.fround(desired[i]);
      if (!Number.isFinite(value) || value < low || value > high) {
        const what = spec.goal.names?.[i] ? ` (${spec.goal.names[i]})` : '';
        throw new UsageError(`${spec.name}: goal[${i}]${what} is ${desired[i]}; it must lie in [${low}, ${high}].`);
      }
      goal[i] = value;
    }
  }

  function instruct(sentence: string): void {
    if (!simulation.instruct) refuseInstruction(spec, sentence);
    attempt('reset', () => simulation.instruct?.(sentence, inside));
  }

  function restoreState(bytes: Uint8Array): void {
    const { words, body } = readState(spec, bytes, floats.length, present.length);
    random.restore(words.subarray(1, 5));
    steps = words[5];
    phase = words[6];
    present.set(body.subarray(0, present.length));
    simulation.restoreState(body.subarray(present.length));
  }

  /** Runs the simulation's own code; what it throws is told with the environment and the time step. */
  function attempt<T>(method: 'reset' | 'step', run: () => T): T {
    try {
      const returned = run();
      if (returned !== undefined && typeof returned !== 'boolean') refuseReturned(spec.name, method, returned);
      return returned;
    } catch (error) {
      if (error instanceof RunError || error instanceof UsageError) throw error;
      const when = method === 'reset' ? '' : ` in step ${steps} of the episode`;
      throw new RunError(`${spec.name}: its ${method}() threw${when}: ${error}`, { cause: error });
    }
  }
  const stepSimulation = () => simulation.step(action, inside, random); // made once: a step allocates nothing

  /** Draws the task even where one is given: an episode with the task that its seed would draw is the same episode. */
  function beginTask(chosen: string | number | undefined): void {
    if (chosen !== undefined) taskNumber(spec, chosen); // also where there are no tasks: it says so
    if (!spec.tasks) return;
    const drawn = random.below(spec.tasks.length);
    task[0] = chosen === undefined ? drawn : taskNumber(spec, chosen);
  }

  /** `shown`: what has the things of the episode, where it is not the present one. */
  function beginAgain(shown: boolean | ArrayLike<number>): void {
    if (phase === BEFORE_RESET) {
      throw new UsageError(`${spec.name}: reset was given again, but no episode has begun; leave it out.`);
    }
    if (typeof shown !== 'boolean') {
      checkSize(spec, 'again', shown, spec.observation.size);
      inside.observation.set(shown);
    }
    if (simulation.again) attempt('reset', () => simulation.again?.(random, inside));
    else {
      const [wanted, own] = [goal.slice(), task[0]];
      attempt('reset', () => simulation.reset(random, inside));
      goal.set(wanted);
      if (task.length > 0) task[0] = own;
      attempt('reset', () => simulation.restart?.(inside));
    }
  }

  function judge(): void {
    if (simulation.computeReward) {
      simulation.computeReward(achieved, goal, info, reward);
      simulation.computeSuccess(achieved, goal, info, success);
    } else {
      const succeeded = simulation.isSuccess?.(inside) ?? false;
      if (typeof succeeded !== 'boolean') refuseReturned(spec.name, 'isSuccess', succeeded);
      success[0] = succeeded ? 1 : 0;
    }
    if (Number.isFinite(reward[0])) return;
    const fix = simulation.computeReward
      ? 'computeReward must write finite numbers only'
      : 'step must write a finite number to now.reward[0]';
    throw new RunError(`${spec.name}: the reward is ${reward[0]} after step ${steps} of the episode; ${fix}.`);
  }

  const env: GoalEnv = {
    reset(options) {
      if (options?.state && options.task !== undefined) {
        throw new UsageError(`${spec.name}: reset was given a state and a task; a state has its task, leave one out.`);
      }
      const evaluationTask =
        options?.evaluationTask === undefined ? undefined : evaluationTaskNumber(spec, options.evaluationTask);
      const stream = options?.state && random.save();
      if (options?.state) restoreState(options.state);
      if (stream) random.restore(stream);
      if (options?.seed !== undefined) random.restore(createRandom(checkSeed(spec, options.seed)).save());
      steps = 0;
      if (!options?.state) {
        for (const values of ofTransitions) values.fill(0); // they belong to an action, and there is none yet
        if (options?.again && options.goal) setGoal(options.goal);
        if (options?.again) beginAgain(options.again);
        else {
          beginTask(options?.task);
          refuseEnv(
            spec,
            attempt('reset', () => simulation.reset(random, inside, evaluationTask)),
          );
        }
      }
      if (options?.goal) setGoal(options.goal);
      if (options?.instruction !== undefined) instruct(options.instruction);
      if (options?.goal || options?.state) attempt('reset', () => simulation.restart?.(inside));
      phase = RUNNING;
      checkTimeStep();
      return now;
    },
    step(given) {
      if (phase !== RUNNING) {
        const why = phase === ENDED ? 'the episode has ended' : 'no episode has begun';
        throw new UsageError(`${spec.name}: step() but ${why}; call reset() first.`);
      }
      readAction(spec, given, action);
      steps++;
      reward[0] = Number.NaN; // so that one that is not written is noticed
      transition.failed = attempt('step', stepSimulation) === true;
      checkTimeStep();
      judge();
      transition.reward = reward[0];
      transition.isSuccess = success[0] !== 0;
      transition.terminated = transition.failed || (transition.isSuccess && spec.successEndsEpisode);
      transition.truncated = !transition.terminated && steps >= (simulation.stepLimit?.() ?? stepLimit(spec, task[0]));
      if (transition.terminated || transition.truncated) phase = ENDED;
      return transition;
    },
    ...(simulation.computeReward
      ? {
          spec,
          computeReward: (a, d, i, out) => simulation.computeReward(a, d, i, out),
          computeSuccess: (a, d, i, out) => simulation.computeSuccess(a, d, i, out),
          goalFrom: simulation.goalFrom && ((a, out) => simulation.goalFrom?.(a, out)),
        }
      : rulesWithoutGoals(spec)),
    saveState() {
      const inner = simulation.saveState();
      const bytes = new Uint8Array(4 * HEADER_WORDS + present.length + inner.length);
      const words = new Uint32Array(bytes.buffer, 0, HEADER_WORDS);
      words.set([MAGIC, ...random.save(), steps, phase, floats.length]);
      bytes.set(present, 4 * HEADER_WORDS);
      bytes.set(inner, 4 * HEADER_WORDS + present.length);
      return bytes;
    },
    restoreState,
    scene: simulation.scene && (() => simulation.scene!(now)),
    goalAt: simulation.goalAt && ((place, out) => simulation.goalAt!(place, out)),
    controls: simulation.controls && (() => simulation.controls!(now)),
    instruction: simulation.instruction && (() => simulation.instruction!()),
    takesInstructions: simulation.instruct !== undefined,
    expert: simulation.expert && (() => simulation.expert!()),
    pushable: simulation.pushable,
    push:
      simulation.push &&
      ((thing, velocity) => {
        const { pushable = [] } = simulation;
        if (!pushable.includes(thing)) throw unknownName(`thing to push in ${spec.name}`, thing, pushable);
        if (velocity.length !== 3 || !velocity.every(Number.isFinite)) {
          throw new UsageError(
            `${spec.name}: a push has velocity [${velocity}]; it must be three finite numbers, in m/s.`,
          );
        }
        simulation.push!(thing, velocity, inside);
        checkTimeStep();
        return now;
      }),
    dispose: simulation.dispose && (() => simulation.dispose?.()),
  };
  return Object.assign(env, { [mark]: true });
}

/** Copies and wrappers of an environment have it too. */
const mark = Symbol('anygoal environment');

/** Whether `createGoalEnv` made it, or what it is a copy of: only then is it known to be no simulation. */
export const isGoalEnv = (value: object): value is GoalEnv => mark in value;

const successOf = ({ isSuccess, spec }: { isSuccess?: unknown; spec: { success?: boolean } }) =>
  isSuccess ? true : spec.success;

/** Rewards come either from the goal or from `step`. */
function checkRewards(spec: EnvSpec, { computeReward, computeSuccess }: AnySimulation): void {
  if (hasGoals(spec) && !(computeReward && computeSuccess)) {
    throw new UsageError(
      `${spec.name}: goals have ${spec.goal.size} numbers, but computeReward or computeSuccess is missing; give both, or leave out spec.goal and spec.achieved and write now.reward[0] in step.`,
    );
  }
  if (!hasGoals(spec) && computeReward) {
    throw new UsageError(
      `${spec.name}: there is a computeReward, but no goals (spec.goal and spec.achieved); declare them, or write now.reward[0] in step instead.`,
    );
  }
}

/** A simulation's reset returns nothing; an environment's returns what it shows. */
function refuseEnv({ name }: EnvSpec, returned: unknown): void {
  if (typeof returned !== 'object' || returned === null || !('observation' in returned)) return;
  throw new UsageError(
    `${name}: its reset() returns a time step, so this is a whole environment, not a simulation; give it to defineEnv as \`createEnv\` instead of \`create\`.`,
  );
}

/** `saveState` and `restoreState` for a simulation whose whole state is one array: `...arrayState(state)`. */
export function arrayState(array: Float64Array): Pick<Simulation, 'saveState' | 'restoreState'> {
  const view = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return {
    saveState: () => view.slice(),
    restoreState(bytes) {
      if (bytes.length !== view.length) {
        throw new RunError(
          `saved state has ${bytes.length} bytes, expected ${view.length}: it is of another simulation.`,
        );
      }
      view.set(bytes);
    },
  };
}

function readState(
  spec: EnvSpec,
  bytes: Uint8Array,
  floats: number,
  present: number,
): { words: Uint32Array; body: Uint8Array } {
  const header = 4 * HEADER_WORDS;
  const words = new Uint32Array(bytes.slice(0, Math.min(header, bytes.length & ~3)).buffer);
  if (words[0] !== MAGIC || words[7] !== floats || bytes.length < header + present) {
    throw new RunError(`${spec.name}: these ${bytes.length} bytes are not a saved state of this environment.`);
  }
  return { words, body: bytes.slice(header) };
}
