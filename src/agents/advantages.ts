// Generalised advantage estimation (Schulman et al. 2015, arXiv 1506.02438) over rollouts of several environments.

/** Transitions of a rollout, n rows; those of one environment in the order of time, environments in any order. */
export interface Rollout {
  /** [n]: which environment, from 0. */
  readonly env: ArrayLike<number>;
  readonly reward: ArrayLike<number>;
  /** [n]: V(s, g), and V(s', g) of what the action led to, the final observation included. */
  readonly value: ArrayLike<number>;
  readonly nextValue: ArrayLike<number>;
  /** [n]: 1 where the world ended: what would come after is worth nothing. */
  readonly terminated: ArrayLike<number>;
  /** [n]: 1 where the episode ended, by termination or by a time limit, which cuts the trace but not the bootstrap. */
  readonly ended: ArrayLike<number>;
}

/**
 * A_t = delta_t + gamma lambda (1 - ended) A_t+1 with delta_t = r_t + gamma (1 - terminated) V(s_t+1, g) - V(s_t, g)
 * (equation 16); where the rollout breaks off, the last V bootstraps. `carry` [environments] is scratch space.
 */
export function generalizedAdvantages(
  rollout: Rollout,
  { discount, traceDecay }: { readonly discount: number; readonly traceDecay: number },
  carry: Float64Array,
  out: Float32Array,
): void {
  const { env, reward, value, nextValue, terminated, ended } = rollout;
  carry.fill(0);
  for (let i = out.length - 1; i >= 0; i--) {
    const delta = reward[i] + discount * (1 - terminated[i]) * nextValue[i] - value[i];
    carry[env[i]] = delta + discount * traceDecay * (1 - ended[i]) * carry[env[i]];
    out[i] = carry[env[i]];
  }
}
