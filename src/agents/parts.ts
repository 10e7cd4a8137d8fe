// Pieces that agents share: the form of goal inputs, action scaling, critic ensembles, targets, state vectors.
import * as z from 'zod';
import { actionSize, type Box } from '../envs/space.js';
import { UsageError } from '../errors.js';
import {
  createDropout,
  goalForms,
  type InputNetwork,
  type InputNetworkSettings,
  type InputNetworkSizes,
  inputNetwork,
  joinLayouts,
  layerNormRelu,
  noiseInput,
  relu,
  type See,
  type Seen,
  views,
} from '../nets/index.js';
import type { Random } from '../random.js';
import { concat, type Graph, type Tensor } from '../tensor/index.js';
import type { Agent, StateVector } from './agent.js';
import type { AgentSpec } from './agent-spec.js';

/** Hyperparameters of how networks combine state and goal, the same for every agent (see nets/goal-form.ts). */
export const goalFormConfig = {
  goalForm: z
    .enum(goalForms)
    .default('concat')
    .describe(
      'how networks combine state and goal: concat [s; g], encoders [phi(s); psi(g)], bilinear f(s, a) psi(g), bvn f(s, a) psi(s, g)',
    ),
  encoder: z
    .array(z.int().min(1).max(8192))
    .min(1)
    .max(8)
    .default([128, 64])
    .describe('widths of the layers of phi and psi, the last the size of their common space; concat has none'),
};

/** Uniformly random actions beside the policy's own exploration, of agents with continuous actions. */
export const randomActionConfig = {
  randomActionProbability: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('probability of a uniformly random action while training (SAC, TD3: 0; HER: 0.3)'),
  randomActionEnd: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .default(null)
    .describe('the same after randomActionSteps; null: it stays'),
  randomActionSteps: z
    .int()
    .min(1)
    .default(100_000)
    .describe('environment steps over which the probability goes linearly to randomActionEnd'),
};

/** The probability of a random action at an environment step. */
export function randomActionSchedule(config: {
  readonly randomActionProbability: number;
  readonly randomActionEnd: number | null;
  readonly randomActionSteps: number;
}): (step: number) => number {
  const { randomActionProbability: start, randomActionEnd, randomActionSteps } = config;
  const end = randomActionEnd ?? start;
  return (step) => start + (end - start) * Math.min(1, step / randomActionSteps);
}

/** Maps actions between the environment's bounds and [-1, 1], where networks and noise live. */
export interface ActionScale {
  toUnit(action: Tensor): Tensor;
  fromUnit(action: Tensor): Tensor;
}

/** For actions that are used as they are stored: indices, or numbers that are already in [-1, 1]. */
export const unscaled: ActionScale = { toUnit: (action) => action, fromUnit: (action) => action };

export function actionScale(g: Graph, { low, high }: Box): ActionScale {
  if (low.every((value) => value === -1) && high.every((value) => value === 1)) {
    return unscaled;
  }
  const middle = g.constant(low.map((value, i) => (value + high[i]) / 2));
  const half = g.constant(low.map((value, i) => (high[i] - value) / 2));
  return {
    toUnit: (action) => action.sub(middle).div(half),
    fromUnit: (action) => action.mul(half).add(middle),
  };
}

/** The bounded box of a continuous agent's actions; other spaces are refused with the reason. */
export function boxActions(agent: string, { action }: AgentSpec): Box {
  if (action.kind !== 'box') {
    throw new UsageError(
      `${agent} learns continuous actions, but this environment has ${action.n} discrete ones; choose an agent for discrete actions.`,
    );
  }
  const { low, high, size } = action;
  for (let i = 0; i < size; i++) {
    if (!Number.isFinite(low[i]) || !Number.isFinite(high[i]) || low[i] >= high[i]) {
      throw new UsageError(
        `${agent} squashes actions into bounds, but action[${i}] is declared in [${low[i]}, ${high[i]}]; give it finite bounds with low < high.`,
      );
    }
  }
  return action;
}

/** N critics Q(s, g, a) in one flat vector, of one output each or, where they are distributions, several. */
export interface Critics extends Pick<InputNetwork, 'layout' | 'init'> {
  /** Every critic's value of (s, g, a): N tensors [B, outputs]; with `draw` only of those drawn. */
  values(flat: Tensor, seen: Seen, action?: Tensor, draw?: Draw): Tensor[];
}

/** A random subset of `of` critics, every one as likely: those with the largest of N standard normals, `noise` [N]. */
export interface Draw {
  readonly of: number;
  readonly noise: Tensor;
}

/** The draw of an update, if fewer than all are drawn. */
export const drawOf = (g: Graph, of: number, critics: number): Draw | undefined =>
  of < critics ? { of, noise: noiseInput(g, 'drawNoise', [critics], 'update') } : undefined;

export function critics(
  count: number,
  sizes: Omit<InputNetworkSizes, 'outputs'>,
  settings: InputNetworkSettings,
  outputs = 1,
): Critics {
  return ensemble(count, inputNetwork({ ...sizes, outputs }, settings));
}

/** The same of any network. */
export function ensemble(count: number, single: InputNetwork): Critics {
  const joined = joinLayouts(Object.fromEntries(Array.from({ length: count }, (_, i) => [`q${i + 1}`, single.layout])));
  const each = single.layout.entries.length;
  return {
    layout: joined,
    init(random) {
      const values = new Float32Array(joined.size);
      for (let i = 0; i < count; i++) values.set(single.init(random), i * single.layout.size);
      return values;
    },
    values(flat, seen, action, draw) {
      let all = views(flat, joined);
      if (draw) {
        // Picks parameters, not values: critics that are not drawn cost nothing.
        const { indices } = draw.noise.topK(draw.of, 0);
        const rows = flat.reshape([count, single.layout.size]).gather(indices, 0);
        all = rows.split(new Array(draw.of).fill(1), 0).flatMap((row) => views(row.reshape([-1]), single.layout));
      }
      return Array.from({ length: draw?.of ?? count }, (_, i) =>
        single.apply(all.slice(i * each, (i + 1) * each), seen, action),
      );
    },
  };
}

/** How critics are regularised (DroQ: Hiraoka et al. 2021, arXiv 2110.02034). */
export const criticConfig = {
  criticLayerNorm: z
    .boolean()
    .default(false)
    .describe('layer normalisation before the activations of the critics (DroQ, RLPD: yes)'),
  criticDropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('probability that a hidden unit of a critic is left out while learning (DroQ: 0.01)'),
};

/** Settings of ensembles of critics (REDQ: Chen et al. 2021, arXiv 2101.05982). */
export const ensembleConfig = {
  targetCritics: z
    .int()
    .min(1)
    .max(100)
    .nullable()
    .default(null)
    .describe('critics, drawn anew for each update, whose minimum is the target; null: all (REDQ: 2 of 10)'),
};

/** The network of a critic while it learns, and the same without dropout for asking what it has learned. */
export function criticNetwork<
  Config extends InputNetworkSettings & { criticLayerNorm: boolean; criticDropout: number },
>(config: Config): { settings: InputNetworkSettings; learned: InputNetworkSettings } {
  const dropout = createDropout(config.criticDropout);
  const after = config.criticLayerNorm ? layerNormRelu : relu;
  return {
    settings: { ...config, activation: (y) => after(dropout.apply(y)) },
    learned: { ...config, activation: after },
  };
}

/** How many critics the target is the minimum of. */
export function chosenCritics(agent: string, config: { critics: number; targetCritics: number | null }): number {
  const { critics, targetCritics } = config;
  if (targetCritics !== null && targetCritics > critics) {
    throw new UsageError(
      `${agent} draws agent.targetCritics=${targetCritics} of agent.critics=${critics} critics; set targetCritics from 1 to ${critics}, or null for all.`,
    );
  }
  return targetCritics ?? critics;
}

/** The smallest of several values, elementwise. */
export const smallest = (values: readonly Tensor[]): Tensor => values.reduce((a, b) => a.min(b));

/** The mean of several values, elementwise. */
export const average = (values: readonly Tensor[]): Tensor => values.reduce((a, b) => a.add(b)).mul(1 / values.length);

/** Scalars as the output `metrics`. */
export const metrics = (scalars: readonly Tensor[]): Tensor =>
  concat(
    scalars.map((x) => x.reshape([1])),
    0,
  );

/**
 * Bounds bootstrapped targets to what any policy can earn, [r_low / (1 - discount), r_high / (1 - discount)] (for -1/0
 * rewards the HER paper's [-1/(1-gamma), 0]). Sound for returns without an entropy term; a range that holds 0 so that
 * ended episodes fit too.
 */
export function boundTarget(target: Tensor, [low, high]: readonly [number, number], discount: number): Tensor {
  const lowest = Math.min(0, low) / (1 - discount);
  const highest = Math.max(0, high) / (1 - discount);
  return Number.isFinite(lowest) || Number.isFinite(highest) ? target.clip(lowest, highest) : target;
}

/** Mean squared error of every critic against one target, summed over critics (SB3 halves it, which only scales it). */
export const criticLoss = (values: readonly Tensor[], target: Tensor): Tensor =>
  values.map((value) => value.sub(target).square().mean()).reduce((a, b) => a.add(b));

/** A batch as learning steps take it: normalised inputs, unit actions (or action indices). */
export interface UnitBatch {
  readonly seen: Seen;
  /** Of the next state. */
  readonly next: Seen;
  readonly action: Tensor;
  readonly reward: Tensor;
  /** 1 - terminated. */
  readonly alive: Tensor;
}

export function batchInputs(g: Graph, rows: number, spec: AgentSpec, scale: ActionScale, see: See): UnitBatch {
  return {
    seen: see(g, rows),
    next: see.next(g, rows),
    action: scale.toUnit(g.input('action', [rows, actionSize(spec.action)])),
    reward: g.input('reward', [rows, 1]),
    alive: g.input('terminated', [rows, 1]).neg().add(1),
  };
}

/** Hyperparameter of returns over several steps, the same for every agent that bootstraps. */
export const returnConfig = {
  nStep: z
    .int()
    .min(1)
    .max(100)
    .default(1)
    .describe('steps of reward in a target before it bootstraps (papers: 1; Rainbow: 3); past rewards are off-policy'),
};

interface Returns {
  readonly nStep: number;
  readonly discount: number;
}

/** What an agent asks of its batches for that; of one step nothing. */
export const returnRequest = ({ nStep: steps, discount }: Returns): Pick<Agent, 'batch'> =>
  steps > 1 ? { batch: { nStep: { steps, discount } } } : {};

/**
 * The target r + gamma (1 - terminated) V(s'). Over several steps `reward` is the discounted sum, s' the state after the
 * last of them, and the column `discount` what its value counts: gamma^n for n steps, fewer where the episode ends.
 */
export function bootstrap({ reward, alive }: UnitBatch, { nStep, discount }: Returns, nextValue: Tensor): Tensor {
  const counts = nStep > 1 ? reward.graph.input('discount', reward.shape) : discount;
  return reward.add(alive.mul(counts).mul(nextValue));
}

/** A network's parameters as a state vector. */
export const parameters = ({ layout, init }: Pick<InputNetwork, 'layout' | 'init'>): StateVector => ({
  size: layout.size,
  layout: layout.entries,
  init: (random: Random) => init(random),
});
