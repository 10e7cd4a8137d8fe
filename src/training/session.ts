// Puts a run's parts together: environments, agent, actor, learner and evaluator, from a configuration.

import { createActor } from '../acting/actor.js';
import { collectDemonstrations, demonstratorOf } from '../acting/demonstrations.js';
import { checkWorkers, type EnvThreadsSetup } from '../acting/env-threads.js';
import { checkEpisodes } from '../acting/evaluate.js';
import { createPolicyRunner, type PolicyRunner } from '../acting/policy-runner.js';
import { idleSource, type Source } from '../acting/source.js';
import { onlyTask, setTaskWeights } from '../acting/task-weights.js';
import { onlyGoals, trainingGoals } from '../acting/training-goals.js';
import type { Channel } from '../actors/broker.js';
import { createRemoteSource } from '../actors/source.js';
import type { Agent } from '../agents/index.js';
import type { TrainConfig } from '../config/config.js';
import type { DataSet } from '../datasets/index.js';
import {
  checkEnv,
  createVectorEnv,
  type EnvDefinition,
  type EnvGroup,
  type EnvSpec,
  type GoalEnv,
  listEnvs,
  loadEnv,
  parseEnvOptions,
} from '../envs/index.js';
import { RunError, StoppedError, UsageError } from '../errors.js';
import { createAgent } from '../learners/create-agent.js';
import { createLearner } from '../learners/create-learner.js';
import { learnsFromDataOnly } from '../learners/experience.js';
import type { Learner, LearnerSetup } from '../learners/learner.js';
import { mixSeed } from '../random.js';
import { type EpisodePieces, noPieces } from '../replay/index.js';
import type { Runtime } from '../runtime/runtime.js';
import { closeData, type DataFact, fitted, loadData, openData } from './data.js';
import { requireHeardOf } from './heard-of.js';
import { heldOutEvaluation, isRecorded } from './held-out-episodes.js';
import { type RecordingProgress, recordingProgress } from './pace.js';
import { refuseRemote } from './remote.js';
import { createTaskSampling, type TaskSampling } from './task-sampling.js';
import { checkSequence, createTaskSequence, type TaskSequence } from './task-sequence.js';
import type { IterationControl } from './types.js';
import { checkWishes } from './until.js';

export interface Session {
  readonly env: EnvSpec;
  readonly agent: Agent;
  readonly source: Source;
  readonly learner: Learner;
  readonly evaluation: { env: GoalEnv; runner: PolicyRunner };
  /** What whoever trains should know of the environment, and what the evaluations cannot tell. */
  readonly warnings: readonly string[];
  readonly data: readonly DataFact[];
  /** Hands the learner the recorded episodes; before its first update, and before it is restored. */
  loadData(): Promise<void>;
  /**
   * Puts the episodes of the scripted controller that the configuration asks for into the replay; of tasks in sequence those
   * of the first task, an equal share of them.
   * @throws StoppedError where it was aborted before all were recorded
   */
  demonstrate(): Promise<void>;
  /** Absent: all tasks are learned at once. */
  readonly sequence?: TaskSequence;
  /** It steps in another program, which may break at any time. */
  readonly isElsewhere: boolean;
  readonly control: IterationControl;
  readonly sampling: TaskSampling;
  dispose(): Promise<void>;
}

export interface SessionOptions {
  readonly config: TrainConfig;
  readonly definition?: EnvDefinition;
  /** Data sets that are in memory, which the configuration names too. */
  readonly data?: readonly DataSet[];
  /** What a run that goes on recorded of its data sets. */
  readonly knownData?: readonly DataFact[];
  readonly runtime: Runtime;
  readonly startLearner: (setup: LearnerSetup) => Promise<Learner>;
  /** Creates environments in threads of their own. */
  readonly startEnvs: (setup: EnvThreadsSetup) => Promise<EnvGroup>;
  /** Where episodes come from, in the place of environments that step here. */
  readonly channel?: Channel;
  /** Ends the wait for them, and the recording of demonstrations. */
  readonly signal?: AbortSignal;
  /** While demonstrations are recorded: before the first one, and after each. */
  readonly onDemonstration?: (progress: RecordingProgress, spec: EnvSpec) => void;
}

/** Builds everything; what was built is disposed of again when a later part fails. */
export async function createSession(options: SessionOptions): Promise<Session> {
  const { config, runtime, channel } = options;
  const built: (() => Promise<void> | void)[] = [];
  const dispose = async () => {
    for (const end of built.splice(0).reverse()) await end();
  };
  try {
    const data = await openData(config, options.data, options.knownData);
    built.push(() => closeData(data.sets));
    const definition = options.definition ?? (await loadEnv(config.env.name));
    const envOptions = parseEnvOptions(definition, config.env.options);
    const make = async () => {
      const env = await definition.create(envOptions);
      built.push(() => env.dispose?.());
      return env;
    };
    const plainEnv = await make();
    // Before an agent is made, whose inputs would be missed in words of its own.
    for (const set of data.sets) fitted(set, plainEnv.spec, config.data.columns, definition.dataColumns);
    const spare: GoalEnv[] = [];
    if (!definition.isElsewhere && !isRecorded(config) && !listEnvs().some(({ name }) => name === config.env.name)) {
      // The check needs a second instance, which trains afterwards: it costs an episode, not another creation.
      const another = await make();
      refuseBroken(plainEnv, another, definition, envOptions);
      spare.push(another);
    }
    checkWishes(config.evaluation, plainEnv.spec);
    await requireHeardOf(plainEnv.spec, config.goals.heldOut.words, 'goals.heldOut.words');
    const goals = trainingGoals(plainEnv, config, config.workers > 0);
    // What decides which checkpoint is best, and when to stop, must not know the goals that are held out either.
    const played = isRecorded(config) ? await heldOutEvaluation(plainEnv, data.sets, config) : undefined;
    const evaluationEnv = played?.env ?? onlyGoals(plainEnv, goals, 'trained');
    checkEpisodes(evaluationEnv.spec, config.evaluation.episodes);
    const agent = createAgent(config, plainEnv.spec, options.definition);
    checkSequence(config, plainEnv.spec, agent);
    if (channel) refuseRemote(config, agent);
    /** The environments with a policy in them. */
    const act = async (): Promise<Source> => {
      if (channel) {
        const { signal } = options;
        return createRemoteSource({ channel, config, spec: plainEnv.spec, taskWeights: goals.weights, signal });
      }
      let group: EnvGroup;
      if (config.workers > 0) {
        checkWorkers(config, options.definition);
        const { env, envs, workers } = config;
        group = await options.startEnvs({ env, goals, spec: plainEnv.spec, envs, workers });
        built.push(() => group.dispose());
      } else {
        const envs: GoalEnv[] = [];
        for (let i = 0; i < config.envs; i++) {
          envs.push(onlyGoals(spare.pop() ?? (await make()), goals, 'trained'));
        }
        group = createVectorEnv(envs);
      }
      return createActor({
        env: group,
        agent,
        spec: agent.spec,
        runtime,
        seed: config.seed,
        // A policy that knows something gathers better data than chance.
        randomSteps: config.init ? 0 : config.training.warmupSteps,
      });
    };

    const setup: LearnerSetup = { config, definition: options.definition };
    const threaded = config.runtime.worker && !options.definition;
    const learner = threaded ? await options.startLearner(setup) : await createLearner(setup, runtime);
    built.push(() => learner.dispose());
    const source = learnsFromDataOnly(config) ? idleSource() : await act();
    built.push(() => source.dispose());
    const runner = await createPolicyRunner(runtime, agent, 1, { deterministic: true });
    built.push(() => runner.dispose());
    const phases = Math.max(1, config.tasks.sequence.length);
    const episodes = Math.ceil(config.training.demonstrations / phases);
    const control: IterationControl = {
      setTaskWeights(weights) {
        if (!goals.weights)
          throw new UsageError(`${plainEnv.spec.name} has a single task, so that none can be weighted.`);
        setTaskWeights(goals.weights, plainEnv.spec, weights);
      },
    };
    const demonstrator =
      episodes > 0
        ? demonstratorOf(definition, envOptions, evaluationEnv, 'set training.demonstrations to 0')
        : undefined;
    /** The demonstrations of a phase; undefined where it was aborted, for a part of them would make another run. */
    const record = async (phase: number): Promise<EpisodePieces | undefined> => {
      if (!demonstrator) return noPieces();
      const { signal, onDemonstration } = options;
      const progress = recordingProgress(episodes);
      const tell = (done: number) => onDemonstration?.(progress(done), plainEnv.spec);
      tell(0);
      const { episodes: shown } = await collectDemonstrations(evaluationEnv, demonstrator, {
        episodes,
        seed: phase === 0 ? config.seed : mixSeed(config.seed, 'phase', phase),
        envNumber: config.envs,
        signal,
        onEpisode: (episode) => tell(episode + 1),
      });
      return shown.pieces.length === episodes ? shown : undefined;
    };
    const show = async (shown: EpisodePieces) => {
      if (demonstrator) await learner.learn(shown, 0);
    };
    return {
      env: plainEnv.spec,
      agent,
      source,
      learner,
      evaluation: { env: evaluationEnv, runner },
      warnings: [...(definition.notes?.(envOptions) ?? []), ...(played ? [played.warning] : [])],
      data: data.facts,
      loadData: () => loadData(learner, data.sets, plainEnv.spec, config, definition.dataColumns),
      async demonstrate() {
        const shown = await record(0);
        if (shown) return show(shown);
        throw new StoppedError('stopped while demonstrations were recorded: no run began, and nothing was written.');
      },
      sequence: createTaskSequence(config, plainEnv.spec, async (task, phase) => {
        control.setTaskWeights(onlyTask(plainEnv.spec, config.tasks.sequence[phase]));
        // Before the learner is told, so that a run that stops here can begin the phase again.
        const shown = phase > 0 ? await record(phase) : noPieces();
        if (!shown) return false;
        await learner.beginTask(task);
        if (phase > 0) await show(shown);
        return true;
      }),
      isElsewhere: !channel && (definition.isElsewhere ?? false),
      control,
      sampling: createTaskSampling(config, plainEnv.spec, agent, control),
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** An environment of somebody's own is checked first: what breaks the contract would spoil learning silently. */
function refuseBroken(env: GoalEnv, another: GoalEnv, definition: EnvDefinition, options: unknown): void {
  const rules = definition.rules(options);
  const { ok, findings } = checkEnv(env, { rules, another });
  rules.dispose?.();
  if (ok) return;
  const errors = findings.filter(({ level }) => level === 'error').map(({ check, message }) => `${check}: ${message}`);
  throw new RunError(`${env.spec.name} breaks the contract that training relies on.\n  ${errors.join('\n  ')}`);
}
