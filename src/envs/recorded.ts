// Recorded data in an environment's place: spaces that a data set told, goals that are reached exactly where they were achieved.
import * as z from 'zod';
import type { EnvDefinition, EnvSpec, GoalRules, Simulation } from './env.js';
import { createGoalEnv } from './goal-env.js';
import { RECORDED } from './recorded-name.js';
import { reviveSpec } from './spec.js';

const options = z.strictObject({
  spec: z.string().describe('the spaces of the data, as JSON; written by train FILE'),
});
type RecordedOptions = z.infer<typeof options>;

/** 1 where all numbers of the achievement are the goal's. */
function equal(achieved: Float32Array, desired: Float32Array, size: number, i: number): boolean {
  for (let j = i * size; j < (i + 1) * size; j++) if (achieved[j] !== desired[j]) return false;
  return true;
}

function rules({ spec: json }: RecordedOptions): GoalRules & { readonly spec: EnvSpec } {
  const spec = reviveSpec(json);
  const { size } = spec.goal;
  return {
    spec,
    computeReward(achieved, desired, _info, out) {
      for (let i = 0; i < out.length; i++) out[i] = equal(achieved, desired, size, i) ? 0 : -1;
    },
    computeSuccess(achieved, desired, _info, out) {
      for (let i = 0; i < out.length; i++) out[i] = equal(achieved, desired, size, i) ? 1 : 0;
    },
    goalFrom: (achieved, out) => out.set(achieved),
  };
}

/** Nobody knows what an action would do, so nothing happens: evaluations play recorded episodes in its place (acting/playback.ts). */
function standstill(given: RecordedOptions): Simulation {
  return {
    ...rules(given),
    reset: () => undefined,
    step: () => undefined,
    saveState: () => new Uint8Array(0),
    restoreState: () => undefined,
  };
}

export const recorded: EnvDefinition<RecordedOptions> = {
  name: RECORDED,
  description: 'what a data set tells of the environment that it was recorded in, where that is not here',
  options,
  rules,
  create: (given) => createGoalEnv(standstill(given)),
};
