// The training loop: collect, learn, evaluate, log and save at fixed steps, in an order that does not depend on time.

import type { Evaluation } from '../acting/evaluate.js';
import { evaluatePolicy } from '../acting/evaluate.js';
import type { PolicyRunner } from '../acting/policy-runner.js';
import type { FinishedEpisode, Source } from '../acting/source.js';
import { heldOutTasks } from '../acting/task-weights.js';
import type { NamedTensors, PolicyVectors } from '../agents/policy-vectors.js';
import { bytesOf, prefixed } from '../bytes.js';
import type { TrainConfig } from '../config/config.js';
import type { GoalEnv } from '../envs/env.js';
import { hasSuccess } from '../envs/spec.js';
import { RunError } from '../errors.js';
import { learnsFromDataOnly } from '../learners/experience.js';
import type { Learner, LearnResult } from '../learners/learner.js';
import { nextTurn } from '../platform/yield.js';
import { noPieces } from '../replay/index.js';
import type { RunWriter } from '../runs/store.js';
import { iterationSteps, overlaps } from './iteration.js';
import {
  countEpisode,
  countEvaluation,
  countUpdates,
  encodeLoopState,
  evaluationLog,
  type LoopState,
  progressOf,
  takeLog,
} from './loop-state.js';
import { createPace } from './pace.js';
import type { TaskSampling } from './task-sampling.js';
import { reportSequence, sequenceLog, successByTask, type TaskSequence } from './task-sequence.js';
import type { IterationControl, Progress, TrainOptions, TrainResult } from './types.js';
import { mostUpdates, portionOfOwed, takeBack, updatesDue } from './update-pace.js';

/** Environment steps between log rows. */
const LOG_EVERY = 500;
/** Milliseconds between progress reports. */
const REPORT_EVERY = 100;

export interface Loop {
  readonly config: TrainConfig;
  readonly state: LoopState;
  readonly source: Source;
  /** The source lives in another program, whose end must not cost what was learned since the last checkpoint. */
  readonly mayBreak: boolean;
  readonly learner: Learner;
  /** The learner's policy at the beginning. */
  readonly policy: PolicyVectors;
  /** What the source acts with at the beginning: older than `policy` where acting and learning overlap. */
  readonly actingPolicy: PolicyVectors;
  readonly evaluation: { env: GoalEnv; runner: PolicyRunner };
  readonly writer: RunWriter;
  readonly tensors: (policy: PolicyVectors) => NamedTensors;
  readonly metadata: Record<string, string>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  readonly onEvaluation?: (evaluation: Evaluation) => void;
  readonly onIteration?: TrainOptions['onIteration'];
  readonly control: IterationControl;
  readonly sampling: TaskSampling;
  /** Absent: all tasks are learned at once. */
  readonly sequence?: TaskSequence;
}

/**
 * Runs until the steps, the wanted success or an abort; always ends with a checkpoint.
 *
 * Serial: collect, learn on it, act with the result. Overlapped: while the learner works on one iteration's transitions the
 * actor collects the next with the policy before; the hand-over happens at the end of each iteration, so the order of all
 * computations is fixed in both. Who learns from data alone is serial: steps are only counted that were learned in.
 */
export async function runLoop(loop: Loop): Promise<TrainResult['ended']> {
  const rescue: Rescue = {};
  // Without acting an iteration can end after any update, which may take long.
  const stop = () => loop.learner.stop?.();
  if (learnsFromDataOnly(loop.config)) loop.signal?.addEventListener('abort', stop);
  try {
    return await iterate(loop, rescue);
  } catch (error) {
    if (!loop.mayBreak || !rescue.save || !(error instanceof RunError)) throw error;
    // What another program did to itself must not cost what was learned; a failure of our own leaves nothing to rely on.
    const isSaved = await rescue.save().then(
      () => true,
      () => false,
    );
    if (!isSaved) throw error;
    const told = `The run was saved at step ${loop.state.steps} and can go on: train --resume ${loop.writer.path}`;
    throw new RunError(`${error.message}\n${told}`, { cause: error });
  } finally {
    loop.signal?.removeEventListener('abort', stop);
  }
}

/** Saves a run whose environments have broken. */
interface Rescue {
  /** Absent: nothing has begun that could be saved. */
  save?(): Promise<void>;
}

async function iterate(loop: Loop, rescue: Rescue): Promise<TrainResult['ended']> {
  const { config, state, source, learner, writer, sequence } = loop;
  const overlap = overlaps(config);
  const succeeds = hasSuccess(loop.evaluation.env.spec);
  let acting = loop.actingPolicy;
  let pending: Promise<LearnResult> = Promise.resolve(nothingMore({ policy: loop.policy, owed: state.owed }));
  // After the last step what is still owed is made up, unless there is nothing to learn from.
  let canMakeUp = true;
  let unsaved = false;
  let clock = performance.now();
  let lastReport = { steps: state.steps, time: clock };
  const pace = createPace();
  let rate = 0;

  const spend = () => {
    const now = performance.now();
    state.seconds += (now - clock) / 1000;
    clock = now;
  };
  const report = (phase: Progress['phase'], always = false) => {
    const now = performance.now();
    if (!always && now - lastReport.time < REPORT_EVERY) return;
    // While updates are made up no steps are taken: the pace stays what it was.
    if (phase !== 'updates') rate = pace.after(state.steps - lastReport.steps, (now - lastReport.time) / 1000);
    lastReport = { steps: state.steps, time: now };
    loop.onProgress?.(progressOf(state, phase, config.steps, rate, succeeds));
  };
  const onEpisode = (episode: FinishedEpisode) => {
    countEpisode(state, episode, succeeds);
    writer.episode(episode.reward, episode.length, state.seconds + (performance.now() - clock) / 1000);
  };
  /** Waits for the learner and counts what it did; afterwards its policy is the newest there is. */
  const settle = async (): Promise<PolicyVectors> => {
    const result = await pending;
    countUpdates(state, result);
    pending = Promise.resolve(nothingMore(result));
    return result.policy;
  };
  const save = async (best: boolean, acted?: Readonly<Record<string, Uint8Array>>) => {
    const policy = await settle();
    spend();
    state.checkpointedAt = state.steps;
    unsaved = false;
    const { parts, replay } = await learner.save();
    if (replay.length > 0) writer.appendReplay(replay);
    await writer.checkpoint(
      {
        steps: state.steps,
        policy: loop.tensors(policy),
        metadata: loop.metadata,
        state: {
          loop: encodeLoopState(state),
          ...prefixed('learner', parts),
          ...prefixed('actor', acted ?? (await source.save())),
          ...prefixed(
            'acting',
            Object.fromEntries(Object.entries(acting).map(([name, values]) => [name, bytesOf(values)])),
          ),
        },
      },
      { best },
    );
  };
  /** False when it was aborted and must be done again. */
  const evaluate = async (): Promise<boolean> => {
    const policy = await settle();
    spend();
    report('evaluation', true);
    loop.evaluation.runner.setPolicy(policy);
    const { episodes } = config.evaluation;
    const evaluation = await evaluatePolicy(loop.evaluation.env, loop.evaluation.runner, {
      episodes,
      seed: config.seed,
      heldOut: heldOutTasks(config),
      steps: state.steps,
      signal: loop.signal,
    });
    clock = performance.now();
    lastReport = { ...lastReport, time: clock };
    if (evaluation.episodes < episodes) return false;
    const best = countEvaluation(state, evaluation, config.evaluation);
    loop.sampling.afterEvaluation(evaluation);
    writer.log(state.steps, { ...evaluationLog(evaluation), ...(phaseIsOver() && countPhase(loop, evaluation)) });
    if (best) await save(true);
    loop.onEvaluation?.(evaluation);
    return true;
  };

  const phaseIsOver = () => sequence !== undefined && state.steps >= sequence.endOf(state.phase ?? 0);
  /** Begins the phase that the next step belongs to; a run that stopped in between (false) does it when it goes on. */
  const beginPhase = async (phase: number): Promise<boolean> => {
    await settle();
    if (!(await sequence?.begin(phase))) return false;
    state.phase = phase;
    pending = Promise.resolve(nothingMore({ policy: await learner.policy(), owed: state.owed }));
    return true;
  };

  /** The source before the steps that it takes now, as the learner knows it. */
  let before: Readonly<Record<string, Uint8Array>> | undefined;
  rescue.save = () => save(false, before);
  const collect = async (ticks: number) => {
    if (!loop.mayBreak) return source.collect(ticks, state.steps, onEpisode);
    before = await source.save();
    const finished: FinishedEpisode[] = [];
    const transitions = await source.collect(ticks, state.steps, (episode) => void finished.push(episode));
    before = undefined;
    // Not before: where the steps fail, a run that goes on takes them again, and counts what ends then.
    finished.forEach(onEpisode);
    return transitions;
  };

  source.setPolicy(acting);
  // A run that is killed early has something to resume from.
  if (state.steps === 0) await save(false);
  for (;;) {
    const { every } = config.evaluation;
    const stepsDone = state.steps >= config.steps;
    if (stepsDone) await settle();
    const makesUp = stepsDone && state.owed > 0 && canMakeUp;
    const done = stepsDone && !makesUp;
    const logDue = !makesUp && !state.isWithin && state.steps - state.loggedAt >= LOG_EVERY;
    if (logDue || (done && state.loggedAt < state.steps)) {
      loop.sampling.atLog(state.metrics);
      writer.log(state.steps, { ...takeLog(state, loop.evaluation.env.spec.tasks), ...source.figures?.() });
      await writer.flush();
    }
    const due = !makesUp && (phaseIsOver() || (every > 0 && state.steps - state.evaluatedAt >= every));
    if ((due || done) && state.evaluatedAt < state.steps && !loop.signal?.aborted) await evaluate();
    const succeeded = state.successesInARow >= 2;
    const { every: saveEvery } = config.checkpoint;
    const saveDue = (saveEvery > 0 && state.steps - state.checkpointedAt >= saveEvery) || source.saveDue?.();
    const ended = succeeded ? 'success' : loop.signal?.aborted ? 'aborted' : done ? 'steps' : undefined;
    if ((saveDue && !makesUp) || (ended && (unsaved || state.checkpointedAt < state.steps))) {
      report('checkpoint', true);
      await save(false);
    }
    if (ended) {
      spend();
      report('training', true);
      return ended;
    }

    const phase = sequence?.phaseAt(state.steps);
    if (phase !== undefined && phase !== state.phase && !(await beginPhase(phase))) continue;
    const stepsLeft = (sequence && phase !== undefined ? sequence.endOf(phase) : config.steps) - state.steps;
    const { updates: updatesBefore, updatesAsked } = state;
    const steps = stepsDone ? 0 : iterationSteps(config, state, stepsLeft);
    const transitions = stepsDone ? noPieces() : await collect(steps / config.envs);
    state.steps += steps;
    const updates = updatesDue(config, state.steps) - updatesAsked;
    state.updatesAsked += updates;
    // Asked for before the last iteration's updates are done: the learner goes on by itself, without waiting for this thread to wake.
    const next = learner.learn(transitions, updates, makesUp ? portionOfOwed(config) : mostUpdates(updates));
    next.catch(() => undefined); // awaited in the next round; until then a failure is not unhandled
    const result = await (overlap ? pending : next);
    countUpdates(state, result);
    state.isWithin = result.isStopped;
    // At the step of the last checkpoint nothing is saved: its policy is the one that was evaluated there.
    if (result.isStopped) takeBack(config, state, updatesAsked + result.updates);
    pending = overlap ? next : Promise.resolve(nothingMore(result));
    acting = result.policy;
    source.setPolicy(acting);
    if (makesUp) {
      await settle();
      canMakeUp = state.updates > updatesBefore;
      unsaved ||= canMakeUp;
      await nextTurn(); // no steps are taken, which give the others their turns otherwise
    }
    spend();
    report(makesUp ? 'updates' : state.steps <= config.training.warmupSteps ? 'warmup' : 'training');
    const waiting = loop.onIteration?.(acting, loop.control);
    if (waiting) {
      await waiting;
      const waited = performance.now() - clock;
      clock += waited;
      lastReport = { ...lastReport, time: lastReport.time + waited };
    }
  }
}

/** The success of every task after a phase, and what the log says of it. */
function countPhase({ config, state, evaluation: { env } }: Loop, evaluation: Evaluation): Record<string, number> {
  state.phaseSuccess ??= [];
  state.phaseSuccess[state.phase ?? 0] = successByTask(evaluation);
  const report = reportSequence(config, env.spec, state.phaseSuccess);
  return report ? sequenceLog(report) : {};
}

/** A result that has been counted. */
const nothingMore = (result: Pick<LearnResult, 'policy' | 'owed'>): LearnResult => ({
  ...result,
  updates: 0,
  metrics: {},
});
