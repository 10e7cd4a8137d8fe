// train, resume, evaluation: what they take and give.
import {
  type EnvDefinition,
  evaluateRun,
  exportPolicy,
  type Progress,
  resume,
  type TrainOptions,
  type TrainResult,
  train,
  tunedFor,
} from 'anygoal';
import { nodeRuntime } from 'anygoal/runtime/node';
import { exactly, typeOf } from './check.js';

export async function use(definition: EnvDefinition): Promise<void> {
  const result = await train({
    env: 'arm/push',
    seed: 1,
    untilSuccess: 0.95,
    runtime: nodeRuntime,
    config: { training: { batchSize: 128 } },
    onEvaluation: console.log,
    onProgress(progress) {
      typeOf(progress).is<Progress>();
    },
    onIteration: (policy) => (policy.actor.length > 0 ? Promise.resolve() : undefined),
  });
  typeOf(result).is<TrainResult>();
  typeOf(result.ended).is<'steps' | 'success' | 'aborted'>();
  typeOf(result.runDir).is<string>();
  await train({ env: definition });
  typeOf(await resume({ run: result.runDir, steps: 1000, env: definition })).is<TrainResult>();
  const evaluation = await evaluateRun({ run: result.runDir, checkpoint: 'last', goal: [0, 1], goals: 'held-out' });
  typeOf(evaluation.successRate).is<number>();
  typeOf(await exportPolicy({ run: result.runDir })).is<Uint8Array>();
  typeOf(tunedFor('arm/push')?.agents.sac.batchSize).is<unknown>();
  exactly<TrainOptions['env'], string | EnvDefinition>();

  // @ts-expect-error an unknown option
  await train({ env: 'arm/push', stepz: 5 });
  // @ts-expect-error no environment
  await train({});
  // @ts-expect-error text for a number
  await train({ env: 'arm/push', steps: '5' });
  // @ts-expect-error a list of settings
  await train({ env: 'arm/push', config: 5 });
  // @ts-expect-error no run
  await resume({ steps: 5 });
  // @ts-expect-error no such checkpoint
  await evaluateRun({ run: 'x', checkpoint: 'newest' });
}
