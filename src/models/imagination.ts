// Imagined experience: short rollouts of the policy in the model, from real states, as episodes of a replay of their own.
import { randomAction } from '../acting/actor.js';
import { createPolicyRunner } from '../acting/policy-runner.js';
import type { Agent } from '../agents/agent.js';
import type { PolicyVectors } from '../agents/policy-vectors.js';
import { bytesOf, float64Of, uint32Of } from '../bytes.js';
import type { ModelConfig } from '../config/model-config.js';
import type { EnvRules } from '../envs/env.js';
import { nextTurn } from '../platform/yield.js';
import { createRandom, mixSeed } from '../random.js';
import { type Replay, replayOfRows } from '../replay/index.js';
import type { Runtime } from '../runtime/runtime.js';
import type { DynamicsModel } from './dynamics-model.js';
import { goodFor, mostSteps, openLoopErrors, scheduled } from './horizon.js';
import { createBatchStep } from './model-step.js';
import { createRollouts } from './rollouts.js';
import type { StartGoalsOptions } from './start-goals.js';
import type { Transitions } from './transitions.js';

export interface Imagination {
  /** Rollouts of the newest fits: transitions of length 1 and more, cut off without an end where they were not over. */
  readonly replay: Replay;
  /** Steps of the rollouts last imagined; 0 before. */
  readonly horizon: number;
  /** Imagines anew with a policy, after `steps` environment steps; rollouts of older fits leave. */
  run(policy: PolicyVectors, starts: Transitions, steps: number): Promise<void>;
  save(): Record<string, Uint8Array>;
  restore(parts: Readonly<Record<string, Uint8Array>>): void;
  dispose(): Promise<void>;
}

export interface ImaginationOptions extends Pick<StartGoalsOptions, 'relabel' | 'allowGoal'> {
  readonly model: DynamicsModel;
  readonly agent: Agent;
  readonly rules: Omit<EnvRules, 'dispose'>;
  readonly config: ModelConfig;
  readonly runtime: Runtime;
  readonly seed: number;
}

/** Rollouts that go side by side: enough for large products of matrices. */
const SIDE_BY_SIDE = 1000;

export async function createImagination(options: ImaginationOptions): Promise<Imagination> {
  const { model, agent, rules, config, runtime, seed, relabel, allowGoal } = options;
  const { rollouts: count, retain } = config;
  const room = retain * count * (mostSteps(config) + 1);
  const replay = replayOfRows(rules.spec, room, 'model.rollouts, model.retain or model.horizon');
  const { ring } = replay;
  const random = createRandom(mixSeed(seed, 'imagination'));
  const step = await createBatchStep(model, runtime, Math.min(count, SIDE_BY_SIDE));
  const runner = await createPolicyRunner(runtime, agent, step.rows, { deterministic: false });
  const rollouts = createRollouts({
    model,
    rules,
    step,
    runner,
    inputs: agent.spec.inputs,
    random,
    relabel,
    allowGoal,
  });
  /** Numbers of the first episodes of the fits that are kept, oldest first. */
  let begins: number[] = [];
  let horizon = 0;

  async function chooseHorizon(starts: Transitions, steps: number): Promise<number> {
    if (config.horizon !== 'auto') return scheduled(config.horizon, steps);
    return goodFor(await openLoopErrors(model, step, starts, config.autoMost, random), config.autoError);
  }

  return {
    replay,
    get horizon() {
      return horizon;
    },
    async run(policy, starts, steps) {
      begins = [...begins, ring.nextSerial].slice(-retain);
      ring.dropBefore(begins[0]);
      horizon = await chooseHorizon(starts, steps);
      runner.setPolicy(policy);
      const probability = agent.randomActionProbability(steps);
      const explore = (actions: Float32Array) => {
        if (probability <= 0) return;
        const size = actions.length / step.rows;
        for (let i = 0; i < step.rows; i++) {
          if (random.uniform() < probability) randomAction(random, agent.spec.action, actions, i * size);
        }
      };
      for (let begun = 0; begun < count; begun += step.rows) {
        await rollouts.run(starts, horizon, explore);
        rollouts.store(ring, Math.min(step.rows, count - begun));
        await nextTurn();
      }
    },
    save: () => ({
      episodes: replay.exportEpisodes(0),
      ring: replay.saveStaging(),
      random: bytesOf(random.save()),
      facts: bytesOf(Float64Array.of(horizon, ...begins)),
    }),
    restore(parts) {
      replay.importEpisodes(parts.episodes);
      replay.restoreStaging(parts.ring);
      random.restore(uint32Of(parts.random));
      [horizon, ...begins] = float64Of(parts.facts);
    },
    async dispose() {
      await runner.dispose();
      await step.dispose();
    },
  };
}
