// The agent that plans: its policy is one program, of the planner's rounds in the model that the run has learned.
import type { Agent, StateVector } from '../agents/agent.js';
import type { AgentSpec } from '../agents/agent-spec.js';
import { actionScale } from '../agents/parts.js';
import type { PlannerConfig } from '../agents/planner.js';
import type { ModelConfig } from '../config/model-config.js';
import type { EnvRules, EnvSpec } from '../envs/env.js';
import { hasGoals } from '../envs/spec.js';
import { UsageError } from '../errors.js';
import { createEnsemble, ensembleStep } from '../models/ensemble.js';
import { type ModelSpec, modelSpec } from '../models/model-spec.js';
import type { InputSpec } from '../nets/index.js';
import { createRandom } from '../random.js';
import { concat, type Graph, program, type Tensor } from '../tensor/index.js';
import { decideBy } from './decide.js';
import { discreteCem, planIn, plannerNoise, planners } from './planners.js';
import { FIXED_NOISE, planningProblem, type World } from './problem.js';
import { refuseOdd, rewardAfterEnd } from './true-planner.js';

/** Steps of the model that a program has one after the other, and numbers of all plans: more take minutes to compile. */
const MOST_STEPS = 1000;
const MOST_NUMBERS = 1_000_000;

/**
 * Every plan is judged by each elite's means, and by the mean of their returns (PETS' trajectory sampling without its
 * noise within members). Warm starts are the policy's memory, so that they end with the episode.
 * Where rewards come from goals, or a model is told tasks, plans are judged by the environment's `rules` instead (decide.ts).
 * @throws UsageError where goal or task are not seen, and for plans that are too many
 */
export function planningAgent(
  env: EnvSpec,
  model: ModelConfig,
  given: AgentSpec,
  settings: PlannerConfig,
  rules: () => Promise<EnvRules>,
): Agent {
  const world = modelSpec(env);
  const spec = withStates(given, world);
  const seen = spec.inputs.filter(({ role }) => role === 'state');
  refuseOdd(env.action, env.name, settings);
  const byRules = hasGoals(env) || spec.tasks > 1;
  refuseBlind(spec, env);
  const ensemble = createEnsemble(world, model);
  const { elites: members } = model;
  const layout = ensemble.layoutOf(members);
  const { action: space } = env;
  const actions = space.kind === 'box' ? space.size : space.n;
  const { horizon, discount } = settings;
  const kind = space.kind === 'box' ? settings.planner : 'cem';
  const noiseSize = plannerNoise(kind, settings, horizon, actions);
  refuseVast(settings, noiseSize);
  const afterEnd = rewardAfterEnd(env.rewardRange);
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
    spec,
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
    ...(byRules && { decide: decideBy({ ensemble, elites: members, spec, settings, rules }) }),
    act(rows, { deterministic }) {
      if (byRules) {
        throw new UsageError(
          `a planner for ${env.name}, whose rewards are computed by rules, is no single program; export its model (--model) instead.`,
        );
      }
      return program('planner-act', (g) => {
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
      });
    },
    randomActionProbability: () => 0,
    learner: { kind: 'updates' },
  };
}

/** It sees all that the model predicts of states, as it is: what is achieved too, and the environment's own columns. */
function withStates(given: AgentSpec, { states }: ModelSpec): AgentSpec {
  const known = given.inputs.map((input): InputSpec => ({ ...input, normalize: false }));
  const others = states
    .filter(({ name }) => !known.some((input) => input.name === name))
    .map(
      ({ name, size, shape }): InputSpec => ({ name, size, shape, dtype: 'float32', role: 'state', normalize: false }),
    );
  const order = states.flatMap(({ name }) => [...known, ...others].filter((input) => input.name === name));
  return { ...given, inputs: [...order, ...known.filter(({ name }) => !states.some((state) => state.name === name))] };
}

/** Plans are for a goal and a task that are seen. */
function refuseBlind({ inputs }: AgentSpec, env: EnvSpec): void {
  const unseen = [hasGoals(env) && 'goal', env.tasks && 'task'].filter(
    (name) => name && !inputs.some((input) => input.name === name),
  );
  if (unseen.length === 0) return;
  throw new UsageError(
    `agent "planner" must see the ${unseen.join(' and the ')} of ${env.name}; name it in tasks.identifiers.`,
  );
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
  createRandom(FIXED_NOISE).fillNormal(values);
  return g.constant(values, [1, size]).expand([rows, size]);
}
