// Makes an environment of a simulation: rewards, success, ends, time limit, checks, exact saving.
import { RunError, UsageError, unknownName } from '../errors.js';
import { createRandom } from '../random.js';
import { goalViews } from '../scene.js';
import { actionSize, type Box, type EnvSpec, type GoalEnv, type Simulation } from './env.js';
import { refuseReturned } from './returned.js';

const MAGIC = 0x31454741; // "AGE1"
const HEADER_WORDS = 8; // magic, generator (4 words), step count, phase, floats in the moment

// Phases of an environment, as saved.
const BEFORE_RESET = 0;
const RUNNING = 1;
const ENDED = 2;

/**
 * Wraps a simulation. Reward and success come from the float32 moment by the simulation's own rules, so relabelling with
 * the original goal reproduces them exactly. Actions outside their box are clipped. The generator starts from seed 0.
 *
 * The objects and arrays returned by `reset` and `step` are the same ones each time and change with the next call: copy
 * what is to be kept. A step allocates nothing.
 *
 * @throws UsageError for an action or goal of the wrong size or not finite, and for a step outside an episode
 * @throws RunError where the simulation throws or produces numbers that are not finite, and for damaged states
 */
export function createGoalEnv(simulation: Simulation): GoalEnv {
  const { spec } = simulation;
  checkSpec(spec);
  const sizes = [spec.observation.size, spec.achieved.size, spec.goal.size, spec.info.length, spec.tasks ? 1 : 0];
  const moment = new Float32Array(sizes.reduce((sum, size) => sum + size, 0));
  let end = 0;
  const [observation, achieved, goal, info, task] = sizes.map((size) => {
    end += size;
    return moment.subarray(end - size, end);
  });
  const now = { observation, achieved, goal, info, task, columns: {} };
  const transition = { ...now, reward: 0, failed: false, terminated: false, truncated: false, isSuccess: false };
  const action = new Float32Array(actionSize(spec.action));
  const reward = new Float32Array(1);
  const success = new Uint8Array(1);
  const random = createRandom(0);
  let steps = 0;
  let phase = BEFORE_RESET;

  function checkMoment(): void {
    let sum = 0; // float64 holds any sum of float32 numbers: it is finite exactly when all of them are
    for (let i = 0; i < moment.length; i++) sum += moment[i];
    if (Number.isFinite(sum)) return;
    for (const [name, array] of Object.entries({ observation, achieved, goal, info, task })) {
      const i = array.findIndex((value) => !Number.isFinite(value));
      if (i < 0) continue;
      const when = steps === 0 ? 'after reset' : `after step ${steps} of the episode`;
      throw new RunError(
        `${spec.name}: ${name}[${i}] is ${array[i]} ${when}; the simulation must only produce finite numbers.`,
      );
    }
  }

  function setGoal(desired: ArrayLike<number>): void {
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

  function restoreState(bytes: Uint8Array): void {
    const { words, body } = readState(spec, bytes, moment.length);
    random.restore(words.subarray(1, 5));
    steps = words[5];
    phase = words[6];
    moment.set(new Float32Array(body.buffer, 0, moment.length));
    simulation.restoreState(body.subarray(moment.byteLength));
  }

  /** Runs the simulation's own code; what it throws is told with the environment and the moment. */
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
  const stepSimulation = () => simulation.step(action, now, random); // made once: a step allocates nothing

  const env: GoalEnv = {
    spec,
    reset(options) {
      const stream = options?.state && random.save();
      if (options?.state) restoreState(options.state);
      if (stream) random.restore(stream);
      if (options?.seed !== undefined) random.restore(createRandom(checkSeed(spec, options.seed)).save());
      steps = 0;
      if (!options?.state) attempt('reset', () => simulation.reset(random, now));
      if (options?.goal) setGoal(options.goal);
      phase = RUNNING;
      checkMoment();
      return now;
    },
    step(given) {
      if (phase !== RUNNING) {
        const why = phase === ENDED ? 'the episode has ended' : 'no episode has begun';
        throw new UsageError(`${spec.name}: step() but ${why}; call reset() first.`);
      }
      readAction(spec, given, action);
      steps++;
      transition.failed = attempt('step', stepSimulation) === true;
      checkMoment();
      simulation.computeReward(achieved, goal, info, reward);
      simulation.computeSuccess(achieved, goal, info, success);
      transition.reward = reward[0];
      transition.isSuccess = success[0] !== 0;
      transition.terminated = transition.failed || (transition.isSuccess && spec.successEndsEpisode);
      transition.truncated = !transition.terminated && steps >= spec.maxEpisodeSteps;
      if (transition.terminated || transition.truncated) phase = ENDED;
      return transition;
    },
    computeReward: (a, d, i, out) => simulation.computeReward(a, d, i, out),
    computeSuccess: (a, d, i, out) => simulation.computeSuccess(a, d, i, out),
    goalFrom: simulation.goalFrom && ((a, out) => simulation.goalFrom?.(a, out)),
    saveState() {
      const inner = simulation.saveState();
      const bytes = new Uint8Array(4 * HEADER_WORDS + moment.byteLength + inner.length);
      const words = new Uint32Array(bytes.buffer, 0, HEADER_WORDS);
      words.set([MAGIC, ...random.save(), steps, phase, moment.length]);
      new Float32Array(bytes.buffer, 4 * HEADER_WORDS, moment.length).set(moment);
      bytes.set(inner, 4 * HEADER_WORDS + moment.byteLength);
      return bytes;
    },
    restoreState,
    scene: simulation.scene && (() => simulation.scene!(now)),
    goalAt: simulation.goalAt && ((place, out) => simulation.goalAt!(place, out)),
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
        simulation.push!(thing, velocity, now);
        checkMoment();
        return now;
      }),
    dispose: simulation.dispose && (() => simulation.dispose?.()),
  };
  created.add(env);
  return env;
}

const created = new WeakSet<object>();

/** Whether `createGoalEnv` made it: only then is it known to be an environment rather than a simulation. */
export const isGoalEnv = (value: object): value is GoalEnv => created.has(value);

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

/** Writes an action as the simulation gets it: checked, clipped to its box, float32. */
export function readAction(spec: EnvSpec, given: ArrayLike<number>, out: Float32Array): void {
  checkSize(spec, 'action', given, out.length);
  const space = spec.action;
  if (space.kind === 'discrete') {
    const choice = given[0];
    if (!Number.isInteger(choice) || choice < 0 || choice >= space.n) {
      throw new UsageError(`${spec.name}: action is ${choice}; it must be a whole number from 0 to ${space.n - 1}.`);
    }
    out[0] = choice;
    return;
  }
  for (let i = 0; i < out.length; i++) {
    const value = given[i];
    if (Number.isNaN(value)) {
      throw new UsageError(`${spec.name}: action[${i}] is NaN; has the policy diverged?`);
    }
    out[i] = Math.min(Math.max(value, space.low[i]), space.high[i]);
  }
}

function readState(spec: EnvSpec, bytes: Uint8Array, floats: number): { words: Uint32Array; body: Uint8Array } {
  const header = 4 * HEADER_WORDS;
  const words = new Uint32Array(bytes.slice(0, Math.min(header, bytes.length & ~3)).buffer);
  if (words[0] !== MAGIC || words[7] !== floats || bytes.length < header + 4 * floats) {
    throw new RunError(`${spec.name}: these ${bytes.length} bytes are not a saved state of this environment.`);
  }
  return { words, body: bytes.slice(header) };
}

function checkSize(spec: EnvSpec, what: string, values: ArrayLike<number>, size: number): void {
  if (values.length !== size) {
    throw new UsageError(`${spec.name}: ${what} has ${values.length} numbers; it must have ${size}.`);
  }
}

function checkSeed(spec: EnvSpec, seed: number): number {
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new UsageError(`${spec.name}: seed is ${seed}; it must be a whole number from 0 to 2^53 - 1.`);
}

/** Refuses specs that cannot be meant, before anything is built on them. */
export function checkSpec(spec: EnvSpec): void {
  const fail = (field: string, problem: string) => {
    throw new UsageError(`environment ${spec.name}: spec.${field} ${problem}`);
  };
  const checkBox = (field: string, { size, low, high, names }: Box) => {
    if (!Number.isInteger(size) || size < 1)
      fail(`${field}.size`, `is ${size}; it must be a whole number, at least 1.`);
    if (low.length !== size || high.length !== size) {
      fail(
        field,
        `has ${low.length} lower and ${high.length} upper bounds for ${size} numbers; give one of each per number.`,
      );
    }
    const i = low.findIndex((bound, j) => !(bound <= high[j]));
    if (i >= 0) fail(field, `has bounds [${low[i]}, ${high[i]}] at ${i}; low must not exceed high.`);
    if (names && names.length !== size) fail(`${field}.names`, `has ${names.length} names for ${size} numbers.`);
  };
  checkBox('observation', spec.observation);
  checkBox('achieved', spec.achieved);
  checkBox('goal', spec.goal);
  if (spec.action.kind === 'box') checkBox('action', spec.action);
  else if (!Number.isInteger(spec.action.n) || spec.action.n < 1) {
    fail('action.n', `is ${spec.action.n}; it must be a whole number, at least 1.`);
  }
  if (!Number.isInteger(spec.maxEpisodeSteps) || spec.maxEpisodeSteps < 1) {
    fail('maxEpisodeSteps', `is ${spec.maxEpisodeSteps}; it must be a whole number, at least 1.`);
  }
  if (spec.view !== undefined && !goalViews.includes(spec.view)) {
    throw unknownName(`spec.view of ${spec.name}`, String(spec.view), goalViews);
  }
  const [low, high] = spec.rewardRange;
  if (!(low <= high)) fail('rewardRange', `is [${low}, ${high}]; the smaller bound comes first.`);
}
