// The model of the world of a run: when it is to be fitted, and its fit on what replays hold; part of the learner's state.
import { bytesOf, float64Of, prefixed, withoutPrefix } from '../bytes.js';
import { RunError } from '../errors.js';
import { createDynamicsModel, type DynamicsModel } from '../models/dynamics-model.js';
import type { Transitions } from '../models/transitions.js';
import type { EpisodePieces } from '../replay/index.js';
import { learnsFromDataOnly } from './experience.js';
import type { LearnerParts, LearnerState } from './learner.js';

export interface ModelFit {
  readonly model: DynamicsModel;
  /** Environment steps so far (without acting: updates). */
  readonly steps: number;
  /** Counts the steps of these pieces, which are in a replay already; true where the model is to be fitted now. */
  isDue(pieces: EpisodePieces, updates: number): boolean;
  /** Gives metrics by their full names. */
  fit(data: Transitions): Promise<Readonly<Record<string, number>>>;
  /** Parts `model.*`; `imagination` are those of what is imagined with it. */
  save(imagination?: Record<string, Uint8Array>): Record<string, Uint8Array>;
  /** Gives the parts of what was imagined. */
  restore(parts: LearnerState['parts']): Record<string, Uint8Array>;
}

export async function createModelFit({ config, rules, agent, runtime }: LearnerParts): Promise<ModelFit> {
  const { seed, model: settings } = config;
  const model = await createDynamicsModel({ env: rules.spec, config: settings, runtime, seed });
  const alone = learnsFromDataOnly(config);
  const first = alone ? 0 : config.training.warmupSteps;
  let steps = 0;
  /** Steps at the last fit; -1 before. */
  let fittedAt = -1;
  return {
    model,
    get steps() {
      return steps;
    },
    isDue({ pieces }, updates) {
      // Recorded data do not change: a planner, which makes no updates, is done with one fit.
      if (alone && agent.plans) return fittedAt < 0;
      if (alone) steps += updates;
      // Not those of demonstrations.
      else for (const { env, steps: done } of pieces) if (env < config.envs) steps += done;
      return fittedAt < 0 ? steps > 0 && steps >= first : steps - fittedAt >= settings.every;
    },
    async fit(data) {
      fittedAt = steps;
      const { epochs, holdOutError } = await model.fit(data);
      return { 'model/holdout_mse': holdOutError, 'model/epochs': epochs };
    },
    save: (imagination) => ({
      ...prefixed('model', model.save()),
      ...(imagination && prefixed('imagination', imagination)),
      'model.clock': bytesOf(Float64Array.of(steps, fittedAt)),
    }),
    restore(parts) {
      if (!parts['model.clock']) {
        throw new RunError('the checkpoint has no model, but model.kind is set: the run had none when it was saved.');
      }
      [steps, fittedAt] = float64Of(parts['model.clock']);
      model.restore(withoutPrefix('model', parts));
      return withoutPrefix('imagination', parts);
    },
  };
}
