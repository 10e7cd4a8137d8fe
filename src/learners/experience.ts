// Experience that learners draw from: the run's own replay and recorded data, their samplers with hindsight, the batch.

import { heldOutRegion, isInside } from '../acting/training-goals.js';
import { bytesOf, float64Of, uint32Of } from '../bytes.js';
import type { TrainConfig } from '../config/config.js';
import type { EnvSpec, GoalRules } from '../envs/env.js';
import { UsageError } from '../errors.js';
import { createRandom, mixSeed, type Random } from '../random.js';
import {
  type Batch,
  type BatchRequest,
  batchPart,
  createBatch,
  createReplay,
  createSampler,
  type EpisodePieces,
  goalHindsight,
  parseRelabel,
  type Replay,
  replayOfRows,
  type Sampler,
} from '../replay/index.js';
import type { LearnerState } from './learner.js';

export interface Experience {
  /** What the run did itself. */
  readonly replay: Replay;
  /** Recorded episodes, once there are any. */
  readonly data: Replay | undefined;
  readonly batch: Batch;
  /** Puts recorded episodes into a replay of their own: they never leave and are not saved. In all they have `rows` rows. */
  load(pieces: EpisodePieces, rows: number): Replay;
  /** Whether there is something to draw. */
  ready(): boolean;
  /** Fills the batch; it must be ready. */
  sample(): void;
  /**
   * The task that is learned now, one after the other: batches are of its episodes, but for `rehearsal`, the share of
   * earlier tasks' (default: the configuration's). Saved. Undefined: of all tasks.
   */
  focus(task: number | undefined, rehearsal?: number): void;
  /** The task in focus. */
  readonly task: number | undefined;
  /** Batches beside those that are learned from, which change neither those nor what is saved. See createBatch. */
  beside(size: number, names: readonly string[], request: BatchRequest): Beside;
  /** Share of the rows since the last call that had the best possible reward; empty when there were none. */
  takeMetrics(): Record<string, number>;
  /** Parts `staging`, `sampling`, of metrics that were not taken `share`, with a focus `task`, and the episodes since the last save. */
  save(): LearnerState;
  /** After recorded episodes are loaded. */
  restore(parts: LearnerState['parts'], segments: readonly Uint8Array[]): void;
}

export interface Beside {
  readonly batch: Batch;
  /**
   * Fills the batch from the run's own episodes, or from recorded ones where it learns from these alone, by the generator
   * and nothing else. False: there is nothing to draw yet.
   */
  draw(random: Random): boolean;
}

/** Whether the policy never acts while it learns. */
export const learnsFromDataOnly = ({ data }: Pick<TrainConfig, 'data'>): boolean =>
  data.files.length > 0 && data.share === 1;

/** The state of a sampler that has drawn nothing: balanced draws begin with the first value. */
const UNTURNED = [0];

/** Rows of a batch that are drawn from one replay. */
interface Draw {
  readonly sampler: Sampler;
  readonly batch: Batch;
}

/** `mixed`: absent where nothing is recorded. */
interface RealDraws {
  readonly alone: readonly Draw[];
  readonly mixed: readonly Draw[] | undefined;
}

const hasRows = ({ batch }: Draw) => batch.size > 0;

/** Imagined episodes are short, and rows of a batch come one part after the other. */
function refuseParts({ agent }: TrainConfig, { blocks, window, goals }: BatchRequest): void {
  const [what] = [
    blocks && 'equal blocks of a batch, one for each task',
    window !== undefined && `windows of ${window} steps`,
    goals && 'goals along whole recorded episodes',
  ].filter(Boolean);
  if (!what) return;
  throw new UsageError(
    `model.kind does not go with agent "${agent.name}" as it is set: it learns from ${what}; set model.kind=none.`,
  );
}

/** `names` and `request`: of the batch (see createBatch). `imagined`: what a model of the world gives all but a share of. */
export function createExperience(
  config: TrainConfig,
  rules: GoalRules & { readonly spec: EnvSpec },
  names: readonly string[],
  request: BatchRequest = {},
  imagined?: Replay,
): Experience {
  const { batchSize } = config.training;
  const heldOut = heldOutRegion(config, rules.spec);
  const samplerOf = (replay: Replay) =>
    createSampler(replay, rules, {
      ...goalHindsight(parseRelabel(config.relabel)),
      unmetGoals: config.replay.unmetGoals,
      allowGoal: heldOut && ((goal) => !isInside(heldOut, goal)),
    });
  // Without acting there is nothing to keep: room for one episode.
  const capacity = learnsFromDataOnly(config) ? rules.spec.maxEpisodeSteps : config.replay.capacity;
  const replay = createReplay(rules.spec, capacity);
  const batch = createBatch(rules.spec, batchSize, names, withTasks(config, rules.spec, request));
  const own = samplerOf(replay);
  /** The real rows of a batch where there are imagined ones, which come after them. */
  const realRows = imagined ? Math.round(config.model.realShare * batchSize) : batchSize;
  const imagining = imagined && {
    real: batchPart(batch, 0, realRows),
    // Its starts were given goals of hindsight already (models/start-goals.ts).
    draws: [
      { sampler: createSampler(imagined, rules, parseRelabel('none')), batch: batchPart(batch, realRows, batchSize) },
    ].filter(hasRows),
  };
  if (imagined) refuseParts(config, request);
  let recorded: { readonly replay: Replay; readonly sampler: Sampler } | undefined;
  const planned = new Map<Batch, RealDraws>();
  // Returns over several steps have no best value that counts successes.
  const reward = request.nStep ? undefined : batch.columns.reward;
  // A stream of its own: what is sampled does not depend on how much noise an agent draws.
  const sampling = createRandom(mixSeed(config.seed, 'replay'));
  const bestReward = rules.spec.rewardRange[1];
  const share = { best: 0, rows: 0 };
  let task: number | undefined;
  let exported = 0;

  /** Room for the recorded episodes. */
  function reserve(rows: number) {
    const data = replayOfRows(rules.spec, rows);
    const { share: part } = config.data;
    if (request.blocks && part > 0 && part < 1) {
      throw new UsageError(
        `data.share is ${part}, but ${config.agent.name} learns from equal blocks of a batch, one for each task; set it to 0 or 1.`,
      );
    }
    planned.clear();
    return { replay: data, sampler: samplerOf(data) };
  }

  const isReady = (draws: readonly Draw[]) => draws.every((draw) => draw.sampler.starts(draw.batch) > 0);

  /** Which real rows of a batch, or of a part of one, come from which replay. */
  function plan(rows: Batch): RealDraws {
    if (!recorded) return { alone: [{ sampler: own, batch: rows }], mixed: undefined };
    const first = Math.round(config.data.share * rows.size);
    const mixed = [
      { sampler: recorded.sampler, batch: batchPart(rows, 0, first) },
      { sampler: own, batch: batchPart(rows, first, rows.size) },
    ].filter(hasRows);
    return { alone: [{ sampler: recorded.sampler, batch: rows }], mixed };
  }

  function focus(on: number | undefined, rehearsal = config.tasks.rehearsal): void {
    task = on;
    own.focus(on === undefined ? undefined : { value: on, share: 1 - rehearsal });
  }

  /** Each replay for its share of the rows; all of them from the recorded ones while there are no others. */
  function realDraws(rows: Batch): readonly Draw[] {
    const known = planned.get(rows) ?? plan(rows);
    planned.set(rows, known);
    return known.mixed && isReady(known.mixed) ? known.mixed : known.alone;
  }

  /** As `realDraws`, and imagined rows for the rest once there are some. */
  function draws(): readonly Draw[] {
    if (!imagining || !isReady(imagining.draws)) return realDraws(batch);
    return realRows === 0 ? imagining.draws : [...realDraws(imagining.real), ...imagining.draws];
  }
  const samplers = () => [
    own,
    ...(recorded ? [recorded.sampler] : []),
    ...(imagining?.draws.map(({ sampler }) => sampler) ?? []),
  ];

  return {
    replay,
    get data() {
      return recorded?.replay;
    },
    batch,
    load(pieces, rows) {
      recorded ??= reserve(rows);
      recorded.replay.insert(pieces);
      return recorded.replay;
    },
    focus,
    get task() {
      return task;
    },
    ready: () => isReady(realDraws(batch)),
    sample() {
      for (const { sampler, batch: rows } of draws()) sampler.sample(sampling, rows);
      if (!reward) return;
      for (let i = 0; i < batchSize; i++) if (reward[i] >= bestReward) share.best++;
      share.rows += batchSize;
    },
    beside(size, names, request) {
      const batch = createBatch(rules.spec, size, names, withTasks(config, rules.spec, request));
      let sampler: Sampler | undefined;
      return {
        batch,
        draw(random) {
          const from = learnsFromDataOnly(config) ? recorded?.replay : replay;
          if (!from) return false;
          sampler ??= samplerOf(from);
          sampler.restore(UNTURNED);
          if (sampler.starts(batch) === 0) return false;
          sampler.sample(random, batch);
          return true;
        },
      };
    },
    takeMetrics() {
      if (share.rows === 0) return {};
      const metrics = { best_reward_share: share.best / share.rows };
      share.best = 0;
      share.rows = 0;
      return metrics;
    },
    save() {
      const segment = replay.exportEpisodes(exported);
      exported = replay.ring.nextSerial;
      const generator = Uint32Array.of(...sampling.save(), ...samplers().flatMap((sampler) => [...sampler.save()]));
      const parts = {
        staging: replay.saveStaging(),
        sampling: bytesOf(generator),
        ...(share.rows > 0 && { share: bytesOf(Float64Array.of(share.best, share.rows)) }),
        ...(task !== undefined && { task: bytesOf(Uint32Array.of(task)) }),
      };
      return { parts, replay: segment };
    },
    restore(parts, segments) {
      for (const segment of segments) replay.importEpisodes(segment);
      replay.restoreStaging(parts.staging);
      const generator = uint32Of(parts.sampling);
      let at = sampling.save().length;
      sampling.restore(generator.subarray(0, at));
      for (const sampler of samplers()) {
        const words = sampler.save().length;
        sampler.restore(generator.subarray(at, at + words));
        at += words;
      }
      exported = replay.ring.nextSerial;
      if (parts.share) [share.best, share.rows] = float64Of(parts.share);
      focus(parts.task && uint32Of(parts.task)[0]);
    },
  };
}

/** Batches that tell tasks or outcomes apart, where the configuration says how. */
function withTasks({ tasks }: TrainConfig, spec: EnvSpec, request: BatchRequest): BatchRequest {
  const { sequence, successShare } = tasks;
  if (sequence.length === 0 && successShare === null) return request;
  if (successShare !== null && spec.goal.size === 0) {
    throw new UsageError(
      `tasks.successShare is ${successShare}, but ${spec.name} has no goals, by which its rules could tell success; leave it out.`,
    );
  }
  // Weights of rows undo unequal draws by themselves; in a sequence they have little to undo.
  const balances = spec.tasks && (sequence.length > 0 || request.weights === undefined);
  return {
    ...(balances && { balance: 'task' }),
    ...request,
    ...(successShare !== null && { successes: successShare }),
  };
}
