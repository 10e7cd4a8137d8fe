// An agent of one's own: a table of one action per goal number, as small as agents get.
import { type Agent, type AgentDefinition, type AgentSpec, findAgent } from 'anygoal/agents';
import { program } from 'anygoal/tensor';
import { z } from 'zod';
import { typeOf } from './check.js';

const config = z.strictObject({ gain: z.number().default(1).describe('gain of the goal') });

export const proportional: AgentDefinition<z.infer<typeof config>> = {
  name: 'proportional',
  description: 'moves along the goal',
  paper: 'none',
  learning: 'off-policy',
  actions: ['box'],
  config,
  create(spec, { gain }, { batchSize }) {
    typeOf(spec).is<AgentSpec>();
    typeOf(gain).is<number>();
    const agent: Agent = {
      state: { actor: { size: 1, layout: [], init: () => Float32Array.of(gain) } },
      updates: {
        fit: {
          program: program('fit', (g) => {
            const actor = g.input('actor', [1]);
            const goal = g.input('goal', [batchSize, spec.goal]);
            return { 'actor.gradient': actor.mul(goal.square().mean()), metrics: actor };
          }),
          metricNames: ['gain'],
          optimizerSteps: [{ vector: 'actor', fill: (update, out) => out.fill(1 / update) }],
          gradientClip: 0,
          averages: [],
        },
      },
      updateNames: () => ['fit'],
      noise: {},
      policyVectors: ['actor'],
      actionNoise: 0,
      act: (rows) =>
        program('act', (g) => ({
          action: g
            .input('goal', [rows, spec.goal])
            .mul(g.input('actor', [1]))
            .clip(-1, 1),
        })),
      randomActionProbability: (step) => (step < 100 ? 1 : 0),
    };
    return agent;
  },
};

typeOf(findAgent('sac')).is<AgentDefinition>();

export const wrong: AgentDefinition = {
  ...findAgent('sac'),
  // @ts-expect-error no such kind of action
  actions: ['continuous'],
};
// @ts-expect-error an agent without a policy
export const blind: Agent = { state: {}, updates: {}, updateNames: () => [], noise: {}, policyVectors: [] };
