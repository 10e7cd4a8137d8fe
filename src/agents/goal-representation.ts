// Goals as short vectors that depend on the state (HIQL: Park et al. 2023, arXiv 2307.11949, section 5.3; Park et al. 2025).
import { box } from '../envs/space.js';
import type { InputNetwork, InputSpec, Seen } from '../nets/index.js';
import type { Tensor } from '../tensor/index.js';
import type { OfflineNetworks } from './offline.js';

/** Squares of lengths are not taken for smaller than this. */
const SMALLEST = 1e-12;

/** Numbers [B, n] scaled to the length sqrt(n); 0, which networks give where all that they see is 0 at first, stays 0. */
export const lengthNormalized = (x: Tensor): Tensor =>
  x.div(x.square().sum([1], { keepDims: true }).max(SMALLEST).sqrt()).mul(Math.sqrt(x.shape[1]));

export interface GoalRepresentation extends Pick<InputNetwork, 'layout' | 'init'> {
  /** What networks see that are given phi(s, g) in place of the goal and the task. */
  readonly inputs: readonly InputSpec[];
  /** The parts of the state, and phi(s, g) [B, size], of the length sqrt(size), as the goal. */
  encode(parameters: readonly Tensor[], seen: Seen): Seen;
}

export function goalRepresentation(
  { network }: OfflineNetworks,
  inputs: readonly InputSpec[],
  size: number,
): GoalRepresentation {
  const { layout, init, apply } = network({ outputs: size });
  return {
    layout,
    init,
    inputs: [
      ...inputs.filter(({ role }) => role === 'state'),
      { ...box(size), name: 'goal', role: 'goal', shape: [size], dtype: 'float32', normalize: false },
    ],
    encode: (parameters, seen) => ({ ...seen, goal: lengthNormalized(apply(parameters, seen)) }),
  };
}
