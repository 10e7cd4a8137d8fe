// Diagnoses of models whose errors are known: exact ones, too sure ones, biased ones; and the figures themselves.
import { describe, expect, it } from 'vitest';
import { rulesWithoutGoals } from '../../envs/spec.js';
import { createRandom } from '../../random.js';
import { createReplay } from '../../replay/index.js';
import { modelSpec } from '../model-spec.js';
import type { BatchStep } from '../model-step.js';
import { writeScales } from '../scales.js';
import { linear, linearReplay, linearSpec } from '../testing.js';
import { transitionsOf } from '../transitions.js';
import type { ElitePredictions } from './elite-predictions.js';
import { normalCdf, rankCorrelation, rootMeanBand } from './figures.js';
import { oneStep } from './one-step.js';
import { horizonsTo, openLoop } from './open-loop.js';

const spec = modelSpec(linearSpec);
const numbersOf = (count: number) => Uint32Array.from({ length: count }, (_, i) => i);

/** The expected change and reward of the linear system. */
function expected(state: ArrayLike<number>, at: number, action: number): number[] {
  const s = [state[at], state[at + 1]];
  const change = s.map((_, i) => linear.a[i][0] * s[0] + linear.a[i][1] * s[1] + linear.b[i] * action);
  return [...change, linear.reward(s, action)];
}

/** Two elites that know the linear system, `apart` from its truth to either side, with deviations `sure` times the true ones. */
function knowing(scales: Float32Array, { apart = 0, sure = 1, ends = false } = {}): ElitePredictions {
  const rows = 64;
  const means = new Float32Array(2 * rows * 3);
  const deviations = new Float32Array(2 * rows * 3);
  const failure = new Float32Array(2 * rows).fill(ends ? 1 : -1);
  const state = new Float32Array(rows * 2);
  const action = new Float32Array(rows);
  const scale = (j: number) => [scales[2 * spec.inputs + j], scales[2 * spec.inputs + spec.outputs + j]];
  return {
    rows,
    elites: 2,
    state,
    action,
    task: new Float32Array(rows),
    means,
    deviations,
    failure,
    async run() {
      for (let e = 0; e < 2; e++) {
        for (let n = 0; n < rows; n++) {
          for (const [j, value] of expected(state, 2 * n, action[n]).entries()) {
            const [mean, deviation] = scale(j);
            const at = (e * rows + n) * 3 + j;
            means[at] = (value + (e === 0 ? apart : -apart) - mean) / deviation;
            deviations[at] = (sure * ([...linear.deviation, 1e-3][j] as number)) / deviation;
          }
        }
      }
    },
    dispose: async () => undefined,
  };
}

describe('single steps of a linear system with noise', async () => {
  const data = transitionsOf([linearReplay(4000)]);
  const scales = new Float32Array(2 * spec.inputs + 2 * spec.outputs + 2);
  await writeScales(spec, data, numbersOf(data.count), scales);
  const diagnose = (how = {}) => oneStep({ spec, scales }, knowing(scales, how), data, numbersOf(data.count));

  it('of who knows it: errors are the noise, intervals hold what they say', async () => {
    const { dimensions, coverage, ends, noiseRatio, ratio } = await diagnose();
    expect(dimensions.map(({ name }) => name)).toEqual(['observation[0]', 'observation[1]', 'reward']);
    for (const [j, noise] of linear.deviation.entries()) {
      const { error, aleatoric, epistemic, coverage90, noChange, ratio: own } = dimensions[j];
      expect(Math.abs(error / noise - 1)).toBeLessThan(0.05); // 4 / sqrt(2 * 4000)
      expect(aleatoric).toBeCloseTo(noise, 5);
      expect(epistemic).toBeLessThan(1e-3);
      expect(Math.abs((coverage90 ?? 0) - 0.9)).toBeLessThan(0.02); // 4 sqrt(0.9 0.1 / 4000)
      expect(own).toBeCloseTo(error / noChange, 6);
    }
    expect(dimensions[2].error).toBeLessThan(1e-4);
    // The reward is surer than it says: everything lies within.
    for (const { level, share } of coverage ?? []) expect(Math.abs(share - (2 * level + 1) / 3)).toBeLessThan(0.03);
    expect(noiseRatio).toBeCloseTo(ratio, 1);
    expect(ends).toEqual({ real: 0, predicted: 0, hits: 0 });
  });

  it('of who is too sure by half: intervals of 90% hold 59%', async () => {
    const { dimensions } = await diagnose({ sure: 0.5 });
    const held = 2 * normalCdf(1.6448536 / 2) - 1;
    for (const { coverage90 } of dimensions.slice(0, 2)) expect(Math.abs((coverage90 ?? 0) - held)).toBeLessThan(0.035);
  });

  it('of two who differ: that is epistemic, and their mean errs no more', async () => {
    const { dimensions } = await diagnose({ apart: 0.05, ends: true });
    for (const { epistemic } of dimensions) expect(epistemic).toBeCloseTo(0.05, 3);
    expect(Math.abs(dimensions[1].error / 0.1 - 1)).toBeLessThan(0.05);
  });

  it('tells ends that never happen, by the members or by the rules', async () => {
    expect((await diagnose({ ends: true })).ends).toEqual({ real: 0, predicted: 4000, hits: 0 });
    const never = (_: Float32Array, out: Uint8Array) => void out.fill(0);
    const { ends } = await oneStep({ spec, scales }, knowing(scales, { ends: true }), data, numbersOf(4000), never);
    expect(ends.predicted).toBe(0);
  });
});

describe('what moves seldom', () => {
  it('is judged by the steps in which it moves', async () => {
    const replay = createReplay(linearSpec, 2000);
    for (let n = 0; n < 100; n++) {
      // The second number jumps by 1 once, in the tenth step; the first grows by 1 in every step.
      const observation = Array.from({ length: 42 }, (_, i) => (i % 2 === 0 ? i / 2 : i / 2 > 10 ? 1.5 : 0.5));
      replay.addEpisode({
        columns: { observation, action: new Array(20).fill(0), reward: new Array(20).fill(0) },
        failed: false,
      });
    }
    const data = transitionsOf([replay]);
    const scales = new Float32Array(2 * spec.inputs + 2 * spec.outputs + 2);
    await writeScales(spec, data, numbersOf(data.count), scales);
    const predictions = { ...knowing(scales), run: async () => undefined }; // says the mean change: 1 and 0.05
    const { dimensions } = await oneStep({ spec, scales }, predictions, data, numbersOf(data.count));
    expect(dimensions[0]).toMatchObject({ ratio: 0, resting: 0 });
    expect(dimensions[1].resting).toBeCloseTo(0.95, 6);
    expect(dimensions[1].movingRatio).toBeCloseTo(0.95, 5);
    expect(dimensions[2].ratio).toBeNull();
  });
});

describe('along real actions', () => {
  const rules = rulesWithoutGoals(linearSpec);
  /** Follows the linear system with an error of `wrong` in its first number, each step; rewards `paid` more than they are. */
  function followed(starts: number, wrong: number, paid: number): BatchStep {
    const rows = 2 * starts;
    const of = (size: number) => new Float32Array(rows * size);
    const step: BatchStep = {
      rows,
      state: of(2),
      action: of(1),
      task: of(1),
      noise: of(3),
      next: of(2),
      results: of(1),
      failure: of(1).fill(-1),
      async run() {
        for (let n = 0; n < rows; n++) {
          const [one, other, reward] = expected(step.state, 2 * n, step.action[n]);
          step.next[2 * n] = step.state[2 * n] + one + wrong;
          step.next[2 * n + 1] = step.state[2 * n + 1] + other;
          step.results[n] = reward + paid;
        }
      },
      dispose: async () => undefined,
    };
    return step;
  }
  const scales = new Float32Array(2 * spec.inputs + 2 * spec.outputs + 2).fill(2);
  const model = { spec, scales, failures: false, eliteCount: 2 };
  const along = (data: ReturnType<typeof transitionsOf>, wrong: number, paid: number, most = 10) =>
    openLoop({ model, rules, step: followed(50, wrong, paid), data, most, discount: 0.5, random: createRandom(1) });

  it('who knows the system without noise errs nowhere, and ranks returns as they were', async () => {
    const { errors, returns, states } = await along(transitionsOf([linearReplay(600, 1, [0, 0])]), 0, 0);
    expect(errors.map(({ steps }) => steps)).toEqual([1, 2, 5, 10]);
    for (const { error, noChange } of errors) {
      expect(error.high).toBeLessThan(1e-5);
      expect(noChange).toBeGreaterThan(0.1);
    }
    for (const { bias, error, rankCorrelation: rank } of returns) {
      expect(Math.abs(bias ?? 1)).toBeLessThan(1e-6);
      expect(error).toBeLessThan(1e-5);
      expect(rank).toBeGreaterThan(0.9999);
    }
    expect(states.get(10)).toHaveLength(200);
  });

  it('a constant error is that of the first step, in deviations; rewards paid too high add up as a discounted sum', async () => {
    const { errors, returns } = await along(transitionsOf([linearReplay(600, 1, [0, 0])]), 0.01, 3);
    expect(errors[0].error.value).toBeCloseTo((0.01 * 2) / Math.SQRT2, 5);
    expect(returns[0].predicted - returns[0].real).toBeCloseTo(3, 4);
    // The wrong state adds 3 * 0.01 to the second reward.
    expect(returns[1].predicted - returns[1].real).toBeCloseTo(3 * 1.5 + 0.5 * 0.03, 4);
  });

  it('reaches as far as the longest episode, and stops where one ended for good', async () => {
    const replay = createReplay(linearSpec, 600);
    for (let n = 0; n < 20; n++) {
      const steps = 3;
      const columns = {
        observation: Array.from({ length: 2 * (steps + 1) }, () => 0),
        action: new Array(steps).fill(0),
        reward: [1, 1, n % 2],
      };
      replay.addEpisode({ columns, failed: true });
    }
    const { returns, errors } = await along(transitionsOf([replay]), 0, 1, 9);
    expect(returns.map(({ steps }) => steps)).toEqual([1, 2, 3]);
    expect(errors.at(-1)?.starts).toBeLessThan(50);
    // Ends are known, so that every start counts: of 3, 2 or 1 steps.
    expect(returns.map(({ starts }) => starts)).toEqual([50, 50, 50]);
    expect(returns[2].predicted).toBeGreaterThan(returns[2].real);
  });
});

describe('figures', () => {
  it('rank correlations', () => {
    expect(rankCorrelation([1, 2, 3], [10, 20, 1000])).toBeCloseTo(1, 12);
    expect(rankCorrelation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
    // Ranks 1.5, 1.5, 3, 4 and 1, 2, 3, 4.
    expect(rankCorrelation([5, 5, 6, 7], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
    expect(rankCorrelation([1, 1], [1, 2])).toBeNaN();
  });

  it('bands hold the value, and are wider where neighbours are alike', () => {
    const random = createRandom(1);
    const squares = Array.from({ length: 200 }, (_, i) => (Math.floor(i / 20) % 2 === 0 ? 1 : 4));
    const alone = rootMeanBand(squares, numbersAsBlocks(1), random);
    const together = rootMeanBand(squares, numbersAsBlocks(20), random);
    expect(alone.value).toBeCloseTo(Math.sqrt(2.5), 12);
    expect(alone.low).toBeLessThan(alone.value);
    expect(alone.high).toBeGreaterThan(alone.value);
    expect(together.high - together.low).toBeGreaterThan(2 * (alone.high - alone.low));
  });
  const numbersAsBlocks = (size: number) => Array.from({ length: 200 }, (_, i) => Math.floor(i / size));

  it('horizons', () => {
    expect(horizonsTo(50)).toEqual([1, 2, 5, 10, 20, 50]);
    expect(horizonsTo(7)).toEqual([1, 2, 5, 7]);
    expect(horizonsTo(1)).toEqual([1]);
  });
});
