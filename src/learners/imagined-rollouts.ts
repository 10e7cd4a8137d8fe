// Imagined rollouts for on-policy learners: real steps are kept for a model, in which the present policy then acts.
import type { PolicyVectors } from '../agents/policy-vectors.js';
import { bytesOf, float64Of, uint32Of } from '../bytes.js';
import { createImaginer } from '../models/imaginer.js';
import { transitionsOf } from '../models/transitions.js';
import { createReplay, type EpisodePieces } from '../replay/index.js';
import type { LearnerParts, LearnerState } from './learner.js';
import { createModelFit } from './model-fit.js';

export interface ImaginedRollouts {
  /** Rollouts side by side: each is of an environment of its own. */
  readonly envs: number;
  /** Takes what the policy did, and fits the model where that is due; gives metrics by their full names. */
  take(pieces: EpisodePieces): Promise<Readonly<Record<string, number>>>;
  /** What this policy does in the model, from real states; it lies in memory that the next call writes over. */
  imagine(policy: PolicyVectors): Promise<EpisodePieces>;
  save(): LearnerState;
  restore(parts: LearnerState['parts'], segments: readonly Uint8Array[]): void;
  dispose(): Promise<void>;
}

/**
 * Undefined where the run has no model. The policy that learns from a rollout must be the one that acted in it, in the
 * model as in the world: there is no replay of what was imagined, and nothing of it is kept.
 */
export async function createImaginedRollouts(options: LearnerParts): Promise<ImaginedRollouts | undefined> {
  const { config, rules, agent, runtime } = options;
  if (config.model.kind === 'none') return undefined;
  const { seed, model: settings } = config;
  const replay = createReplay(rules.spec, config.replay.capacity);
  const fitting = await createModelFit(options);
  const { model } = fitting;
  const imaginer = await createImaginer({ model, agent, rules, config: settings, runtime, seed }, settings.rollouts);
  const { random } = imaginer;
  let horizon = 0;
  let exported = 0;

  return {
    envs: imaginer.rows,
    async take(pieces) {
      replay.insert(pieces);
      if (!fitting.isDue(pieces, 0)) return {};
      const data = transitionsOf([replay]);
      const told = await fitting.fit(data);
      horizon = await imaginer.chooseHorizon(data, fitting.steps);
      return { ...told, 'model/horizon': horizon };
    },
    async imagine(policy) {
      await imaginer.run(policy, transitionsOf([replay]), horizon, fitting.steps);
      return imaginer.rollouts.pieces();
    },
    save() {
      const segment = replay.exportEpisodes(exported);
      exported = replay.ring.nextSerial;
      const parts = fitting.save({ random: bytesOf(random.save()), facts: bytesOf(Float64Array.of(horizon)) });
      return { parts: { ...parts, staging: replay.saveStaging() }, replay: segment };
    },
    restore(parts, segments) {
      const imagined = fitting.restore(parts);
      random.restore(uint32Of(imagined.random));
      [horizon] = float64Of(imagined.facts);
      for (const segment of segments) replay.importEpisodes(segment);
      replay.restoreStaging(parts.staging);
      exported = replay.ring.nextSerial;
    },
    async dispose() {
      await imaginer.dispose();
      await model.dispose();
    },
  };
}
