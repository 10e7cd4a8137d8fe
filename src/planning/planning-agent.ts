// The agent that plans: its policy is one program, of the planner's rounds in the model that the run has learned.
import type { Agent, StateVector } from '../agents/agent.js';
import type { AgentSpec } from '../agents/agent-spec.js';
import { actionScale } from '../agents/parts.js';
import type { PlannerConfig } from '../agents/planner.js';
import type { ModelConfig } from '../config/model-config.js';
import type { EnvSpec } from '../envs/env.js';
import { hasGoals } from '../envs/spec.js';
import { UsageError } from '../errors.js';
import { createEnsemble, ensembleStep } from '../models/ensemble.js';
import { modelSpec } from '../models/model-spec.js';
import { createRandom } from '../random.js';
import { concat, type Graph, program, type Tensor } from '../tensor/index.js';
import { discreteCem, planIn, plannerNoise, planners } from './planners.js';
import { planningProblem, type World } from './problem.js';

/** Seed of the noise that is part of the program where nothing is explored: the same plans for the same state. */
const FIXED = 1;

/** Steps of the model that a program has one after the other, and numbers of all plans: more take minutes to compile. */
const MOST_STEPS = 1000;
const MOST_NUMBERS = 1_000_000;

/**
 * Every plan is judged by each elite's means, and by the mean of their returns (PETS' trajectory sampling without its
 * noise within members). Warm starts are the policy's memory, so that they end with the episode.
 * @throws UsageError where rewards come from goals, which the program does not know, and for plans that are too many
 */
export function planningAgent(env: EnvSpec, model: ModelConfig, spec: AgentSpec, settings: PlannerConfig): Agent {
  const world = modelSpec(env);
  if (hasGoals(env) || spec.tasks > 1) {
    const what = hasGoals(env) ? 'goals' : 'tasks';
    throw new UsageError(
      `agent "planner" plans by rewards that the model predicts, and ${env.name} has ${what}; use sac with model.kind=ensemble.`,
    );
  }
  const seen = spec.inputs.filter(({ role }) => role === 'state');
  if (seen.reduce((sum, { size }) => sum + size, 0) !== world.sizes.state) {
    throw new UsageError(
      `agent "planner" must see the whole state that models predict, but ${env.name} has columns of states (spec.columns) that policies do not see; make them parts of the observation.`,
    );
  }
  if (settings.elites >= settings.samples) {
    throw new UsageError(
      `agent.elites is ${settings.elites}, of agent.samples=${settings.samples} plans; make it smaller than those.`,
    );
  }
  const ensemble = createEnsemble(world, model);
  const { elites: members } = model;
  const layout = ensemble.layoutOf(members);
  const { action: space } = env;
  const actions = space.kind === 'box' ? space.size : space.n;
  const { horizon, discount } = settings;
  const kind = space.kind === 'box' ? settings.planner : 'cem';
  const noiseSize = plannerNoise(kind, settings, horizon, actions);
  refuseVast(settings, noiseSize);
  const afterEnd = Math.min(0, Number.isFinite(env.rewardRange[0]) ? env.rewardRange[0] : 0);
  const numbers = (size: number): StateVector => ({
    size,
    layout: [{ name: 'value', shape: [size], offset: 0 }],
    init: () => new Float32Array(size),
  });

  const stepOf =
    (g: Graph): World =>
    (state, action) => {
      const taken = space.kind === 'box' ? action : action.argmax(1).reshape([action.shape[0], 1]).cast(g.dtype);
      const { next, results, failure } = ensembleStep(g, ensemble, members, state, taken);
      const alive = failure.less(0).cast(g.dtype);
      const reward = (results as Tensor).slice(1, world.sizes.result - 1, world.sizes.result);
      return { next, reward, alive };
    };

  return {
    spec: { ...spec, inputs: spec.inputs.map((input) => ({ ...input, normalize: false })) },
    state: {
      elites: { size: layout.size, layout: layout.entries, init: () => new Float32Array(layout.size) },
      scales: numbers(ensemble.scaleCount),
    },
    steps: () => ({}),
    updateNames: () => [],
    plans: true,
    policyVectors: ['elites', 'scales'],
    memory: { plan: horizon * actions },
    actionNoise: noiseSize,
    act: (rows, { deterministic }) =>
      program('planner-act', (g) => {
        const states = seen.map(({ name, size }) => g.input(name, [rows, size]));
        const state = states.length > 1 ? concat(states, 1) : states[0];
        const scale = space.kind === 'box' ? actionScale(g, space) : undefined;
        const problem = planningProblem(g, stepOf(g), state, {
          horizon,
          actions,
          discount,
          afterEnd,
          worlds: members,
          toWorld: scale?.fromUnit,
        });
        const noise = deterministic ? fixedNoise(g, rows, noiseSize) : g.input('noise', [rows, noiseSize]);
        const warm = g.input('plan', [rows, horizon * actions]);
        const planner = space.kind === 'box' ? planners[settings.planner] : discreteCem;
        const { action, next } = planIn(g, planner, kind, problem, settings, noise, warm);
        return { action: scale ? scale.fromUnit(action) : action, plan: next };
      }),
    randomActionProbability: () => 0,
    learner: { kind: 'updates' },
  };
}

function refuseVast({ horizon, rounds, samples }: PlannerConfig, numbers: number): void {
  if (horizon * rounds > MOST_STEPS) {
    throw new UsageError(
      `agent.horizon is ${horizon} and agent.rounds ${rounds}: their product may be ${MOST_STEPS} at most; lower one of them.`,
    );
  }
  if (numbers <= MOST_NUMBERS) return;
  throw new UsageError(
    `agent.samples is ${samples}: plans of all rounds have ${numbers} numbers, of at most ${MOST_NUMBERS}; lower agent.samples or agent.horizon.`,
  );
}

/** The same normals for every row. */
function fixedNoise(g: Graph, rows: number, size: number): Tensor {
  const values = new Float32Array(size);
  createRandom(FIXED).fillNormal(values);
  return g.constant(values, [1, size]).expand([rows, size]);
}
