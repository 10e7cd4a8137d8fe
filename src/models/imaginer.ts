// Lets a policy act in a fitted model, side by side from many real states, for as many steps as the model is good for.
import { randomAction } from '../acting/actor.js';
import { createPolicyRunner } from '../acting/policy-runner.js';
import type { Agent } from '../agents/agent.js';
import type { PolicyVectors } from '../agents/policy-vectors.js';
import type { ModelConfig } from '../config/model-config.js';
import type { EnvRules } from '../envs/env.js';
import { createRandom, mixSeed, type Random } from '../random.js';
import type { Runtime } from '../runtime/runtime.js';
import type { DynamicsModel } from './dynamics-model.js';
import { goodFor, openLoopErrors, scheduled } from './horizon.js';
import { createBatchStep } from './model-step.js';
import { createRollouts, type Rollouts } from './rollouts.js';
import type { StartGoalsOptions } from './start-goals.js';
import type { Transitions } from './transitions.js';

export interface Imaginer {
  /** Rollouts that go side by side. */
  readonly rows: number;
  /** What is drawn at random, to be saved. */
  readonly random: Random;
  /** Those of the last `run`. */
  readonly rollouts: Pick<Rollouts, 'store' | 'pieces'>;
  /** Steps of rollouts after `steps` environment steps, as the settings say. */
  chooseHorizon(starts: Transitions, steps: number): Promise<number>;
  /** Imagines `rows` rollouts of so many steps with a policy, as it explores after `steps` environment steps. */
  run(policy: PolicyVectors, starts: Transitions, horizon: number, steps: number): Promise<void>;
  dispose(): Promise<void>;
}

export interface ImaginerOptions extends Pick<StartGoalsOptions, 'relabel' | 'allowGoal'> {
  readonly model: DynamicsModel;
  readonly agent: Agent;
  readonly rules: Omit<EnvRules, 'dispose'>;
  readonly config: ModelConfig;
  readonly runtime: Runtime;
  readonly seed: number;
}

/** For at least `least` rollouts side by side. */
export async function createImaginer(options: ImaginerOptions, least: number): Promise<Imaginer> {
  const { model, agent, rules, config, runtime, seed, relabel, allowGoal } = options;
  const random = createRandom(mixSeed(seed, 'imagination'));
  const step = await createBatchStep(model, runtime, least);
  const runner = await createPolicyRunner(runtime, agent, step.rows, { deterministic: false });
  const { inputs } = agent.spec;
  const rollouts = createRollouts({ model, rules, step, runner, inputs, random, relabel, allowGoal });
  return {
    rows: step.rows,
    random,
    rollouts,
    async chooseHorizon(starts, steps) {
      if (config.horizon !== 'auto') return scheduled(config.horizon, steps);
      return goodFor(await openLoopErrors(model, step, starts, config.autoMost, random), config.autoError);
    },
    async run(policy, starts, horizon, steps) {
      runner.setPolicy(policy);
      const probability = agent.randomActionProbability(steps);
      const explore = (actions: Float32Array) => {
        if (probability <= 0) return;
        const size = actions.length / step.rows;
        for (let i = 0; i < step.rows; i++) {
          if (random.uniform() < probability) randomAction(random, agent.spec.action, actions, i * size);
        }
      };
      await rollouts.run(starts, horizon, explore);
    },
    async dispose() {
      await runner.dispose();
      await step.dispose();
    },
  };
}
