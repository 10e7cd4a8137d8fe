// The actor: steps the environments with the policy it was last given and writes down what happened.
import type { Agent } from '../agents/agent.js';
import type { AgentSpec } from '../agents/agent-spec.js';
import type { PolicyVectors } from '../agents/policy-vectors.js';
import { bytesOf, float64Of, uint32Of } from '../bytes.js';
import { actionSize, type Box, type Discrete } from '../envs/env.js';
import type { EnvGroup } from '../envs/vector-env.js';
import { nextTurn } from '../platform/yield.js';
import { createRandom, mixSeed, type Random } from '../random.js';
import type { EpisodePieces } from '../replay/index.js';
import type { Runtime } from '../runtime/runtime.js';
import { createPolicyRunner } from './policy-runner.js';
import { createPieceWriter } from './transitions.js';

/** Longest stretch without a turn for the event loop, in milliseconds. */
const TURN = 8;

export interface FinishedEpisode {
  readonly reward: number;
  readonly length: number;
  readonly success: boolean;
  /** The number of its task, where there are tasks. */
  readonly task?: number;
}

export interface Actor {
  setPolicy(vectors: PolicyVectors): void;
  /**
   * Takes `ticks` steps in every environment; `from` is the number of environment steps taken before. Returns what
   * happened as rows of the replay, in fresh memory that may be handed to another thread.
   */
  collect(ticks: number, from: number, onEpisode: (episode: FinishedEpisode) => void): Promise<EpisodePieces>;
  /** Environments, generator, sums of unfinished episodes. */
  save(): Promise<Record<string, Uint8Array>>;
  restore(state: Readonly<Record<string, Uint8Array>>): Promise<void>;
  dispose(): Promise<void>;
}

export interface ActorOptions {
  /** Belongs to the caller. */
  readonly env: EnvGroup;
  readonly agent: Agent;
  readonly spec: AgentSpec;
  readonly runtime: Runtime;
  readonly seed: number;
  /** Environment steps of purely random actions at the beginning. */
  readonly randomSteps: number;
}

export async function createActor(options: ActorOptions): Promise<Actor> {
  const { env, agent, spec, randomSteps } = options;
  const runner = await createPolicyRunner(options.runtime, agent, env.count, { deterministic: false });
  const random = createRandom(mixSeed(options.seed, 'actor'));
  const writer = createPieceWriter(env);
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
  await env.reset(options.seed);

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
        await chooseActions(from + tick * env.count);
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
            onEpisode({ reward: returns[i], length: lengths[i], success: env.success[i] === 1, ...task });
            returns[i] = 0;
            lengths[i] = 0;
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
