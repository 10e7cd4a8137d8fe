// Threads that share updates, as far as it does not depend on the platform: what they are given and how they are told.
import type { UpdatePlan } from './update-plan.js';

export interface ShareSetup {
  readonly plan: UpdatePlan;
  readonly memory: WebAssembly.Memory;
  /** ONNX models of the plan's steps; absent where only the first share runs them. */
  readonly models: readonly (Uint8Array | undefined)[];
}

export interface ShareThreads {
  /** Has the threads take these steps, by their places in the plan. `reload`: vectors changed otherwise than by steps. */
  begin(steps: readonly number[], reload: boolean): Promise<void>;
  /** Waits until all shares have come as far. Blocks this thread for as long as nothing is wrong: they are about to. */
  meet(): Promise<void>;
  dispose(): Promise<void>;
}

/** Starts the threads; absent where threads cannot wait for each other. */
export type StartShares = ((setup: ShareSetup) => Promise<ShareThreads>) | undefined;
