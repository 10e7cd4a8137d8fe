// How an agent puts the gradients of its tasks together, as settings: which method, and what it may be told.
import * as z from 'zod';
import { cagrad, gradNorm, gradNormMemory, initGradNorm, inverseNorm, pcgrad } from '../multitask/index.js';
import type { Combination, StateVector } from './agent.js';
import { combination } from './update-step.js';

export const gradientMethods = ['plain', 'pcgrad', 'gradnorm', 'inverse-norm', 'cagrad'] as const;

export const gradientConfig = {
  gradients: z
    .enum(gradientMethods)
    .default('plain')
    .describe(
      'plain: one gradient of the whole batch; pcgrad, gradnorm, inverse-norm, cagrad: one per task, put together where tasks share parameters',
    ),
  cagradRadius: z
    .number()
    .min(0)
    .lt(1)
    .default(0.5)
    .describe('c of cagrad: how far from the mean gradient, in its length (paper: 0.4 to 0.5)'),
  gradnormAlpha: z
    .number()
    .min(0)
    .max(10)
    .default(0.12)
    .describe('alpha of gradnorm: how strongly training rates are made alike (paper: 0.12 to 1.5)'),
  gradnormRate: z
    .number()
    .positive()
    .max(1)
    .default(0.025)
    .describe("step size of gradnorm's weights (paper: 0.025 in its toy example)"),
};

export type GradientConfig = z.infer<z.ZodObject<typeof gradientConfig>>;

/** How the gradients of one vector are put together, and the state vectors that this needs. */
export interface GradientMethod {
  readonly combine: Readonly<Record<string, Combination>>;
  readonly state: Readonly<Record<string, StateVector>>;
}

/**
 * Of the vector's parts `shared`; `loss` is the metric of the step that is a task's loss. Undefined: plain.
 */
export function gradientMethod(
  config: GradientConfig,
  tasks: number,
  { vector, shared, loss }: { vector: string; shared: Combination['shared']; loss: string },
): GradientMethod | undefined {
  const of = (build: Parameters<typeof combination>[2]): GradientMethod => ({
    combine: { [vector]: combination(`${vector}-${config.gradients}`, tasks, build, { shared }) },
    state: {},
  });
  switch (config.gradients) {
    case 'plain':
      return undefined;
    case 'pcgrad':
      return of(({ gram }) => pcgrad(gram));
    case 'inverse-norm':
      return of(({ gram }) => inverseNorm(gram));
    case 'cagrad':
      return of(({ gram }) => cagrad(gram, config.cagradRadius));
    case 'gradnorm': {
      const memory = { vector: `${vector}.gradnorm`, size: gradNormMemory(tasks) };
      const settings = { restoringForce: config.gradnormAlpha, weightRate: config.gradnormRate };
      return {
        combine: {
          [vector]: combination(
            `${vector}-gradnorm`,
            tasks,
            ({ gram, losses, memory }) => gradNorm(gram, losses, memory, settings),
            { shared, loss, memory },
          ),
        },
        state: { [memory.vector]: { size: memory.size, layout: [], init: () => initGradNorm(tasks) } },
      };
    }
  }
}
