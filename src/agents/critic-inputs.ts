// What critics see where that is not what the policy sees: the numbers of the simulator in place of pictures.
import * as z from 'zod';
import { UsageError } from '../errors.js';
import { createSee, defaultEncoder, type InputSpec } from '../nets/index.js';
import type { AgentSpec } from './agent-spec.js';
import type { InputEncoders } from './encoders.js';

export const privilegedCriticConfig = {
  privilegedCritic: z
    .boolean()
    .default(false)
    .describe(
      'critics see the numbers of state and goal that the simulator knows, in place of pictures, which then only the actor learns to see (Pinto et al. 2017); needs a camera',
    ),
};

/** The spec with what critics see besides as targets, so that it has statistics in the normaliser. @throws UsageError where nothing is privileged */
export function withPrivileged(name: string, spec: AgentSpec): AgentSpec {
  const { privileged = [] } = spec;
  if (privileged.length === 0) {
    throw new UsageError(
      `${name}: agent.privilegedCritic is true, but policies see all numbers here; set env.camera.size, or leave it false.`,
    );
  }
  const film = spec.inputs.find(
    ({ role, dtype, shows }) => role === 'goal' && dtype === 'uint8' && shows === undefined,
  );
  if (film) {
    throw new UsageError(
      `${name}: agent.privilegedCritic is true, but ${film.name} tells in pictures alone what is asked for, and critics see none; leave it false.`,
    );
  }
  return { ...spec, targets: [...(spec.targets ?? []), ...privileged.filter(({ normalize }) => normalize)] };
}

/**
 * What critics are built with: what is privileged, and all that the policy sees but pictures, as numbers (the asymmetric
 * actor-critic, Pinto et al. 2017, arXiv 1710.06542). `spec` is what `withPrivileged` gave.
 */
export function criticInputs(spec: AgentSpec, normalize: boolean | 'task'): InputEncoders {
  const order: readonly InputSpec['role'][] = ['state', 'goal', 'task'];
  const numbers = spec.inputs.filter(({ dtype }) => dtype !== 'uint8');
  const inputs = [...(spec.privileged ?? []), ...numbers].toSorted(
    (a, b) => order.indexOf(a.role) - order.indexOf(b.role),
  );
  return {
    inputs,
    encoderOf: defaultEncoder, // tasks as one-hot; there are no pictures among them
    see: createSee(spec.inputs, normalize, spec.targets, inputs),
    state: {},
    vectors: [],
    optimizerSteps: [],
    tensors: () => ({}),
  };
}
