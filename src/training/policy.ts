// A trained policy to use: load it from a run, ask it for actions, evaluate it, export it as ONNX.
import * as platform from '#platform';
import type { Evaluation } from '../acting/evaluate.js';
import { type EpisodeResult, evaluatePolicy } from '../acting/evaluate.js';
import { createPolicyRunner } from '../acting/policy-runner.js';
import { heldOutTasks } from '../acting/task-weights.js';
import { type GoalPart, onlyGoals, trainingGoals } from '../acting/training-goals.js';
import type { Agent } from '../agents/index.js';
import { fromTensors, type PolicyVectors } from '../agents/policy-vectors.js';
import { float32Of } from '../bytes.js';
import { type EnvDefinition, type EnvSpec, loadEnv, parseEnvOptions } from '../envs/index.js';
import { reviveSpec } from '../envs/spec.js';
import { RunError, UsageError } from '../errors.js';
import { createAgent } from '../learners/create-agent.js';
import { type CheckpointName, type OpenedRun, openRun, readStateParts } from '../runs/run-reader.js';
import type { Store } from '../runs/store.js';
import type { Runtime } from '../runtime/runtime.js';
import { toOnnx, toOnnxOfRows } from '../tensor/index.js';
import { createPolicy, createValue, type Policy, type ValueFunction } from './acting-policy.js';
import { changeWarnings } from './changed-env.js';
import { type Call, checkOptions } from './check-options.js';
import { closeData, type DataFact, openData } from './data.js';
import { heldOutEvaluation, isRecorded } from './held-out-episodes.js';
import { calls } from './options.js';
import { reachableEnv } from './run-env.js';
import { type Shown, showing } from './shown-demonstration.js';

export type { Policy, PolicyInput } from './acting-policy.js';

/** Which policy: the run's folder (a path, in browsers a URL), or a folder inside a store. */
export interface PolicySource {
  readonly run: string;
  readonly store?: Store;
  /** Default: the best one. */
  readonly checkpoint?: CheckpointName;
}

export interface OpenedPolicy {
  readonly run: OpenedRun;
  readonly env: EnvSpec;
  readonly agent: Agent;
  readonly vectors: PolicyVectors;
}

/** The store and the folder in it. */
const locate = ({ run, store }: PolicySource): [Store, string] =>
  store ? [store, run] : [platform.openStore(run), ''];

/** A run alone, or with where it is; checked. */
function sourceOf(source: string | PolicySource, call: Call): PolicySource {
  if (typeof source === 'string') return { run: source };
  checkOptions(call, source);
  return source;
}

/** A run's policy with its agent and the spaces that it was trained in; `given`: its environment, where no name loads it. */
export async function openPolicy(source: PolicySource, given?: EnvDefinition): Promise<OpenedPolicy> {
  const run = await openRun(...locate(source), source.checkpoint);
  const described = run.metadata.spec;
  if (!described)
    throw new RunError(`the checkpoint of ${run.path} does not say its spaces; it was not written by anygoal.`);
  const env = reviveSpec(described);
  const agent = createAgent(run.config, env, given);
  return { run, env, agent, vectors: fromTensors(agent, run.policy) };
}

/**
 * Loads a run's policy: `const policy = await loadPolicy('runs/...')`, then `await policy.act({ observation, goal })`. `env`:
 * what it shall act in, which is compared with what the run recorded; `policy.warnings` says what differs.
 * @throws UsageError where the policy does not fit `env`
 */
export async function loadPolicy(
  source: string | PolicySource,
  options: { env?: { readonly spec: EnvSpec }; runtime?: Runtime } = {},
): Promise<Policy> {
  const from = sourceOf(source, calls.loadPolicy);
  checkOptions(calls.loadPolicyBeside, options);
  const { run, env, agent, vectors } = await openPolicy(from);
  const warnings = options.env ? changeWarnings('act', run.path, env, options.env.spec) : [];
  const policy = await createPolicy(env, agent, vectors, options.runtime ?? (await platform.actingRuntime()));
  return { ...policy, warnings };
}

export interface Value extends ValueFunction {
  readonly spec: EnvSpec;
  /** Environment steps of the checkpoint. */
  readonly steps: number;
  /** States with their goals that one call takes. */
  readonly rows: number;
}

/**
 * Loads what a run's critics say states and goals are worth: V(s, g) = Q(s, g, pi(s, g)), or the largest Q where actions
 * are discrete. Critics are part of the training state, which is kept with the last checkpoint only: that is the default.
 * @throws RunError for other checkpoints, UsageError for agents that estimate no values
 */
export async function loadValue(
  source: string | PolicySource,
  options: { rows?: number; runtime?: Runtime } = {},
): Promise<Value> {
  const { checkpoint = 'last', ...place } = sourceOf(source, calls.loadValue);
  const from: PolicySource = { ...place, checkpoint };
  checkOptions(calls.loadValueBeside, options);
  const { rows = 1, runtime } = options;
  const { run, env, agent, vectors } = await openPolicy(from);
  const { value } = agent;
  if (!value) throw new UsageError(`agent "${run.config.agent.name}" estimates no values.`);
  const kept = besidePolicy(agent);
  const state = await readStateParts(...locate(from), run.steps, kept.map(vectorPart));
  const known: Record<string, Float32Array> = { ...vectors };
  for (const name of kept) {
    known[name] = float32Of(state[vectorPart(name)]);
    if (known[name].length !== agent.state[name].size) {
      throw new RunError(
        `"${name}" of ${run.path} has ${known[name].length} numbers, but its configuration's network needs ${agent.state[name].size}; config.json and checkpoint do not belong together.`,
      );
    }
  }
  const estimated = await createValue(agent, value, known, {
    rows,
    runtime: runtime ?? (await platform.defaultRuntime()),
  });
  return { ...estimated, spec: env, steps: run.steps, rows };
}

/** State vectors that values need and that are not in the policy's own file. */
const besidePolicy = ({ value, policyVectors }: Agent): readonly string[] =>
  (value?.vectors ?? []).filter((name) => !policyVectors.includes(name));

/** Names of the parts of the training state that `loadValue` reads; none where the agent estimates no values. */
export async function valueParts(source: PolicySource): Promise<readonly string[]> {
  return besidePolicy((await openPolicy(source)).agent).map(vectorPart);
}

const vectorPart = (name: string): string => `learner.vector.${name}`;

export interface EvaluateRunOptions extends PolicySource {
  /** The environment itself, for a run that was trained with a definition instead of a name. */
  readonly env?: EnvDefinition;
  readonly episodes?: number;
  readonly seed?: number;
  /** The same goal in every episode. */
  readonly goal?: readonly number[];
  /** The same task in every episode, by name or number; absent: the tasks in turn. */
  readonly task?: string | number;
  /** The same instruction in every episode, where the environment takes instructions. */
  readonly instruction?: string;
  /** A data set whose first episode every episode shows, with its task and goal, where the policy sees demonstrations. */
  readonly demonstration?: string;
  /** Which goals, where the run held some out: those it was trained on, those it was not, or (default) all. */
  readonly goals?: GoalPart;
  readonly runtime?: Runtime;
  readonly signal?: AbortSignal;
  readonly onEpisode?: (episode: number, result: EpisodeResult) => void;
}

export interface RunEvaluation extends Evaluation {
  readonly env: string;
  readonly agent: string;
  readonly runDir: string;
  readonly goals: GoalPart;
  /** In what the environment is not what it was when the run was made; absent: in nothing. */
  readonly warnings?: readonly string[];
}

/**
 * Evaluates a run's policy on fresh episodes of its environment.
 * @throws UsageError where the environment has changed so that the policy does not fit it
 */
export async function evaluateRun(options: EvaluateRunOptions): Promise<RunEvaluation> {
  checkOptions(calls.evaluateRun, options);
  const { run, env: then, agent, vectors } = await openPolicy(options, options.env);
  const { config } = run;
  const { goals = 'all' } = options;
  const definition = options.env ?? (await loadEnv(await reachableEnv(config.env.name, run.facts)));
  const made = await definition.create(parseEnvOptions(definition, config.env.options));
  const facts = run.facts.dataSets as readonly DataFact[] | undefined;
  const data = isRecorded(config) ? await openData(config, [], facts) : undefined;
  try {
    const played = data && (await heldOutEvaluation(made, data.sets, config));
    const env = played?.env ?? made;
    const warnings = [...changeWarnings('act', run.path, then, made.spec), ...(played ? [played.warning] : [])];
    const { goal } = options;
    if (goal && (goal.length !== env.spec.goal.size || !goal.every(Number.isFinite))) {
      if (env.spec.goal.size === 0) throw new UsageError(`goal [${goal}] does not fit: ${env.spec.name} has no goals.`);
      throw new UsageError(
        `goal [${goal}] does not fit: ${env.spec.name} takes ${env.spec.goal.size} finite numbers${
          env.spec.goal.names ? ` (${env.spec.goal.names.join(', ')})` : ''
        }.`,
      );
    }
    const runtime = options.runtime ?? (await platform.defaultRuntime());
    const runner = await createPolicyRunner(runtime, agent, 1, { deterministic: true });
    try {
      runner.setPolicy(vectors);
      const some = goals === 'all' ? env : onlyGoals(env, trainingGoals(env, config), goals);
      const { demonstration } = options;
      const shown: Shown =
        demonstration === undefined ? { env: some } : await showing(some, demonstration, config.env.options);
      if (options.task !== undefined && shown.task !== undefined && options.task !== shown.task) {
        throw new UsageError(
          `task is ${options.task}, but demonstration ${demonstration} shows ${shown.task}, which is the task of every episode then; leave task out, or show ${options.task}.`,
        );
      }
      if (goal && shown.goal) {
        throw new UsageError(
          `goal is [${goal}], but demonstration ${demonstration} shows another, which is the goal of every episode then; leave goal out.`,
        );
      }
      const evaluation = await evaluatePolicy(shown.env, runner, {
        episodes: options.episodes ?? 100,
        // Away from the seeds that training evaluated with, so that success is on fresh goals.
        seed: options.seed ?? config.seed + 1_000_003,
        goal,
        instruction: options.instruction,
        task: shown.task ?? options.task,
        heldOut: heldOutTasks(config),
        steps: run.steps,
        signal: options.signal,
        onEpisode: options.onEpisode,
      });
      return {
        ...evaluation,
        env: config.env.name,
        agent: config.agent.name,
        runDir: run.path,
        goals,
        ...(warnings.length > 0 && { warnings }),
      };
    } finally {
      await runner.dispose();
    }
  } finally {
    made.dispose?.();
    if (data) await closeData(data.sets);
  }
}

/** Names of what a run's policy sees, in the order of the environment. */
export const policyInputs = async (source: PolicySource): Promise<readonly string[]> =>
  (await openPolicy(source)).agent.spec.inputs.map(({ name }) => name);

/**
 * A run's policy as an ONNX model with weights and normalisation inside: inputs `observation` [N, o], `goal` [N, g] and
 * what else it sees by name, output `action` [N, a], for any N unless `rows` fixes it; the spaces stand in the metadata as
 * JSON.
 */
export async function exportPolicy(source: PolicySource & { rows?: number }): Promise<Uint8Array> {
  checkOptions(calls.exportPolicy, source);
  const { run, env, agent, vectors } = await openPolicy(source);
  const build = (rows: number) => agent.act(rows, { deterministic: true });
  const { inputs } = build(1);
  // Without normalisation no program reads the normaliser.
  const read = Object.entries(vectors).filter(([name]) => inputs.some((input) => input.name === name));
  const options = {
    freeze: Object.fromEntries(read),
    metadata: {
      env: env.name,
      agent: run.config.agent.name,
      steps: String(run.steps),
      observation: JSON.stringify(env.observation),
      ...(env.parts && { parts: JSON.stringify(env.parts) }),
      ...(env.tasks && { tasks: JSON.stringify(env.tasks) }),
      goal: JSON.stringify(env.goal),
      action: JSON.stringify(env.action),
    },
  };
  return source.rows === undefined ? toOnnxOfRows(build, options) : toOnnx(build(source.rows), options);
}
