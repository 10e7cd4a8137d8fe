// Environments in threads of their own, as far as it does not depend on the platform: what they are made from.
import type { TrainConfig } from '../config/config.js';
import type { EnvDefinition, EnvSpec } from '../envs/env.js';
import { UsageError } from '../errors.js';
import type { TrainingGoals } from './training-goals.js';

/** Plain data, so that it can go to other threads. */
export interface EnvThreadsSetup {
  /** Name or module path, and settings. */
  readonly env: TrainConfig['env'];
  readonly goals: TrainingGoals;
  readonly spec: EnvSpec;
  /** Environments in all, and threads that they are dealt out to in blocks. */
  readonly envs: number;
  readonly workers: number;
}

/** Refuses threads that could not load the environment or would have none to step. */
export function checkWorkers({ envs, workers }: TrainConfig, definition?: EnvDefinition): void {
  if (definition) {
    throw new UsageError(
      `workers is ${workers}, but ${definition.name} was given as an object, which other threads cannot load; give its name or its module's path, or set workers to 0.`,
    );
  }
  if (workers > envs) {
    throw new UsageError(
      `workers is ${workers}, but environments to step are only ${envs}; raise envs or lower workers.`,
    );
  }
}
