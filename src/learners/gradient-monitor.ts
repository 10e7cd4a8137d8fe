// Measures every so many updates how the gradients of a run's tasks agree, for the log; what is learned does not change.
import { heldOutTasks } from '../acting/task-weights.js';
import { UsageError } from '../errors.js';
import { agreement, conflictShare, meanCosine, meanCosineOf } from '../multitask/index.js';
import { createRandom, mixSeed } from '../random.js';
import { type BlockGradients, blockGradients, isShared, stepsOfBlock } from './block-gradients.js';
import type { Experience } from './experience.js';
import type { LearnerParts } from './learner.js';
import { batchOf } from './updater-inputs.js';

/** Rows of each task in a measurement, as many as `tasks diagnose` takes. */
const ROWS = 128;

export interface GradientMonitor {
  /**
   * Figures by name where one of the updates after number `before`, up to `after`, is due for a measurement, else none:
   * nothing while a task has no episode, and no cosine with a gradient that is 0.
   */
  measure(before: number, after: number): Promise<Readonly<Record<string, number>>>;
  dispose(): Promise<void>;
}

export interface MonitorOptions extends Pick<LearnerParts, 'config' | 'rules' | 'agent' | 'runtime'> {
  readonly experience: Experience;
  /** Values of the inputs that are no columns of a batch. */
  readonly inputs: (name: string) => Float32Array | undefined;
}

/**
 * `tasks.gradientsEvery`. Batches and noise follow from the run's seed and the number of the update alone, so that nothing
 * of it is saved. @throws UsageError where fewer than two tasks are practised, and for agents without gradients
 */
export async function createGradientMonitor(options: MonitorOptions): Promise<GradientMonitor | undefined> {
  const { config, rules, agent, runtime, experience, inputs } = options;
  const every = config.tasks.gradientsEvery;
  if (every === 0) return undefined;
  const { name, tasks = [] } = rules.spec;
  const without = heldOutTasks(config);
  const practised = tasks.map((task, number) => ({ task, number })).filter(({ task }) => !without.includes(task));
  const blocks = practised.length;
  if (blocks < 2) {
    throw new UsageError(
      `tasks.gradientsEvery is ${every}, but ${tasks.length === 0 ? `${name} has a single task` : `of ${name} a single task is practised`}, whose gradients could not disagree; set it to 0.`,
    );
  }
  if (agent.plans) {
    throw new UsageError(
      `tasks.gradientsEvery is ${every}, but agent "${config.agent.name}" learns by its model's fits alone, which know no tasks' gradients; set it to 0.`,
    );
  }
  const { names, request } = batchOf(agent, tasks.length * ROWS);
  const beside = experience.beside(blocks * ROWS, [...new Set([...names, 'task'])], {
    ...request,
    balance: 'task',
    blocks,
  });
  const random = createRandom(0);
  const compiled: BlockGradients[] = [];
  const dispose = async () => {
    for (const gradients of compiled) await gradients.dispose();
  };
  try {
    for (const step of Object.values(stepsOfBlock(agent, tasks.length, ROWS))) {
      if (!step.optimizerSteps.some(({ vector }) => isShared(agent.state[vector], tasks.length))) continue;
      compiled.push(await blockGradients(step, { runtime, inputs, random, blocks }));
    }
  } catch (error) {
    await dispose();
    throw error;
  }

  /** The gradients of all tasks in their order, by vector. */
  async function gradients(): Promise<Record<string, Float32Array[]>> {
    const all: Record<string, Float32Array[]> = {};
    for (const step of compiled) {
      for (let block = 0; block < blocks; block++) {
        for (const [vector, gradient] of Object.entries(await step.of(beside.batch.columns, block))) {
          if (!isShared(agent.state[vector], tasks.length)) continue;
          all[vector] ??= [];
          all[vector].push(gradient);
        }
      }
    }
    return all;
  }

  return {
    async measure(before, after) {
      const due = Math.floor(after / every) * every;
      if (due <= before) return {};
      random.restore(createRandom(mixSeed(config.seed, 'gradients', due)).save());
      if (!beside.draw(random)) return {};
      const { task } = beside.batch.columns;
      if (!practised.every(({ number }, block) => task[block * ROWS] === number)) return {};
      const figures: Record<string, number> = {};
      for (const [vector, of] of Object.entries(await gradients())) {
        const agreed = agreement(of);
        figures[`gradients/${vector}_cosine`] = meanCosine(agreed);
        figures[`gradients/${vector}_conflict_share`] = conflictShare(agreed);
        practised.forEach(({ task }, i) => {
          figures[`gradients/${task}/${vector}_norm`] = agreed.norms[i];
          figures[`gradients/${task}/${vector}_cosine`] = meanCosineOf(agreed, i);
        });
      }
      return Object.fromEntries(Object.entries(figures).filter(([, figure]) => Number.isFinite(figure)));
    },
    dispose,
  };
}
