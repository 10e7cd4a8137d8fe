// An agent of one's own: goal-conditioned behaviour cloning. pi(s, g) imitates what led to g, which hindsight supplies.
import { type AgentDefinition, adamStep, moments, parts, updateStep } from 'anygoal/agents';
import { createSee, inputNetwork, type Seen, views } from 'anygoal/nets';
import { grad, program, type Tensor } from 'anygoal/tensor';
import { z } from 'zod';

const config = z.strictObject({
  hidden: z.array(z.int().min(1)).default([256, 256]).describe('widths of the hidden layers'),
  ...parts.goalFormConfig,
  learningRate: z.number().positive().default(1e-3).describe('Adam step size'),
  learningRateDecay: z.int().min(0).default(0).describe('updates over which it falls linearly to 0; 0: never'),
});

export const cloning: AgentDefinition<z.infer<typeof config>> = {
  name: 'cloning',
  description: 'goal-conditioned behaviour cloning',
  paper: 'Ghosh et al. 2019, arXiv 1912.06088',
  learning: 'off-policy',
  actions: ['box'],
  config,
  create(spec, settings, { normalize }) {
    const space = parts.boxActions('cloning', spec);
    const network = inputNetwork({ inputs: spec.inputs, outputs: space.size }, settings);
    const see = createSee(spec.inputs, normalize);
    const { size } = network.layout;
    const policy = (actor: Tensor, seen: Seen) => network.apply(views(actor, network.layout), seen).tanh();
    return {
      spec,
      state: { actor: parts.parameters(network), ...moments('actor', network.layout) },
      steps: (rows) => ({
        clone: updateStep(
          'clone',
          (g) => {
            const actor = g.input('actor', [size]);
            const action = parts.actionScale(g, space).toUnit(g.input('action', [rows, space.size]));
            const loss = policy(actor, see(g, rows)).sub(action).square().mean();
            return { gradients: { actor: grad(loss, [actor])[0] }, metrics: { actor_loss: loss } };
          },
          { divisible: true, optimizerSteps: [adamStep('actor', settings)] },
        ),
      }),
      updateNames: () => ['clone'],
      policyVectors: ['actor'],
      actionNoise: space.size,
      act: (rows, { deterministic }) =>
        program('clone-act', (g) => {
          const best = policy(g.input('actor', [size]), see(g, rows));
          const noise = deterministic ? undefined : g.input('noise', [rows, space.size]).mul(0.1);
          return { action: parts.actionScale(g, space).fromUnit(noise ? best.add(noise).clip(-1, 1) : best) };
        }),
      randomActionProbability: () => 0,
      learner: { kind: 'updates' },
    };
  },
};
