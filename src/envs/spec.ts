// Specs: from what an author writes to the complete one that everything reads, and what it says.
import { RunError, UsageError, unknownName } from '../errors.js';
import { goalViews } from '../scene.js';
import { checkColumns, columnsOf } from './columns.js';
import type { AuthorSpec, EnvRules, EnvSpec } from './env.js';
import { type Box, box } from './space.js';

/** Whether episodes have goals. */
export const hasGoals = ({ goal }: Pick<EnvSpec, 'goal'>): boolean => goal.size > 0;

/** Whether episodes can succeed; where they cannot, returns are all that can be reported. */
export const hasSuccess = (spec: Pick<EnvSpec, 'goal' | 'success'>): boolean => spec.success ?? hasGoals(spec);

/** Names of the environment's own columns and parts of whole episodes. */
export const columnsOfEpisodes = ({ parts = {}, columns = {} }: EnvSpec): string[] =>
  Object.entries({ ...parts, ...columns }).flatMap(([name, { per }]) => (per === 'episode' ? [name] : []));

/** Names of the environment's own columns of transitions. */
export const columnsOfTransitions = ({ columns = {} }: EnvSpec): string[] =>
  Object.keys(columns).filter((name) => columns[name].per === 'transition');

/** The time limit of an episode of this task. */
export const stepLimit = ({ maxEpisodeSteps, taskSteps }: EnvSpec, task = 0): number =>
  taskSteps?.[task] ?? maxEpisodeSteps;

/** The number of a task that is given by name or number. @throws UsageError with the nearest name */
export function taskNumber({ name, tasks }: Pick<EnvSpec, 'name' | 'tasks'>, task: string | number): number {
  if (!tasks)
    throw new UsageError(`${name} has a single task, but task ${JSON.stringify(task)} was asked for; leave it out.`);
  const number = typeof task === 'string' ? tasks.indexOf(task) : task;
  if (Number.isInteger(number) && number >= 0 && number < tasks.length) return number;
  if (typeof task === 'string') throw unknownName('task', task, tasks, ` of ${name}`);
  throw new UsageError(`${name}: task is ${task}; it must be a whole number from 0 to ${tasks.length - 1}, or a name.`);
}

/** The number of an evaluation task that is given by name or number. @throws UsageError with the nearest name */
export function evaluationTaskNumber({ name, evaluationTasks = [] }: EnvSpec, task: string | number): number {
  if (evaluationTasks.length === 0)
    throw new UsageError(`${name} has no evaluation tasks, but ${JSON.stringify(task)} was asked for; leave it out.`);
  return taskNumber({ name, tasks: evaluationTasks }, task);
}

const isBox = (observation: AuthorSpec['observation']): observation is Box => observation.kind === 'box';

/**
 * The complete spec: boxes of size 0 for what there is not, named parts of the observation as `parts`. A complete spec
 * comes back as the same object. `success`: whether the simulation can tell success without goals.
 */
export function resolveSpec(spec: AuthorSpec, success = spec.success): EnvSpec {
  const { observation, achieved, goal, info, successEndsEpisode } = spec;
  const told = success === spec.success;
  if (isBox(observation) && achieved && goal && info && successEndsEpisode !== undefined && told)
    return spec as EnvSpec;
  return {
    ...spec,
    observation: isBox(observation) ? observation : box(0),
    ...(!isBox(observation) && { parts: { ...spec.parts, ...observation } }),
    achieved: achieved ?? box(0),
    goal: goal ?? box(0),
    successEndsEpisode: successEndsEpisode ?? false,
    info: info ?? [],
    ...(success !== undefined && { success }),
  };
}

/** A spec that was written as JSON, which turns infinite bounds into null; here they come back. */
export function reviveSpec(json: string): EnvSpec {
  return JSON.parse(json, (key, value: unknown) => {
    if (!Array.isArray(value)) return value;
    const revive = (infinity: (i: number) => number) => value.map((bound: number | null, i) => bound ?? infinity(i));
    if (key === 'rewardRange') return revive((i) => (i === 0 ? -Infinity : Infinity));
    if (key === 'low' || key === 'high') return revive(() => (key === 'low' ? -Infinity : Infinity));
    return value;
  }) as EnvSpec;
}

/** What stands for the rules of an environment without goals. */
export function rulesWithoutGoals(spec: EnvSpec): EnvRules {
  const refuse = (): never => {
    throw new RunError(
      `${spec.name} has no goals: its rewards are those that step gave, and none can be computed anew.`,
    );
  };
  return { spec, computeReward: refuse, computeSuccess: refuse };
}

/** Refuses specs that cannot be meant, before anything is built on them. */
export function checkSpec(spec: EnvSpec): void {
  const fail: Fail = (field, problem) => {
    throw new UsageError(`environment ${spec.name}: spec.${field} ${problem}`);
  };
  const checkBox = (field: string, { size, low, high, names, shape }: Box, least = 1) => {
    if (!Number.isInteger(size) || size < least)
      fail(`${field}.size`, `is ${size}; it must be a whole number, at least ${least}.`);
    const product = shape?.reduce((count, n) => count * n, 1) ?? size;
    if (product !== size) fail(`${field}.shape`, `[${shape}] has ${product} numbers, but its size is ${size}.`);
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
  checkSpaces(spec, fail, checkBox);
  if (spec.action.kind === 'box') checkBox('action', spec.action);
  else if (!Number.isInteger(spec.action.n) || spec.action.n < 1) {
    fail('action.n', `is ${spec.action.n}; it must be a whole number, at least 1.`);
  }
  if (!Number.isInteger(spec.maxEpisodeSteps) || spec.maxEpisodeSteps < 1) {
    fail('maxEpisodeSteps', `is ${spec.maxEpisodeSteps}; it must be a whole number, at least 1.`);
  }
  checkTasks(spec, fail);
  const { evaluationTasks } = spec;
  if (evaluationTasks) {
    if (spec.tasks) fail('evaluationTasks', 'are given beside spec.tasks; evaluations have one or the other.');
    checkNames('evaluationTasks', evaluationTasks, fail);
  }
  checkRelations(spec, fail);
  if (spec.view !== undefined && !goalViews.includes(spec.view)) {
    throw unknownName(`spec.view of ${spec.name}`, String(spec.view), goalViews);
  }
  const [low, high] = spec.rewardRange;
  if (!(low <= high)) fail('rewardRange', `is [${low}, ${high}]; the smaller bound comes first.`);
}

type Fail = (field: string, problem: string) => void;

/** Every number that relations are about has to be there. */
function checkRelations({ relations, observation, goal }: EnvSpec, fail: Fail): void {
  if (!relations) return;
  const { groups, things } = relations;
  const check = (field: string, box: 'observation' | 'goal', from: number, size: number) => {
    const has = { observation, goal }[box].size;
    if (Number.isInteger(from) && from >= 0 && size >= 1 && from + size <= has) return;
    fail(`relations.${field}`, `is about ${size} numbers of the ${box} from ${from} on; it has ${has}.`);
  };
  for (const [i, group] of groups.entries()) {
    check(`groups.${i}.goal`, 'goal', group.goal, group.size);
    check(`groups.${i}.observation`, 'observation', group.observation, group.size);
    if (group.counts !== undefined) check(`groups.${i}.counts`, 'goal', group.counts, 1);
  }
  if (groups.length === 0) fail('relations.groups', 'is empty; name what goals are about, or leave relations out.');
  for (const [i, thing] of things?.each.entries() ?? []) {
    check(`things.each.${i}.observation`, 'observation', thing.observation, things?.size ?? 0);
    check(`things.each.${i}.counts`, 'goal', thing.counts, 1);
  }
}

function checkSpaces(spec: EnvSpec, fail: Fail, checkBox: (field: string, box: Box, least?: number) => void): void {
  const { observation, achieved, goal, parts = {} } = spec;
  checkBox('observation', observation, 0);
  checkBox('achieved', achieved, 0);
  checkBox('goal', goal, 0);
  for (const [name, part] of Object.entries(parts)) {
    if (part?.kind !== 'box') fail(`parts.${name}`, 'is no box; parts of an observation are box(...) or image(...).');
    checkBox(`parts.${name}`, part);
  }
  checkColumns(spec);
  for (const name of spec.privileged ?? []) {
    if (name !== 'observation' && name !== 'goal' && !Object.hasOwn(parts, name))
      fail('privileged', `names "${name}", which is neither a part nor observation or goal.`);
  }
  for (const [name, of] of Object.entries(spec.goalPictures ?? {})) {
    const [goalPart, part] = [parts[name], parts[of]];
    const alike = goalPart?.per === 'episode' && part && !part.per && part.size === goalPart.size;
    if (!alike || (part.dtype ?? 'float32') !== (goalPart.dtype ?? 'float32'))
      fail(
        'goalPictures',
        `has ${name} of ${of}; they must be a part of episodes and one of states, of the same kind.`,
      );
  }
  for (const [field, space] of Object.entries({ observation, achieved, goal })) {
    if (space.dtype === 'uint8')
      fail(field, 'holds bytes; name it as a part: observation: { camera: image([32, 32, 3]) }.');
  }
  if (observation.size === 0 && Object.keys(parts).length === 0)
    fail('observation', 'is empty: there is nothing to see.');
  if (achieved.size > 0 !== goal.size > 0) {
    fail('goal', `has ${goal.size} numbers, spec.achieved ${achieved.size}; give both, or leave out both.`);
  }
  if (goal.size === 0 && spec.successEndsEpisode) {
    fail('successEndsEpisode', 'is true, but there are no goals; let step return true where the episode ends.');
  }
  columnsOf(spec); // which refuses names that are taken
}

function checkTasks({ tasks, taskSteps, maxEpisodeSteps }: EnvSpec, fail: Fail): void {
  if (!tasks) {
    if (taskSteps) fail('taskSteps', 'is given without spec.tasks; name the tasks.');
    return;
  }
  checkNames('tasks', tasks, fail);
  if (!taskSteps) return;
  if (taskSteps.length !== tasks.length) fail('taskSteps', `has ${taskSteps.length} limits for ${tasks.length} tasks.`);
  const wrong = taskSteps.find((steps) => !(Number.isInteger(steps) && steps >= 1 && steps <= maxEpisodeSteps));
  if (wrong !== undefined) {
    fail('taskSteps', `has ${wrong}; limits must be whole numbers from 1 to maxEpisodeSteps, ${maxEpisodeSteps}.`);
  }
}

function checkNames(field: string, tasks: readonly string[], fail: Fail): void {
  if (!Array.isArray(tasks)) fail(field, `is ${JSON.stringify(tasks)}; it must be a list of names.`);
  if (tasks.length === 0) fail(field, 'is empty; name the tasks, or leave it out.');
  const odd = tasks.findIndex((task, i) => typeof task !== 'string' || task === '' || tasks.indexOf(task) !== i);
  if (odd >= 0) fail(field, `has ${JSON.stringify(tasks[odd])} at ${odd}; each task needs a name of its own.`);
}
