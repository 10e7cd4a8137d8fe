// Tabular goal-conditioned Q-learning (Watkins 1989): one number Q(s, a, g) for each observation, action and goal seen.
import * as z from 'zod';
import { UsageError } from '../errors.js';
import { layout } from '../nets/index.js';
import { type Graph, program, type Tensor } from '../tensor/index.js';
import type { Agent, AgentDefinition, StateVector } from './agent.js';
import type { AgentSpec } from './agent-spec.js';

/**
 * The row of `rows` [n, w] nearest to each of x [B, w]: positions [B] (int64), and whether it is x itself [B, 1]. Places
 * without a row hold infinities, so that they are never the nearest.
 */
function nearest(rows: Tensor, x: Tensor): { at: Tensor; exact: Tensor } {
  const closeness = x.reshape([x.shape[0], 1, x.shape[1]]).sub(rows).square().sum([2]).neg();
  return { at: closeness.argmax(1), exact: closeness.amax([1], { keepDims: true }).equal(0) };
}

function create(spec: AgentSpec, config: TabularConfig): Agent {
  if (spec.action.kind !== 'discrete') {
    throw new UsageError('tabular needs discrete actions, but this environment has continuous ones; use sac.');
  }
  const { n: actions } = spec.action;
  const { states, goals } = config;
  const { observation, goal: ofGoal } = tableInputs(spec);
  const filled = (name: string, shape: readonly number[], value: number): StateVector => {
    const { entries, size } = layout([{ name, shape }]);
    const init = () => new Float32Array(size).fill(value);
    return { size, layout: entries, init, ...(value === Infinity && { unset: value }) };
  };
  /** Q(s, g) [rows, actions] of the rows nearest to observation and goal. */
  const lookUp = (g: Graph, rows: number) => {
    const state = nearest(
      g.input('states', [states * observation]).reshape([states, observation]),
      g.input('observation', [rows, observation]),
    );
    const ofState = g
      .input('values', [states * goals * actions])
      .reshape([states, goals * actions])
      .gather(state.at, 0);
    if (ofGoal === 0) return { exact: state.exact, q: ofState.slice(1, 0, actions) }; // all under the first goal
    const goal = nearest(g.input('goals', [goals * ofGoal]).reshape([goals, ofGoal]), g.input('goal', [rows, ofGoal]));
    const q = ofState
      .reshape([rows, goals, actions])
      .takeAlong(goal.at.reshape([rows, 1, 1]).expand([rows, 1, actions]), 1)
      .reshape([rows, actions]);
    return { exact: state.exact.and(goal.exact), q };
  };
  return {
    spec,
    state: {
      states: filled('rows', [states, observation], Infinity),
      goals: filled('rows', [goals, ofGoal], Infinity),
      values: filled('q', [states, goals, actions], initialValue(spec, config)),
      visits: { ...filled('q', [states, goals, actions], 0), layout: [] },
    },
    steps: () => ({}),
    updateNames: () => [],
    policyVectors: ['states', 'goals', 'values'],
    actionNoise: actions,
    act: (rows, { deterministic }) =>
      program('tabular-act', (g) => {
        const { exact, q } = lookUp(g, rows);
        if (deterministic) return { action: q.argmax(1).reshape([rows, 1]).cast('float32') };
        // While learning, equally good actions are drawn by the noise, and so are all in a state or for a goal never seen.
        const best = q.greaterEqual(q.amax([1], { keepDims: true }));
        const allowed = best.or(exact.not());
        const choice = allowed.where(g.input('noise', [rows, actions]), -1e9);
        return { action: choice.argmax(1).reshape([rows, 1]).cast('float32') };
      }),
    value: {
      vectors: ['states', 'goals', 'values'],
      program: (rows) => program('tabular-value', (g) => ({ value: lookUp(g, rows).q.amax([1], { keepDims: true }) })),
    },
    randomActionProbability: () => config.epsilon,
    learner: {
      kind: 'table',
      states,
      goals,
      actions,
      discount: config.discount,
      learningRate: (visits) => config.learningRate / visits ** config.visitPower,
      replayBackwards: config.replayBackwards,
    },
  };
}

/** Numbers of observation and goal, all that a table knows. */
function tableInputs({ inputs }: AgentSpec): { observation: number; goal: number } {
  const other = inputs.find(({ name }) => name !== 'observation' && name !== 'goal');
  if (other) {
    throw new UsageError(
      `tabular looks up observation and goal only, but this environment also has "${other.name}"; use a network (dqn).`,
    );
  }
  const sizeOf = (wanted: string) => inputs.find(({ name }) => name === wanted)?.size ?? 0;
  return { observation: sizeOf('observation'), goal: sizeOf('goal') };
}

function initialValue({ rewardRange: [low, high] }: AgentSpec, { initialValue, discount }: TabularConfig): number {
  if (initialValue === 'lowest') return Math.min(0, low) / (1 - discount);
  return initialValue === 'highest' ? Math.max(0, high) / (1 - discount) : initialValue;
}

const config = z.strictObject({
  discount: z.number().min(0).lt(1).default(0.98).describe('gamma'),
  learningRate: z
    .number()
    .gt(0)
    .max(1)
    .default(0.1)
    .describe('alpha: share of the error that an update takes away; 1 suits deterministic worlds'),
  visitPower: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('alpha is divided by (updates of that value so far)^this; above 0.5 it converges in random worlds too'),
  epsilon: z.number().min(0).max(1).default(0.1).describe('probability of a uniformly random action while training'),
  initialValue: z
    .union([z.enum(['lowest', 'highest']), z.number()])
    .default('lowest')
    .describe(
      'Q before the first update: the lowest or highest possible return, or this; optimistic: all is tried first',
    ),
  replayBackwards: z
    .boolean()
    .default(false)
    .describe(
      'learn from each new episode at once too, last transition first: for its goal, then for what it achieved',
    ),
  states: z.int().min(1).max(65_536).default(256).describe('different observations that fit into the table'),
  goals: z.int().min(1).max(65_536).default(256).describe('different goals that fit into the table'),
});

export type TabularConfig = z.infer<typeof config>;

/** Tabular Q-learning: off-policy, discrete actions, finitely many observations and goals. */
export const tabular: AgentDefinition<TabularConfig> = {
  name: 'tabular',
  description: 'Q-learning in a table, for discrete actions and few different observations and goals',
  paper: 'Watkins 1989; Watkins and Dayan 1992',
  learning: 'off-policy',
  actions: ['discrete'],
  // A table does not generalise: only goals from anywhere teach each transition about all of them. Updates take
  // microseconds: handing the table to another thread would cost more than they do.
  settings: {
    relabel: 'random:4',
    training: { warmupSteps: 0, cycleSteps: 50, normalize: false },
    runtime: { overlap: false, worker: false },
  },
  config,
  create,
};
