// Whether an action fulfils a sentence, as a network: what a moment looks like and what a sentence asks for meet in a product.

import type { Learnable } from '../agents/agent.js';
import type { AgentSpec } from '../agents/agent-spec.js';
import { adamStep, moments, updateStep } from '../agents/update-step.js';
import { instructionName } from '../envs/instruction-names.js';
import { actionSize } from '../envs/space.js';
import {
  createSee,
  dense,
  type InputSpec,
  initDense,
  inputNetwork,
  joinLayouts,
  mlp,
  mlpLayout,
  plain,
  views,
} from '../nets/index.js';
import { type Graph, grad, type Program, program, type Tensor } from '../tensor/index.js';

/** Numbers in which moments and sentences meet. */
export const MEETING = 32;
const HIDDEN = 128;
/** Of each picture. */
const PICTURE = 64;

export interface SuccessNetwork extends Learnable {
  /** Columns of a batch that its programs read: the state before and after, the action, the instruction. */
  readonly columns: readonly string[];
  /** Moments [rows, MEETING] and sentences [rows, MEETING], whose products are the logits. */
  read(rows: number): Program;
}

/**
 * A moment is the state, the action and the next state; the logit of its success under a sentence is the product of a vector
 * of either (two towers), so that one moment is compared with all sentences at once. Steps read `label` [rows, 1], 0 or 1.
 */
export function successNetwork(
  spec: AgentSpec,
  { normalize, learningRate }: { readonly normalize: boolean | 'task'; readonly learningRate: number },
): SuccessNetwork {
  const { inputs, action } = spec;
  const states = inputs.filter(({ role }) => role === 'state');
  const sentence = inputs.find(({ name }) => name === instructionName) as InputSpec;
  const actions = action.kind === 'discrete' ? action.n : action.size;
  const moment = inputNetwork(
    {
      inputs: [...states, ...states.map((input) => ({ ...input, name: `next.${input.name}` }))],
      action: actions,
      outputs: MEETING,
    },
    {
      hidden: [HIDDEN],
      goalForm: 'concat',
      encoder: [],
      encoderOf: (input) => (input.shape.length === 3 ? dense([PICTURE])(input) : plain(input)),
    },
  );
  const said = mlpLayout([sentence.size, HIDDEN, MEETING]);
  const layout = joinLayouts({ moment: moment.layout, said });
  const see = createSee(inputs, normalize);

  function towers(g: Graph, rows: number): { readonly moments: Tensor; readonly sentences: Tensor } {
    const parameters = views(g.input('success', [layout.size]), layout);
    const own = moment.layout.entries.length;
    const now = see(g, rows);
    const next = see.next(g, rows);
    const seen = Object.fromEntries(
      states.flatMap(({ name }) => [
        [name, now[name]],
        [`next.${name}`, next[name]],
      ]),
    );
    const given = g.input('action', [rows, actionSize(action)]);
    const done = action.kind === 'discrete' ? given.reshape([rows]).oneHot(actions) : given;
    return {
      moments: moment.apply(parameters.slice(0, own), seen, done),
      sentences: mlp(parameters.slice(own), now[instructionName]),
    };
  }

  return {
    columns: [
      ...states.flatMap(({ name }) => [name, `next.${name}`]),
      ...inputs.flatMap(({ name, role }) => (role === 'state' ? [] : [name])),
      'action',
    ],
    state: {
      success: {
        size: layout.size,
        layout: layout.entries,
        init(random) {
          const values = new Float32Array(layout.size);
          values.set(moment.init(random));
          values.set(initDense(said, random), moment.layout.size);
          return values;
        },
      },
      ...moments('success', layout),
    },
    steps: (rows) => ({
      tell: updateStep(
        'success-tell',
        (g) => {
          const { moments: m, sentences } = towers(g, rows);
          const logit = m.mul(sentences).sum([1], { keepDims: true });
          const label = g.input('label', [rows, 1]);
          // Cross entropy: softplus(x) - y x.
          const loss = logit.softplus().sub(label.mul(logit)).mean();
          return { gradients: { success: grad(loss, [g.input('success', [layout.size])])[0] }, metrics: { loss } };
        },
        { divisible: true, optimizerSteps: [adamStep('success', { learningRate, learningRateDecay: 0 })] },
      ),
    }),
    updateNames: () => ['tell'],
    read: (rows) => program('success-read', (g) => ({ ...towers(g, rows) })),
  };
}
