// Implicit values of represented goals, V(s, phi(s, g)), and goals some steps ahead: what HIQL learns (Park et al. 2023, arXiv 2307.11949), and SAW after it.
import * as z from 'zod';
import { type See, type Seen, views } from '../nets/index.js';
import type { GoalDraw, SubgoalDraw } from '../replay/request.js';
import { type Graph, program, type Tensor } from '../tensor/index.js';
import type { StateVector, ValueEstimate } from './agent.js';
import type { AgentSpec } from './agent-spec.js';
import { type GoalRepresentation, goalRepresentation } from './goal-representation.js';
import { implicitValueLoss } from './implicit-values.js';
import {
  bootstrapConfig,
  expectileConfig,
  type GoalShares,
  goalDraws,
  type OfflineNetworks,
  stepCost,
} from './offline.js';
import * as parts from './parts.js';
import { gradients, type Learned, trained } from './update-step.js';

export const representedConfig = {
  ...bootstrapConfig,
  expectile: expectileConfig(0.7, 'OGBench and SAW: 0.7; cube-single 0.9'),
  subgoalSteps: z
    .int()
    .min(1)
    .max(10_000)
    .default(25)
    .describe('steps to a subgoal (OGBench and SAW: 25; humanoids 100, manipulation 10)'),
  representation: z
    .int()
    .min(1)
    .max(1024)
    .default(10)
    .describe('numbers that goals are represented by (OGBench and SAW: 10)'),
};
type Config = z.infer<z.ZodObject<typeof representedConfig>>;

/** Goals of values and policies; what is achieved `subgoalSteps` later; and that on the way to the policy's goal. */
export const subgoalDraws = (
  config: GoalShares & { readonly subgoalSteps: number },
): Readonly<Record<string, GoalDraw | SubgoalDraw>> => ({
  ...goalDraws(config),
  subgoal: { ahead: config.subgoalSteps },
  waypoint: { ahead: config.subgoalSteps, towards: 'actorGoal' },
});

export interface RepresentedValues {
  readonly phi: GoalRepresentation;
  /** `representation`, `value` and its target. */
  readonly state: Readonly<Record<string, StateVector>>;
  readonly estimate: (name: string) => ValueEstimate;
  /** What is seen, with phi of it in place of the goal. */
  encoder(g: Graph): (seen: Seen) => Seen;
  /** V [B, 1] of what is encoded, the mean of both members. */
  worth(g: Graph, encoded: Seen): Tensor;
  /** Values as GCIVL's; phi learns with them and has no target of its own. */
  learn(g: Graph, rows: number): Learned;
}

export function representedValues(
  networks: OfflineNetworks,
  spec: AgentSpec,
  config: Config,
  see: See,
): RepresentedValues {
  const phi = goalRepresentation(networks, spec.inputs, config.representation);
  const v = parts.ensemble(2, networks.network({ inputs: phi.inputs, outputs: 1 }));
  const online = (g: Graph) => g.input('value', [v.layout.size]);
  const encoder = (g: Graph) => {
    const parameters = views(g.input('representation', [phi.layout.size]), phi.layout);
    return (seen: Seen) => phi.encode(parameters, seen);
  };
  const worth = (g: Graph, encoded: Seen) => parts.average(v.values(online(g), encoded));
  return {
    phi,
    state: {
      ...trained({ representation: phi, value: v }),
      targetValue: { ...parts.parameters(v), copyOf: 'value' },
    },
    estimate: (name) => ({
      vectors: ['representation', 'value'],
      program: (rows) => program(name, (g) => ({ value: worth(g, encoder(g)(see(g, rows))) })),
    }),
    encoder,
    worth,
    learn(g, rows) {
      const representation = g.input('representation', [phi.layout.size]);
      const value = online(g);
      const target = g.input('targetValue', [v.layout.size]);
      const encode = encoder(g);
      const seen = encode(see(g, rows, 'valueGoal'));
      const values = v.values(value, seen);
      const loss = implicitValueLoss(
        {
          ...stepCost(g, rows, 'valueGoal'),
          values,
          targets: v.values(target, seen),
          nextTargets: v.values(target, encode(see.next(g, rows, 'valueGoal'))),
        },
        config,
      );
      return {
        gradients: gradients(loss, { representation, value }),
        metrics: { value_loss: loss, v_mean: parts.average(values).mean() },
      };
    },
  };
}
