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
  create(spec, { gain }) {
    typeOf(spec).is<AgentSpec>();
    typeOf(gain).is<number>();
    const { size } = spec.inputs.find(({ role }) => role === 'goal') ?? { size: 1 };
    const agent: Agent = {
      spec,
      state: { actor: { size: 1, layout: [], init: () => Float32Array.of(gain) } },
      steps: (rows) => ({
        fit: {
          program: program('fit', (g) => {
            const actor = g.input('actor', [1]);
            const goal = g.input('goal', [rows, size]);
            return { 'actor.gradient': actor.mul(goal.square().mean()), metrics: actor };
          }),
          metricNames: ['gain'],
          divisible: true,
          noise: {},
          optimizerSteps: [{ vector: 'actor', fill: (update, out) => out.fill(1 / update) }],
          gradientClip: 0,
          averages: [],
        },
      }),
      updateNames: () => ['fit'],
      policyVectors: ['actor'],
      actionNoise: 0,
      act: (rows) =>
        program('act', (g) => ({
          action: g
            .input('goal', [rows, size])
            .mul(g.input('actor', [1]))
            .clip(-1, 1),
        })),
      randomActionProbability: (step) => (step < 100 ? 1 : 0),
      learner: { kind: 'updates' },
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
export const blind: Agent = { state: {}, steps: () => ({}), updateNames: () => [], policyVectors: [] };
