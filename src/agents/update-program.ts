// Update programs put together from what critics and actors learn, one after the other or at once.
import { z } from 'zod';
import { type Graph, program, type Tensor } from '../tensor/index.js';
import type { UpdateProgram } from './agent.js';
import { metrics as joined } from './parts.js';

/** What a part of an update computes: next values of state vectors, and metrics, both by name. */
export interface Learned {
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly metrics: Readonly<Record<string, Tensor>>;
}

/** An update program of such parts. */
export function updateProgram(name: string, build: (g: Graph) => readonly Learned[]): UpdateProgram {
  let metricNames: string[] = [];
  const whole = program(name, (g) => {
    const learned = build(g);
    const named = Object.assign({}, ...learned.map((part) => part.metrics));
    metricNames = Object.keys(named);
    return Object.assign({}, ...learned.map((part) => part.outputs), { metrics: joined(Object.values(named)) });
  });
  return { program: whole, metricNames };
}

/** Setting of agents whose actor and critics can learn at once. */
export const simultaneousConfig = {
  simultaneous: z
    .boolean()
    .default(false)
    .describe(
      'the actor climbs the critics as they are before their update, not after it (papers: no; Brax: yes), so that two threads can share an update',
    ),
};
