// Gradients of each block of a batch by itself, such as each task's rows, as an agent's step has them; nothing is learned.
import type { Learnable, StateVector, UpdateStep } from '../agents/agent.js';
import type { Random } from '../random.js';
import type { NumericArray, Runtime } from '../runtime/runtime.js';

export interface BlockGradients {
  /** Of one block of the columns' rows, by vector. */
  of(columns: Readonly<Record<string, NumericArray>>, block: number): Promise<Record<string, Float32Array>>;
  dispose(): Promise<void>;
}

export interface BlockOptions {
  readonly runtime: Runtime;
  /** Values of inputs that are no columns: state vectors, the normaliser, largest returns. */
  readonly inputs: (name: string) => Float32Array | undefined;
  /** Of the noise of the step. */
  readonly random: Random;
  readonly blocks: number;
}

/** Steps whose programs are made for so many rows of one task, without weights or surgery. */
export function stepsOfBlock(agent: Learnable, tasks: number, rows: number): Record<string, UpdateStep> {
  const whole = agent.steps(tasks * rows);
  const block = agent.steps(rows);
  return Object.fromEntries(Object.entries(whole).map(([name, step]) => [name, step.tasks ? step : block[name]]));
}

/** Whether tasks share a vector: those with a number per task, such as temperatures, they do not. */
export const isShared = ({ layout, size }: StateVector, tasks: number): boolean => layout.length > 0 && size > tasks;

export async function blockGradients(step: UpdateStep, options: BlockOptions): Promise<BlockGradients> {
  const { runtime, inputs, random, blocks } = options;
  const executable = await runtime.compile(step.program, { threads: 1 });
  const read = executable.inputs.filter(({ unused }) => !unused);
  return {
    async of(columns, block) {
      const given = read.map(({ name, shape }): [string, NumericArray] => {
        const values = inputs(name);
        if (values) return [name, values];
        if (name in step.noise) {
          const noise = new Float32Array(shape.reduce((a, b) => a * b, 1));
          random.fillNormal(noise);
          return [name, noise];
        }
        const column = columns[name];
        const size = column.length / blocks;
        return [name, column.slice(block * size, (block + 1) * size)];
      });
      const out = await executable.run(Object.fromEntries(given));
      return Object.fromEntries(
        step.optimizerSteps.map(({ vector }) => [vector, Float32Array.from(out[`${vector}.gradient`] as Float32Array)]),
      );
    },
    dispose: () => executable.dispose(),
  };
}
