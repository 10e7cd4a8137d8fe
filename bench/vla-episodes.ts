// Episodes of a trained policy that sees pictures and is told by sentences, as a user of the library has it act, here or in a page.
import type { GoalEnv, Policy } from 'anygoal';

/** What is used of anygoal. */
interface Library {
  loadPolicy(run: string): Promise<Policy>;
  makeEnv(name: string, options: Readonly<Record<string, unknown>>): Promise<GoalEnv>;
}

export interface Played {
  readonly successes: number;
  readonly steps: number;
  /** Sums over all steps, milliseconds: of decisions, and of steps with their pictures. */
  readonly deciding: number;
  readonly stepping: number;
  /** The first action of each episode, of what every runtime sees alike: how far they are apart. */
  readonly firstActions: readonly (readonly number[])[];
}

export interface PlayedEnv {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export async function playEpisodes(library: Library, run: string, env: PlayedEnv, episodes: number): Promise<Played> {
  const [policy, world] = [await library.loadPolicy(run), await library.makeEnv(env.name, env.options)];
  const firstActions: number[][] = [];
  let [successes, steps, deciding, stepping] = [0, 0, 0, 0];
  for (let episode = 0; episode < episodes; episode++) {
    let now = world.reset({ seed: 1_000_003 + episode });
    const instruction = world.instruction?.();
    policy.begin();
    for (let over = false, isSuccess = false; !over; ) {
      const begin = performance.now();
      const action = await policy.act({ observation: now.observation, ...now.columns, instruction });
      const decided = performance.now();
      if (firstActions.length === episode) firstActions.push([...action]);
      const step = world.step(action);
      deciding += decided - begin;
      stepping += performance.now() - decided;
      steps++;
      ({ isSuccess } = step);
      over = step.terminated || step.truncated;
      if (over) successes += Number(isSuccess);
      now = step;
    }
  }
  await policy.dispose();
  world.dispose?.();
  return { successes, steps, deciding, stepping, firstActions };
}
