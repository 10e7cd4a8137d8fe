// Model-based learning around an off-policy learner (Janner et al. 2019, arXiv 1906.08253): fits the model when due, then imagines.
import { heldOutRegion, isInside } from '../acting/training-goals.js';
import type { PolicyVectors } from '../agents/policy-vectors.js';
import { createImagination } from '../models/imagination.js';
import { transitionsOf } from '../models/transitions.js';
import { type EpisodePieces, goalHindsight, parseRelabel, type Replay } from '../replay/index.js';
import type { LearnerParts, LearnerState } from './learner.js';
import { createModelFit } from './model-fit.js';

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
  const heldOut = heldOutRegion(config, rules.spec);
  const fitting = await createModelFit(options);
  const { model } = fitting;
  const imagination = agent.plans
    ? undefined
    : await createImagination({
        model,
        agent,
        rules,
        config: config.model,
        runtime,
        seed: config.seed,
        relabel: goalHindsight(parseRelabel(config.relabel)),
        allowGoal: heldOut && ((goal) => !isInside(heldOut, goal)),
      });

  return {
    replay: imagination?.replay,
    elites: model.elites,
    scales: model.scales,
    isDue: fitting.isDue,
    async renew(policy, replays) {
      const data = transitionsOf(replays);
      if (data.count === 0) return none;
      const told = await fitting.fit(data);
      if (!imagination) return told;
      await imagination.run(policy, data, fitting.steps);
      return {
        ...told,
        'model/horizon': imagination.horizon,
        'model/imagined_rows': imagination.replay.ring.transitions,
      };
    },
    save: () => fitting.save(imagination?.save()),
    restore(parts) {
      const imagined = fitting.restore(parts);
      imagination?.restore(imagined);
    },
    async dispose() {
      await imagination?.dispose();
      await model.dispose();
    },
  };
}

const none: Readonly<Record<string, number>> = {};
