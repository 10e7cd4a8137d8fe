// Planners on worlds whose best plans are known, what they think of plans that lead nowhere, and the noise of iCEM.
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { type Graph, program, type Tensor } from '../tensor/index.js';
import { colouring } from './coloured-noise.js';
import {
  discreteCem,
  type Planner,
  type PlannerKind,
  planIn,
  plannerKinds,
  plannerNoise,
  planners,
} from './planners.js';
import { planningProblem, type World } from './problem.js';

const settings = {
  samples: 100,
  rounds: 4,
  elites: 10,
  inertia: 0.1,
  deviation: 0.7,
  colour: 1,
  decay: 1.25,
  temperature: 0.05,
};
const HORIZON = 5;

/** First actions for states [R, 1], and the plans remembered. */
async function plan(
  of: { planner: Planner; kind: PlannerKind; world: (g: Graph) => World; actions?: number; afterEnd?: number },
  states: number[],
  warm?: Float32Array,
  seed = 1,
) {
  const { actions = 1, afterEnd = 0 } = of;
  const rows = states.length;
  const size = plannerNoise(of.kind, settings, HORIZON, actions);
  const asked = program('plan', (g) => {
    const problem = planningProblem(g, of.world(g), g.input('state', [rows, 1]), {
      horizon: HORIZON,
      actions,
      discount: 1,
      afterEnd,
    });
    const noise = g.input('noise', [rows, size]);
    const { action, next } = planIn(
      g,
      of.planner,
      of.kind,
      problem,
      settings,
      noise,
      g.input('warm', [rows, HORIZON * actions]),
    );
    return { action, next };
  });
  const executable = await nodeRuntime.compile(asked);
  const noise = new Float32Array(rows * size);
  createRandom(seed).fillNormal(noise);
  const { action, next } = await executable.run({
    state: Float32Array.from(states),
    noise,
    warm: warm ?? new Float32Array(rows * HORIZON * actions),
  });
  await executable.dispose();
  return { action: [...action].map(Number), next: next as Float32Array };
}

/** Moves by half an action; the place 1 is best, and efforts cost nothing. */
const line = (): World => (state, action) => {
  const next = state.add(action.mul(0.5));
  return { next, reward: next.sub(1).square().neg() };
};

describe.each(plannerKinds)('%s', (kind) => {
  const planner = planners[kind];

  it('takes the best first action, for several states side by side', async () => {
    const { action } = await plan({ planner, kind, world: line }, [0, 0.8, 1, 1.7, 3]);
    // (1 - s) / 0.5, as far as actions go; MPPI's means of clipped plans do not reach the bounds.
    const bound = kind === 'mppi' ? 0.25 : 0.15;
    for (const [i, best] of [1, 0.4, 0, -1, -1].entries()) expect(Math.abs(action[i] - best)).toBeLessThan(bound);
  });

  it('remembers the rest of its plan, and profits from it', async () => {
    const { next } = await plan({ planner, kind, world: line }, [0]);
    expect(next[0]).toBeGreaterThan(0.6); // the second of two full pushes
    expect(next[HORIZON - 1]).toBe(0);
  });

  it('never takes a plan that leads to what is no number', async () => {
    const odd =
      (g: Graph): World =>
      (state, action) => {
        const { next, reward } = line()(state, action);
        const broken = reward.mul(0).div(g.constant([0])); // 0 / 0
        return { next, reward: action.greater(0.3).where(broken, reward) };
      };
    const { action } = await plan({ planner, kind, world: odd }, [0]);
    expect(action[0]).toBeLessThanOrEqual(0.3);
    expect(Number.isFinite(action[0])).toBe(true);
  });

  it('does not seek the end to be spared from costs', async () => {
    // Left of 0 the world ends; every step costs 1 but those to the right, which cost 0.9.
    const deadly = (): World => (state, action) => {
      const next = state.add(action.mul(0.5));
      const alive = next.greater(0).cast(next.dtype);
      return { next, reward: action.greater(0).where(-0.9, action.mul(0).sub(1)), alive };
    };
    const ends = await plan({ planner, kind, world: deadly, afterEnd: 0 }, [0.2]);
    const lives = await plan({ planner, kind, world: deadly, afterEnd: -1 }, [0.2]);
    expect(ends.action[0]).toBeLessThan(0);
    expect(lives.action[0]).toBeGreaterThan(0);
  });
});

describe('over choices', () => {
  it('gives up a small reward for a larger one later', async () => {
    // Choice 0 pays 0.4; choice 1 pays nothing, but moves on by 1, and beyond 1 every step pays 1.
    const world = (): World => (state, action) => {
      const [stay, move] = action.split([1, 1], 1);
      return { next: state.add(move), reward: stay.mul(0.4).add(state.greater(1.5).cast(state.dtype)) };
    };
    const { action } = await plan({ planner: discreteCem, kind: 'cem', world, actions: 2 }, [0, 5]);
    expect(action).toEqual([1, 0]); // there, staying pays besides
  });
});

describe('coloured noise', () => {
  it.each([
    [8, 0],
    [9, 2],
    [20, 3.5],
    [1, 2],
  ])('over %i steps with exponent %d has variance 1 everywhere', (horizon, exponent) => {
    const matrix = colouring(horizon, exponent);
    for (let t = 0; t < horizon; t++) {
      let sum = 0;
      for (let i = 0; i < horizon; i++) sum += matrix[i * horizon + t] ** 2;
      expect(sum).toBeCloseTo(1, 5);
    }
  });
  it('follows from one step to the next the more the larger the exponent', () => {
    const correlation = (exponent: number) => {
      const matrix = colouring(20, exponent);
      let sum = 0;
      for (let i = 0; i < 20; i++) sum += matrix[i * 20] * matrix[i * 20 + 1];
      return sum;
    };
    expect(Math.abs(correlation(0))).toBeLessThan(1e-5);
    expect(correlation(1)).toBeGreaterThan(0.3);
    expect(correlation(3)).toBeGreaterThan(correlation(1));
  });
});

it('judges a plan by the mean of its worlds', async () => {
  const asked = program('score', (g) => {
    const state = g.input('state', [2, 1]);
    // World 0 pays the action, world 1 three times as much; rows of a world lie together.
    const world: World = (now, action): ReturnType<World> => {
      const [one, other] = action.split([6, 6], 0) as [Tensor, Tensor];
      const paid = one
        .reshape([1, 6])
        .add(other.mul(0).reshape([1, 6]))
        .reshape([6, 1]);
      const both = paid
        .reshape([1, 6, 1])
        .mul(g.constant([1, 3], [2, 1, 1]))
        .reshape([12, 1]);
      return { next: now, reward: both };
    };
    const problem = planningProblem(g, world, state, { horizon: 2, actions: 1, discount: 0.5, afterEnd: 0, worlds: 2 });
    return { returns: problem.score(g.input('plans', [2, 3, 2, 1])) };
  });
  const executable = await nodeRuntime.compile(asked);
  const plans = Float32Array.of(1, 2, 0, 1, -1, 0, 0.5, 0.5, 0, 0, 1, 1);
  const { returns } = await executable.run({ state: Float32Array.of(0, 0), plans });
  expect([...returns]).toEqual([4, 1, -2, 1.5, 0, 3]);
  await executable.dispose();
});
