// Who plans every action on the true dynamics of an environment that can be saved and restored, without learning anything.
import { planner as definition, type PlannerConfig } from '../agents/planner.js';
import type { GoalEnv } from '../envs/env.js';
import { actionSize, type Box, type Discrete } from '../envs/space.js';
import { UsageError } from '../errors.js';
import { createRandom, mixSeed } from '../random.js';
import type { Runtime } from '../runtime/runtime.js';
import { createEnvJudge } from './env-judge.js';
import { actionWriter } from './model-judge.js';
import { discreteCem, plannerNoise, planners } from './planners.js';
import { createRoundPlanner } from './round-planner.js';

export interface TruePlanner {
  /** An episode begins: the plan of the one before is forgotten. */
  begin(): void;
  /** The action at the present state of `env`; the array is reused. */
  act(env: Pick<GoalEnv, 'saveState'>): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** The least reward there is, where that is finite and below 0: ending shall never look like rest. */
export const rewardAfterEnd = ([least]: readonly [number, number]): number =>
  Math.min(0, Number.isFinite(least) ? least : 0);

/**
 * `copy`: a second environment of the same kind, which belongs to the planner from then on. Plans of horizon H with K samples
 * and I rounds take about H K I steps of it. Equal seeds give equal actions.
 */
export async function createTruePlanner(
  runtime: Runtime,
  copy: GoalEnv,
  given: Partial<PlannerConfig> = {},
  seed = 0,
): Promise<TruePlanner> {
  const settings = definition.config.parse(given);
  const { action: space, rewardRange } = copy.spec;
  refuseOdd(space, copy.spec.name, settings);
  const kind = space.kind === 'box' ? settings.planner : 'cem';
  const actions = space.kind === 'box' ? space.size : space.n;
  const size = { rows: 1, horizon: settings.horizon, actions };
  const planner = space.kind === 'box' ? planners[settings.planner] : discreteCem;
  const rounds = await createRoundPlanner(runtime, planner, kind, size, settings);
  const judge = createEnvJudge(copy, size, { discount: settings.discount, afterEnd: rewardAfterEnd(rewardRange) });
  const random = createRandom(mixSeed(seed, 'true planner'));
  const noise = new Float32Array(plannerNoise(kind, settings, settings.horizon, actions));
  const warm = new Float32Array(settings.horizon * actions);
  const chosen = new Float32Array(actionSize(space));
  const write = actionWriter(space);
  return {
    begin: () => void warm.fill(0),
    async act(env) {
      judge.begin(env.saveState());
      random.fillNormal(noise);
      const { action, next } = await rounds.plan(noise, warm, judge.judge);
      warm.set(next);
      if (space.kind === 'discrete') chosen[0] = action[0];
      else write(action, 0, chosen, 0);
      return chosen;
    },
    async dispose() {
      await rounds.dispose();
      copy.dispose?.();
    },
  };
}

/** @throws UsageError for elites that leave nothing to choose from, and for unbounded actions */
export function refuseOdd(space: Box | Discrete, env: string, { elites, samples }: PlannerConfig): void {
  if (elites >= samples) {
    throw new UsageError(`agent.elites is ${elites}, of agent.samples=${samples} plans; make it smaller than those.`);
  }
  if (space.kind === 'discrete') return;
  const free = space.low.findIndex((low, i) => !Number.isFinite(low) || !Number.isFinite(space.high[i]));
  if (free < 0) return;
  throw new UsageError(
    `planners draw actions within bounds, but action[${free}] of ${env} is declared in [${space.low[free]}, ${space.high[free]}]; give it finite bounds.`,
  );
}
