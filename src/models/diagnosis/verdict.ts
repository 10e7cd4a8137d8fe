// Whether a model of the world is worth it, with the reasons: from what was measured of the model and of the domain.

import type { OneStep } from './one-step.js';
import type { HorizonError, ReturnError } from './open-loop.js';

export interface Evidence {
  readonly oneStep: OneStep;
  readonly errors: readonly HorizonError[];
  readonly returns: readonly ReturnError[];
  /** Numbers of the state, real transitions that the model was fitted to, and seconds that a real step takes. */
  readonly stateSize: number;
  readonly fittedTo: number;
  readonly stepSeconds: number;
  /** Seconds that fits and imagination take for each real step, with the run's settings. */
  readonly modelSecondsPerStep: number;
  /** Error of a state's numbers, in deviations, that rollouts may end with (`model.autoError`). */
  readonly autoError: number;
}

export interface Reason {
  /** Whether it speaks for a model, against it, or only tells how to use one. */
  readonly speaks: 'for' | 'against' | 'advice';
  readonly about:
    | 'pictures'
    | 'prediction'
    | 'noise'
    | 'contacts'
    | 'horizon'
    | 'returns'
    | 'calibration'
    | 'ends'
    | 'data'
    | 'cost';
  readonly text: string;
}

export interface Verdict {
  /** Whether to use a model. */
  readonly use: boolean;
  /** Whether the model would be good enough, were real steps dear. */
  readonly trustworthy: boolean;
  /** Steps of rollouts that the model is good for; 0 where it is not trustworthy. */
  readonly horizon: number;
  readonly reasons: readonly Reason[];
}

/** One-step error against "no change" from which a model says too little. */
const UNPREDICTED = 0.7;
/** Predicted noise against the size of changes from which the world itself is what errs. */
const NOISY = 0.7;
/** Share of steps in which a number stays as it was, from which something seldom touched is suspected. */
const SELDOM = 0.5;
/** Rank correlation of returns that a policy improved in the model needs. */
const RANKED = 0.5;
/** Share that the interval of 90% holds: below, members are too sure of themselves. */
const COVERED = 0.75;
/** Share that the interval of 50% holds: above, they see more noise than there is. */
const WIDE = 0.75;
/** Steps that are looked at for returns: about those of a rollout. */
const RETURN_STEPS = 20;
/** Transitions for each number of the state, below which nothing is judged for good. */
const FEW = 50;
/** How many times fewer real steps models have taken on average: TD-MPC2 against SAC, the median over 29 tasks (arXiv 2310.16828). */
const SAVING = 3.3;

/** A picture as part of the observation settles it: models here do not predict pictures. */
export const pictureVerdict = (part: string): Verdict => ({
  use: false,
  trustworthy: false,
  horizon: 0,
  reasons: [
    {
      speaks: 'against',
      about: 'pictures',
      text: `"${part}" is a picture, which models here do not predict; learn without a model, or from numbers that say the same.`,
    },
  ],
});

export function verdictOf(evidence: Evidence): Verdict {
  const { oneStep, errors, returns, stateSize, fittedTo } = evidence;
  const reasons: Reason[] = [];
  const say = (speaks: Reason['speaks'], about: Reason['about'], text: string) => reasons.push({ speaks, about, text });

  const { ratio, noiseRatio } = oneStep;
  const noisy = noiseRatio !== null && noiseRatio > NOISY;
  const predicts = ratio < UNPREDICTED;
  say(
    predicts ? 'for' : 'against',
    'prediction',
    `One step: the error is ${percent(ratio)} of saying that nothing changes; less than ${percent(UNPREDICTED)} is wanted.`,
  );
  if (noisy) {
    say(
      'against',
      'noise',
      `The members call ${percent(noiseRatio ** 2)} of the changes' variance noise: a model cannot foresee it, and policies learn to use its errors.`,
    );
  }

  const seldom = oneStep.dimensions.filter(({ resting, ratio: r }) => r !== null && resting > SELDOM);
  const missed = seldom.filter(({ movingRatio }) => movingRatio !== null && movingRatio >= UNPREDICTED);
  if (missed.length > 0) {
    say(
      'against',
      'contacts',
      `${list(missed.map(({ name }) => name))} move in few steps, as what is touched seldom, and when they do the error is ${percent(worst(missed))} of saying that they stay: contacts are not learned yet.`,
    );
  } else if (seldom.length > 0) {
    say(
      'for',
      'contacts',
      `${list(seldom.map(({ name }) => name))} move in few steps, and those are predicted (${percent(worst(seldom))} of "no change").`,
    );
  }

  const good = goodFor(errors, evidence.autoError);
  const lost = errors.find(({ error, noChange }) => !(error.value < noChange));
  if (lost)
    say(
      'advice',
      'horizon',
      `After ${lost.steps} steps along real actions the model is no better than saying that the state stays: imagine less.`,
    );
  say(
    'advice',
    'horizon',
    `Errors stay within ${evidence.autoError} deviations for ${plural(good, 'step')}: model.horizon=${good}${good === 1 ? ' (errors compound: begin there)' : ''}.`,
  );

  const judged = returns.filter(({ steps }) => steps <= RETURN_STEPS).at(-1);
  const rank = judged?.rankCorrelation ?? null;
  const ranked = rank === null || rank >= RANKED;
  if (judged && rank !== null) {
    const bias = judged.bias ?? 0;
    say(
      ranked ? 'for' : 'against',
      'returns',
      `Returns of ${plural(judged.steps, 'step')}: the model ranks them as they were by ${rank.toFixed(2)} (Spearman; at least ${RANKED} is wanted), and is off by ${signed(bias)} deviations on average.`,
    );
  }

  const heldBy = (wanted: number) => oneStep.coverage?.find(({ level }) => level === wanted)?.share;
  const [middle, covered] = [heldBy(0.5), heldBy(0.9)];
  if (covered !== undefined && covered < COVERED) {
    say(
      'advice',
      'calibration',
      `Intervals of 90% hold ${percent(covered)} of what happens: the members are too sure of themselves; keep rollouts short.`,
    );
  } else if (middle !== undefined && middle > WIDE) {
    say(
      'advice',
      'calibration',
      `Intervals of 50% hold ${percent(middle)} of what happens: the members call noise what they could know by now; longer fits (model.patience) or more data help.`,
    );
  }
  const { real, predicted, hits } = oneStep.ends;
  if (real > 0 && hits < real / 2) {
    say(
      'advice',
      'ends',
      `${hits} of ${real} ends were foreseen: policies will think themselves safe; declare computeFailed in the environment.`,
    );
  } else if (predicted > 2 * real + 5) {
    say('advice', 'ends', `${predicted} ends were foreseen where ${real} happened: policies will shun what is safe.`);
  }
  if (fittedTo < FEW * stateSize) {
    say(
      'advice',
      'data',
      `Fitted to ${fittedTo} transitions of ${plural(stateSize, 'number')}: collect more before you believe this.`,
    );
  }

  const trustworthy = predicts && !noisy && missed.length === 0 && ranked;
  const { stepSeconds, modelSecondsPerStep: cost } = evidence;
  const dear = cost / (SAVING - 1);
  const worth = stepSeconds > dear;
  const costs = `A real step takes ${seconds(stepSeconds)}, fits and imagination ${seconds(cost)} for each of them`;
  const saving = `with ${SAVING} times fewer steps, the median of published gains`;
  if (worth) say('for', 'cost', `${costs}: ${saving}, a model saves time.`);
  else
    say(
      'against',
      'cost',
      `${costs}: even ${saving}, steps are cheaper; a model pays where a step takes more than ${seconds(dear)} (--step-seconds) or does harm.`,
    );
  if (trustworthy) {
    say(
      'advice',
      'cost',
      'Compare with training.updatesPerStep=10 without a model first: much of the gain may come from the updates.',
    );
  }
  return { use: trustworthy && worth, trustworthy, horizon: trustworthy ? good : 0, reasons };
}

/** The verdict in a sentence. */
export function verdictText({ use, trustworthy, horizon }: Verdict): string {
  if (use) return `Use a model, with rollouts of ${plural(horizon, 'step')}.`;
  if (trustworthy) return 'Do without a model here: it would be good enough, but real steps are cheap.';
  return 'Do without a model.';
}

/** The most steps reported whose errors, and those of all before, stay within the bound; at least 1. */
function goodFor(errors: readonly HorizonError[], bound: number): number {
  let good = 1;
  for (const { steps, error } of errors) {
    if (!(error.value <= bound)) break;
    good = steps;
  }
  return good;
}

const percent = (share: number) => `${Math.round(100 * share)}%`;
const plural = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
const signed = (value: number) => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(2)}`;
const worst = (dimensions: OneStep['dimensions']) => Math.max(...dimensions.map(({ movingRatio }) => movingRatio ?? 0));
/** At most four names. */
const list = (names: readonly string[]) =>
  names.length > 4 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ');

function seconds(value: number): string {
  const two = (v: number) => String(Number(v.toPrecision(2)));
  if (value >= 1) return `${two(value)} s`;
  return value >= 1e-3 ? `${two(1000 * value)} ms` : `${two(1e6 * value)} us`;
}
