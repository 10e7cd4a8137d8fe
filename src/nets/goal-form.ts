// How a network combines state, goal and action: plain concatenation, encoders into a common space, or bilinear forms.
import type { Tensor } from '../tensor/index.js';
import { combine } from './input.js';
import { joinLayouts, type Layout } from './layout.js';
import { type Activation, mlp, mlpLayout, relu } from './mlp.js';

export const goalForms = ['concat', 'encoders', 'bilinear', 'bvn'] as const;

/**
 * - `concat`: MLP([s; g; a])
 * - `encoders`: MLP([phi(s); psi(g); a]), the encoders trained end to end (Schaul et al. 2015, figure 1)
 * - `bilinear`: f(s, a)^T psi(g), for each output an f of its own (Schaul et al. 2015, the two-stream form)
 * - `bvn`: f(s, a)^T psi(s, g), the bilinear value network (Hong et al. 2022, arXiv 2204.13695)
 */
export type GoalForm = (typeof goalForms)[number];

export interface GoalNetworkSettings {
  readonly goalForm: GoalForm;
  /** Widths of the hidden layers of the MLP, or of f. */
  readonly hidden: readonly number[];
  /** Widths of the layers of phi and psi, at least one; the last is the size of the common space. Not used by `concat`. */
  readonly encoder: readonly number[];
  /** Between the layers; relu when absent. */
  readonly activation?: Activation;
}

/** Numbers in each input part and in the output; `goal` and `action` absent or 0 where the network does not see one. */
export interface GoalNetworkSizes {
  readonly observation: number;
  readonly goal?: number;
  readonly action?: number;
  readonly outputs: number;
}

export interface GoalNetwork {
  readonly layout: Layout;
  /** From the layout's tensors and the parts [B, size] to [B, outputs]. */
  apply(parameters: readonly Tensor[], observation: Tensor, goal?: Tensor, action?: Tensor): Tensor;
}

/**
 * The network of a form; its layout names the tensors by their part: `phi.0.weight`, `psi.0.weight`, ... Without a goal
 * there is nothing to combine, and every form is MLP([s; a]).
 */
export function goalNetwork(sizes: GoalNetworkSizes, settings: GoalNetworkSettings): GoalNetwork {
  const { observation, goal = 0, action = 0, outputs } = sizes;
  if (goal === 0) {
    return {
      layout: mlpLayout([observation + action, ...settings.hidden, outputs]),
      apply: (parameters, s, _, a) => mlp(parameters, a ? combine(s, a) : s, settings.activation),
    };
  }
  const { layout, apply } = builders[settings.goalForm]({ observation, goal, action, outputs }, settings);
  return {
    layout,
    apply(parameters, s, g, a) {
      if (!g) throw new Error('the network was made for a goal and is given none');
      return apply(parameters, s, g, a);
    },
  };
}

interface WithGoal {
  readonly layout: Layout;
  apply(parameters: readonly Tensor[], observation: Tensor, goal: Tensor, action?: Tensor): Tensor;
}

type Builder = (sizes: Required<GoalNetworkSizes>, settings: GoalNetworkSettings) => WithGoal;

const builders: Readonly<Record<GoalForm, Builder>> = {
  concat: ({ observation, goal, action, outputs }, { hidden, activation }) => ({
    layout: mlpLayout([observation + goal + action, ...hidden, outputs]),
    apply: (parameters, s, g, a) => mlp(parameters, joined(s, g, a), activation),
  }),

  encoders({ observation, goal, action, outputs }, { hidden, encoder, activation = relu }) {
    const space = encoder[encoder.length - 1];
    const phi = mlpLayout([observation, ...encoder]);
    const psi = mlpLayout([goal, ...encoder]);
    const head = mlpLayout([2 * space + action, ...hidden, outputs]);
    return {
      layout: joinLayouts({ phi, psi, head }),
      apply(parameters, s, g, a) {
        const [ofPhi, ofPsi, ofHead] = grouped(parameters, [phi, psi, head]);
        // Without an activation an encoder's last layer and the head's first would be one linear map.
        const state = activation(mlp(ofPhi, s, activation));
        const goals = activation(mlp(ofPsi, g, activation));
        return mlp(ofHead, joined(state, goals, a), activation);
      },
    };
  },

  bilinear: (sizes, settings) => productOfStreams(sizes, settings, false),
  bvn: (sizes, settings) => productOfStreams(sizes, settings, true),
};

/** f(s, a)^T psi(g), or f(s, a)^T psi(s, g). */
function productOfStreams(
  { observation, goal, action, outputs }: Required<GoalNetworkSizes>,
  { hidden, encoder, activation }: GoalNetworkSettings,
  psiSeesState: boolean,
): WithGoal {
  const space = encoder[encoder.length - 1];
  const f = mlpLayout([observation + action, ...hidden, outputs * space]);
  const psi = mlpLayout([psiSeesState ? observation + goal : goal, ...encoder]);
  return {
    layout: joinLayouts({ f, psi }),
    apply(parameters, s, g, a) {
      const [ofF, ofPsi] = grouped(parameters, [f, psi]);
      const rows = s.shape[0];
      const features = mlp(ofF, a ? combine(s, a) : s, activation).reshape([rows, outputs, space]);
      const goals = mlp(ofPsi, psiSeesState ? combine(s, g) : g, activation).reshape([rows, 1, space]);
      return features.mul(goals).sum([2]);
    },
  };
}

const joined = (s: Tensor, g: Tensor, a?: Tensor): Tensor => (a ? combine(s, g, a) : combine(s, g));

/** The tensors of layouts that lie one after the other. */
function grouped(tensors: readonly Tensor[], layouts: readonly Layout[]): (readonly Tensor[])[] {
  let at = 0;
  return layouts.map(({ entries }) => {
    const from = at;
    at += entries.length;
    return tensors.slice(from, at);
  });
}
