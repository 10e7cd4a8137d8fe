// Planners as rounds of drawing and judging plans: the cross-entropy method, iCEM and MPPI over plans in [-1, 1], CEM over choices.
import { concat, type Graph, type Tensor } from '../tensor/index.js';
import { colouring } from './coloured-noise.js';
import type { PlanSize, Problem } from './problem.js';

export interface PlannerSettings {
  /** Plans drawn in each round, and rounds. */
  readonly samples: number;
  readonly rounds: number;
  /** Best plans that the next round is drawn around. */
  readonly elites: number;
  /** Share of the old mean and deviation that is kept from round to round. */
  readonly inertia: number;
  /** Deviation that the first round is drawn with, in unit actions. */
  readonly deviation: number;
  /** iCEM: power of the noise falls with frequency to this exponent; by how much rounds become smaller. */
  readonly colour: number;
  readonly decay: number;
  /** MPPI: how much worse a plan may be and still count, in the returns' own unit. */
  readonly temperature: number;
}

export interface Planned {
  /** [R, a] in [-1, 1], or [R, 1]: the number of a choice. */
  readonly action: Tensor;
  /** The plan to begin the next step's with: [R, H a]. */
  readonly next: Tensor;
}

/** What a planner carries from round to round, by name: `mean` and `deviation` [R, 1, H, a], `logits`, `kept` [R, k, H, a]. */
export type Search = Readonly<Record<string, Tensor>>;

/** A planner, whoever judges its plans: in the same program (`planIn`), or outside between programs (round-planner.ts). */
export interface Planner {
  /** `warm` [R, H a]: what was remembered, zeros at first. */
  begin(g: Graph, size: PlanSize, settings: PlannerSettings, warm: Tensor): Search;
  /** Plans [R, K, H, a] from standard normals [R, k, H, a]; some draw more plans than they take noise for. */
  draw(g: Graph, settings: PlannerSettings, search: Search, noise: Tensor, last: boolean): Tensor;
  /** From the plans' returns [R, K]. */
  learn(settings: PlannerSettings, search: Search, plans: Tensor, returns: Tensor): Search;
  finish(g: Graph, search: Search): Planned;
}

/** All rounds in one program. `noise`: standard normals [R, plannerNoise]. */
export function planIn(
  g: Graph,
  planner: Planner,
  kind: PlannerKind,
  problem: Problem,
  settings: PlannerSettings,
  noise: Tensor,
  warm: Tensor,
): Planned {
  let search = planner.begin(g, problem, settings, warm);
  const all = noiseOfRounds(kind, problem, settings, noise);
  for (const [round, drawn] of all.entries()) {
    const plans = planner.draw(g, settings, search, drawn, round === all.length - 1);
    search = planner.learn(settings, search, plans, problem.score(plans));
  }
  return planner.finish(g, search);
}

/** How many plans each round draws: iCEM's become fewer, never fewer than twice its elites. */
export function samplesOf(kind: PlannerKind, { samples, rounds, decay, elites }: PlannerSettings): number[] {
  return Array.from({ length: rounds }, (_, i) =>
    kind === 'icem' ? Math.max(2 * elites, Math.round(samples * decay ** -i)) : samples,
  );
}

/** Numbers of noise for one state. */
export const plannerNoise = (kind: PlannerKind, settings: PlannerSettings, horizon: number, actions: number): number =>
  samplesOf(kind, settings).reduce((sum, n) => sum + n, 0) * horizon * actions;

/** The noise of each round: [R, K, H, a]. */
function noiseOfRounds(
  kind: PlannerKind,
  { rows, horizon, actions }: PlanSize,
  settings: PlannerSettings,
  noise: Tensor,
) {
  const counts = samplesOf(kind, settings);
  return noise
    .split(
      counts.map((n) => n * horizon * actions),
      1,
    )
    .map((part, i) => part.reshape([rows, counts[i], horizon, actions]));
}

/** The k plans [R, k, H, a] with the largest returns [R, K], best first. */
function best(plans: Tensor, returns: Tensor, k: number): Tensor {
  const [rows, , horizon, actions] = plans.shape;
  const { indices } = returns.topK(k, 1);
  const size = horizon * actions;
  const at = indices.reshape([rows, k, 1]).expand([rows, k, size]);
  return plans.reshape([rows, plans.shape[1], size]).takeAlong(at, 1).reshape([rows, k, horizon, actions]);
}

/** The plan [R, 1, H, a] one step on; its last action is that of the middle. */
function later(g: Graph, plan: Tensor): Tensor {
  const [rows, , horizon, actions] = plan.shape;
  const middle = g.zeros([rows, 1, 1, actions]);
  const next = horizon === 1 ? middle : concat([plan.slice(2, 1, horizon), middle], 2);
  return next.reshape([rows, horizon * actions]);
}

const firstAction = (plan: Tensor): Tensor => plan.slice(2, 0, 1).reshape([plan.shape[0], plan.shape[3]]);

/** Around what was remembered, as wide as the settings say. */
const beginGaussian: Planner['begin'] = (g, { rows, horizon, actions }, settings, warm) => ({
  mean: warm.reshape([rows, 1, horizon, actions]),
  deviation: g.full([rows, 1, horizon, actions], settings.deviation),
});

/** Mean and deviation moved to those of the elites. */
function towards({ inertia }: PlannerSettings, { mean, deviation }: Search, chosen: Tensor) {
  const middle = chosen.mean([1], { keepDims: true });
  const spread = chosen.sub(middle).square().mean([1], { keepDims: true }).sqrt();
  return {
    mean: mean.mul(inertia).add(middle.mul(1 - inertia)),
    deviation: deviation.mul(inertia).add(spread.mul(1 - inertia)),
  };
}

const drawGaussian: Planner['draw'] = (_g, _settings, { mean, deviation }, noise) =>
  mean.add(noise.mul(deviation)).clip(-1, 1);

/**
 * The cross-entropy method as PETS has it (Chua et al. 2018): Gaussian plans, mean and deviation moved to those of the
 * elites; the first action of the last mean.
 */
const cem: Planner = {
  begin: beginGaussian,
  draw: drawGaussian,
  learn: (settings, search, plans, returns) => towards(settings, search, best(plans, returns, settings.elites)),
  finish: (g, { mean }) => ({ action: firstAction(mean), next: later(g, mean) }),
};

/**
 * iCEM (Pinneri et al. 2020, arXiv 2008.06389): coloured noise, fewer plans in each round, elites kept for the next
 * round, the mean among the last round's plans, and the best plan of all carried out.
 */
const icem: Planner = {
  begin: beginGaussian,
  draw(g, { colour }, { mean, deviation, kept }, noise, last) {
    const [, , horizon] = noise.shape;
    const filter = g.constant(colouring(horizon, colour), [horizon, horizon]);
    const smooth = noise.transpose([0, 1, 3, 2]).matmul(filter).transpose([0, 1, 3, 2]);
    const parts = [mean.add(smooth.mul(deviation)).clip(-1, 1)];
    if (kept) parts.push(kept);
    if (last) parts.push(mean.clip(-1, 1));
    return parts.length > 1 ? concat(parts, 1) : parts[0];
  },
  learn(settings, search, plans, returns) {
    const kept = best(plans, returns, settings.elites);
    return { ...towards(settings, search, kept), kept };
  },
  finish: (g, { mean, kept }) => ({ action: firstAction(kept.slice(1, 0, 1)), next: later(g, mean) }),
};

/**
 * MPPI (Williams et al. 2015, arXiv 1509.01149): the mean of all plans, weighted by exp(return / temperature), in rounds
 * as TD-MPC2 has them (Hansen et al. 2024, arXiv 2310.16828; there of the elites only, and temperature multiplies).
 */
const mppi: Planner = {
  begin: beginGaussian,
  draw: drawGaussian,
  learn({ inertia, temperature }, { mean, deviation }, plans, returns) {
    const weights = returns
      .sub(returns.amax([1], { keepDims: true }))
      .mul(1 / temperature)
      .clip(-80)
      .softmax(1);
    const by = weights.reshape([returns.shape[0], returns.shape[1], 1, 1]);
    const middle = plans.mul(by).sum([1], { keepDims: true });
    const spread = plans.sub(middle).square().mul(by).sum([1], { keepDims: true }).sqrt();
    return {
      mean: mean.mul(inertia).add(middle.mul(1 - inertia)),
      deviation: deviation
        .mul(inertia)
        .add(spread.mul(1 - inertia))
        .max(0.05),
    };
  },
  finish: (g, { mean }) => ({ action: firstAction(mean), next: later(g, mean) }),
};

/**
 * The cross-entropy method over choices: each step's are drawn by the Gumbel trick from logits, which move to those of
 * the elites' frequencies; the likeliest first choice of the end. Plans are one-hot; what is remembered are logits.
 */
const discreteCem: Planner = {
  begin: (_g, { rows, horizon, actions }, _settings, warm) => ({
    logits: warm.reshape([rows, 1, horizon, actions]),
  }),
  draw(_g, _settings, { logits }, noise) {
    // Phi(z) is uniform, -log(-log(Phi(z))) has Gumbel's distribution.
    const uniform = noise
      .mul(Math.SQRT1_2)
      .erf()
      .mul(0.5)
      .add(0.5)
      .clip(1e-6, 1 - 1e-6);
    return logits.sub(uniform.log().neg().log()).argmax(3).oneHot(noise.shape[3]);
  },
  learn({ elites, inertia }, { logits }, plans, returns) {
    const frequency = best(plans, returns, elites).mean([1], { keepDims: true });
    const probability = logits
      .softmax(3)
      .mul(inertia)
      .add(frequency.mul(1 - inertia));
    return { logits: probability.add(0.1 / plans.shape[3]).log() };
  },
  finish(g, { logits }) {
    const first = firstAction(logits).argmax(1).reshape([logits.shape[0], 1]).cast(g.dtype);
    return { action: first, next: later(g, logits) };
  },
};

export const planners = { cem, icem, mppi } as const;
export type PlannerKind = keyof typeof planners;
export const plannerKinds = Object.keys(planners) as [PlannerKind, ...PlannerKind[]];
/** Over choices there is CEM alone. */
export { discreteCem };
