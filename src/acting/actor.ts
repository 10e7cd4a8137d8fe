// The actor: steps the environments with the policy it was last given and writes down what happened.
import type { Agent } from '../agents/agent.js';
import type { AgentSpec } from '../agents/agent-spec.js';
import { bytesOf, float32Of, float64Of, uint32Of } from '../bytes.js';
import { CUT } from '../envs/env-columns.js';
import { actionSize, type Box, type Discrete } from '../envs/space.js';
import type { EnvGroup } from '../envs/vector-env.js';
import { nextTurn } from '../platform/yield.js';
import { createRandom, mixSeed, type Random } from '../random.js';
import type { Runtime } from '../runtime/runtime.js';
import { createPolicyRunner } from './policy-runner.js';
import type { Source } from './source.js';
import { createPieceWriter } from './transitions.js';

/** Longest stretch without a turn for the event loop, in milliseconds. */
const TURN = 8;

export interface ActorOptions {
  /** Belongs to the caller. */
  readonly env: EnvGroup;
  /** Number of the first environment, where other sources have others. Default: 0. */
  readonly envNumber?: number;
  /** Environments that step side by side in all. Default: those of `env`. */
  readonly allEnvs?: number;
  readonly agent: Agent;
  readonly spec: AgentSpec;
  readonly runtime: Runtime;
  readonly seed: number;
  /** Environment steps of purely random actions at the beginning. */
  readonly randomSteps: number;
}

export async function createActor(options: ActorOptions): Promise<Source> {
  const { env, envNumber = 0, allEnvs = env.count, agent, spec, randomSteps } = options;
  const runner = await createPolicyRunner(options.runtime, agent, env.count, { deterministic: false });
  const seed = envNumber === 0 ? options.seed : mixSeed(options.seed, 'source', envNumber);
  const random = createRandom(mixSeed(seed, 'actor'));
  const writer = createPieceWriter(env, envNumber);
  const seen = spec.inputs.map(({ name }) => name);
  const size = actionSize(spec.action);
  const actions = new Float32Array(env.count * size);
  /** What the environments get. On-policy agents keep an action as sampled, for its probability. */
  const applied =
    agent.learner.kind === 'rollouts' && spec.action.kind === 'box' ? new Float32Array(actions.length) : actions;
  const returns = new Float64Array(env.count);
  const lengths = new Float64Array(env.count);
  /** Tasks of the episodes under way: after its last step an environment shows the next one's. */
  const tasks = env.spec.tasks && new Float32Array(env.count);
  await env.reset(seed);

  async function chooseActions(step: number): Promise<void> {
    if (step < randomSteps) {
      for (let i = 0; i < env.count; i++) randomAction(random, spec.action, actions, i * size);
      return;
    }
    for (const name of seen) runner.inputs[name].set(env.columns[name]);
    random.fillNormal(runner.noise);
    await runner.run();
    actions.set(runner.action);
    const probability = agent.randomActionProbability(step);
    if (probability <= 0) return;
    for (let i = 0; i < env.count; i++) {
      if (random.uniform() < probability) randomAction(random, spec.action, actions, i * size);
    }
  }

  return {
    setPolicy: runner.setPolicy,
    async collect(ticks, from, onEpisode) {
      writer.begin(ticks);
      let turn = performance.now();
      for (let tick = 0; tick < ticks; tick++) {
        await chooseActions(from + tick * allEnvs);
        writer.before();
        tasks?.set(env.columns.task);
        if (spec.action.kind === 'box' && applied !== actions) clip(actions, spec.action, applied);
        const stepping = env.step(applied);
        if (stepping) await stepping; // in this thread it has happened already, and waiting would cost a turn
        writer.after(actions);
        for (let i = 0; i < env.count; i++) {
          returns[i] += env.reward[i];
          lengths[i]++;
          if (env.terminated[i] || env.truncated[i]) {
            const task = tasks && { task: tasks[i] };
            // What was broken off says nothing about the policy.
            if (env.truncated[i] !== CUT)
              onEpisode({ reward: returns[i], length: lengths[i], success: env.success[i] === 1, ...task });
            returns[i] = 0;
            lengths[i] = 0;
            runner.begin(i);
          }
        }
        if (performance.now() - turn > TURN) {
          await nextTurn();
          turn = performance.now();
        }
      }
      return writer.end();
    },
    save: async () => ({
      ...Object.fromEntries(Object.entries(runner.memory).map(([name, values]) => [`memory.${name}`, bytesOf(values)])),
      envs: await env.saveState(),
      random: bytesOf(random.save()),
      returns: bytesOf(returns),
      lengths: bytesOf(lengths),
    }),
    async restore(state) {
      await env.restoreState(state.envs);
      random.restore(uint32Of(state.random));
      returns.set(float64Of(state.returns));
      lengths.set(float64Of(state.lengths));
      for (const [name, values] of Object.entries(runner.memory)) values.set(float32Of(state[`memory.${name}`]));
    },
    dispose: () => runner.dispose(),
  };
}

function clip(actions: Float32Array, { size, low, high }: Box, out: Float32Array): void {
  for (let i = 0; i < actions.length; i++) out[i] = Math.min(Math.max(actions[i], low[i % size]), high[i % size]);
}

/** A uniformly random action; unbounded numbers are drawn from a standard normal. */
export function randomAction(random: Random, space: Box | Discrete, out: Float32Array, at: number): void {
  if (space.kind === 'discrete') {
    out[at] = random.below(space.n);
    return;
  }
  for (let j = 0; j < space.size; j++) {
    const low = space.low[j];
    const high = space.high[j];
    const bounded = Number.isFinite(low) && Number.isFinite(high);
    out[at + j] = bounded ? low + (high - low) * random.uniform() : random.normal();
  }
}
