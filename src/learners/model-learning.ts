// Model-based learning around a learner (Janner et al. 2019, arXiv 1906.08253): fits the model when due, then imagines.
import { heldOutRegion, isInside } from '../acting/training-goals.js';
import type { PolicyVectors } from '../agents/policy-vectors.js';
import { bytesOf, float64Of } from '../bytes.js';
import { RunError } from '../errors.js';
import { createDynamicsModel } from '../models/dynamics-model.js';
import { createImagination } from '../models/imagination.js';
import { transitionsOf } from '../models/transitions.js';
import { type EpisodePieces, parseRelabel, type Replay } from '../replay/index.js';
import { learnsFromDataOnly } from './experience.js';
import type { LearnerParts, LearnerState } from './learner.js';

export interface ModelLearning {
  /** What was imagined; absent for agents that plan, which imagine when they act. */
  readonly replay: Replay | undefined;
  readonly elites: Float32Array;
  readonly scales: Float32Array;
  /** Counts the steps of these pieces, which are in a replay already; true where the model is to be fitted now. */
  isDue(pieces: EpisodePieces, updates: number): boolean;
  /** Fits on what the replays hold and imagines with the policy; gives metrics by their full names. */
  renew(policy: PolicyVectors, replays: readonly Replay[]): Promise<Readonly<Record<string, number>>>;
  save(): Record<string, Uint8Array>;
  restore(parts: LearnerState['parts']): void;
  dispose(): Promise<void>;
}

/** Undefined where the run has no model. Everything happens in `renew`, between two updates: a checkpoint never falls into it. */
export async function createModelLearning(options: LearnerParts): Promise<ModelLearning | undefined> {
  const { config, rules, agent, runtime } = options;
  if (config.model.kind === 'none') return undefined;
  const { seed, model: settings } = config;
  const heldOut = heldOutRegion(config, rules.spec);
  const model = await createDynamicsModel({ env: rules.spec, config: settings, runtime, seed });
  const imagination = agent.plans
    ? undefined
    : await createImagination({
        model,
        agent,
        rules,
        config: settings,
        runtime,
        seed,
        relabel: parseRelabel(config.relabel),
        allowGoal: heldOut && ((goal) => !isInside(heldOut, goal)),
      });
  const alone = learnsFromDataOnly(config);
  const first = alone ? 0 : config.training.warmupSteps;
  /** Environment steps so far (without acting: updates), and those at the last fit; -1 before. */
  let steps = 0;
  let renewedAt = -1;

  return {
    replay: imagination?.replay,
    elites: model.elites,
    scales: model.scales,
    isDue({ pieces }, updates) {
      // Recorded data do not change: a planner, which makes no updates, is done with one fit.
      if (alone && agent.plans) return renewedAt < 0;
      if (alone) steps += updates;
      // Not those of demonstrations.
      else for (const { env, steps: done } of pieces) if (env < config.envs) steps += done;
      return renewedAt < 0 ? steps > 0 && steps >= first : steps - renewedAt >= settings.every;
    },
    async renew(policy, replays) {
      const data = transitionsOf(replays);
      if (data.count === 0) return none;
      renewedAt = steps;
      const { epochs, holdOutError } = await model.fit(data);
      const told = { 'model/holdout_mse': holdOutError, 'model/epochs': epochs };
      if (!imagination) return told;
      await imagination.run(policy, data, steps);
      return {
        ...told,
        'model/horizon': imagination.horizon,
        'model/imagined_rows': imagination.replay.ring.transitions,
      };
    },
    save: () => ({
      ...prefixed('model', model.save()),
      ...(imagination && prefixed('imagination', imagination.save())),
      'model.clock': bytesOf(Float64Array.of(steps, renewedAt)),
    }),
    restore(parts) {
      if (!parts['model.clock']) {
        throw new RunError('the checkpoint has no model, but model.kind is set: the run had none when it was saved.');
      }
      [steps, renewedAt] = float64Of(parts['model.clock']);
      model.restore(ofPrefix('model', parts));
      imagination?.restore(ofPrefix('imagination', parts));
    },
    async dispose() {
      await imagination?.dispose();
      await model.dispose();
    },
  };
}

const none: Readonly<Record<string, number>> = {};

const prefixed = (prefix: string, parts: LearnerState['parts']): Record<string, Uint8Array> =>
  Object.fromEntries(Object.entries(parts).map(([name, bytes]) => [`${prefix}.${name}`, bytes]));

const ofPrefix = (prefix: string, parts: LearnerState['parts']): Record<string, Uint8Array> =>
  Object.fromEntries(
    Object.entries(parts).flatMap(([name, bytes]) =>
      name.startsWith(`${prefix}.`) ? [[name.slice(prefix.length + 1), bytes]] : [],
    ),
  );
