// Planning with a learned model of the world: what people set; the agent itself is made where models are (planning/).
import * as z from 'zod';
import { UsageError } from '../errors.js';
import type { AgentDefinition } from './agent.js';

const config = z.strictObject({
  planner: z
    .enum(['icem', 'cem', 'mppi'])
    .default('icem')
    .describe('how plans are found: icem, cem or mppi; where actions are choices, cem over choices'),
  horizon: z.int().min(1).max(200).default(20).describe('steps of a plan (PETS: 25, iCEM: 30, TD-MPC2: 3)'),
  samples: z.int().min(2).max(100_000).default(64).describe('plans drawn in a round (iCEM: 40, PETS: 400)'),
  rounds: z.int().min(1).max(20).default(3).describe('rounds of drawing (iCEM: 3, PETS: 5)'),
  elites: z.int().min(1).max(10_000).default(8).describe('best plans that the next round is drawn around (iCEM: 10)'),
  inertia: z.number().min(0).lt(1).default(0.1).describe('share of the old mean and deviation kept (PETS, iCEM: 0.1)'),
  deviation: z.number().positive().max(2).default(0.7).describe('of the first round, in unit actions (iCEM: 0.5)'),
  colour: z.number().min(0).max(8).default(2).describe('iCEM: exponent of the noise over time (0.25 to 3.5); 0: white'),
  decay: z.number().min(1).max(10).default(1.25).describe('iCEM: by what factor each round has fewer plans (1.25)'),
  temperature: z
    .number()
    .positive()
    .default(0.5)
    .describe('MPPI: how much worse a plan may be and count, in returns (TD-MPC2 multiplies by 0.5: 2)'),
  discount: z.number().min(0).max(1).default(0.99).describe('of rewards along a plan'),
});

export type PlannerConfig = z.infer<typeof config>;

/** Plans every action anew in the run's model (model.*), which is fitted to what it did. */
export const planner: AgentDefinition<PlannerConfig> = {
  name: 'planner',
  description: 'no policy: plans every action in a learned model of the world (iCEM, CEM, MPPI)',
  paper: 'Pinneri et al. 2020, arXiv 2008.06389; Chua et al. 2018, arXiv 1805.12114',
  learning: 'off-policy',
  actions: ['box', 'discrete'],
  settings: { relabel: 'none', model: { kind: 'ensemble' }, training: { updatesPerStep: 0, warmupSteps: 250 } },
  config,
  create(spec, settings, { plan }) {
    if (!plan) throw new UsageError('agent "planner" plans in a model of the environment; set model.kind=ensemble.');
    return plan(spec, settings);
  },
};
