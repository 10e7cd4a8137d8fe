// Multi-task behaviour cloning: minimises E_{i uniform, (s, a) ~ D_i}[-log pi(a | s, z_i)] over recorded episodes D_i.
import { actionSize } from '../envs/space.js';
import { UsageError } from '../errors.js';
import {
  createDropout,
  createSee,
  type InputNetwork,
  type InputSpec,
  inputNetwork,
  layout as joined,
  joinLayouts,
  layerNormRelu,
  leftToShown,
  noiseInput,
  relate,
  relu,
  remainder,
  remainderInput,
  type Seen,
  scales,
  type TargetSpec,
  tokenNetwork,
  untilSeen,
  untilShown,
  views,
} from '../nets/index.js';
import { type Graph, grad, program, type Tensor } from '../tensor/index.js';
import { openLoop, temporalAverage } from './action-chunks.js';
import {
  binsHead,
  byDensity,
  choiceHead,
  gaussianHead,
  type LearnedHead,
  laplaceHead,
  mixtureHead,
} from './action-heads.js';
import type { Agent, AgentDefinition, AgentOptions } from './agent.js';
import type { AgentSpec } from './agent-spec.js';
import { type BcConfig, bcConfig } from './bc-config.js';
import { chooseEncoders } from './encoder-settings.js';
import { flowHead } from './flow-head.js';
import * as parts from './parts.js';
import { type RecognizedFilm, recognizedFilm } from './recognized-film.js';
import { toldError, toldNumbers } from './told-numbers.js';
import { seenInputs, seenNumbers, seenRemainder } from './unseen-numbers.js';
import { adamStep, type Learned, moments, updateStep } from './update-step.js';

function create(all: AgentSpec, config: BcConfig, { normalize }: AgentOptions): Agent {
  const [given, unseen] = seenInputs(all, config.unseen);
  const { action: space } = given;
  const size = actionSize(space);
  // Choices are imitated one by one: a mean of choices is none.
  const steps = space.kind === 'box' ? config.chunk : 1;
  const head = space.kind === 'box' ? headOf(config, size, steps) : byDensity(choiceHead(space.n));
  const normalizesActions =
    space.kind === 'box' && config.normalizeActions && normalize !== false && config.head !== 'bins';
  const byTask = normalize === 'task' && given.tasks > 1 ? 'task' : true;
  const told = toldNumbers(all, given.inputs, config.tells);
  const targets: readonly TargetSpec[] = [
    ...(normalizesActions ? [{ name: 'action', size, shape: [size], normalize: byTask } as const] : []),
    ...(told?.targets ?? []),
  ];
  const spec: AgentSpec = { ...given, targets };
  const relations =
    config.relative === true && given.inputs.some(({ name }) => name === 'goal') ? given.relations : undefined;
  const shown = seenNumbers(given, unseen);
  const recognized = recognizedFilm(all, given.inputs, config.recognizes, shown);
  const ofNetwork = spec.inputs.map((one) => (one.name === recognized?.states.name ? recognized.states : one));
  const film = config.relative === 'demonstration' ? shownStates(ofNetwork) : undefined;
  const more = film ? [leftToShown(film.observation)] : relations ? [remainderInput(relations)] : [];
  const seen = [...ofNetwork, ...more];
  const { network, learning } = networksOf(config, seen, head, told?.size ?? 0);
  const policy = behind(network, head, recognized);
  const { layout } = policy;
  const left = relations && seenRemainder(shown, relations);
  const seeInputs = createSee(spec.inputs, normalize, targets);
  const see = (g: Graph, rows: number, ofFilm: readonly Tensor[]): Seen => {
    const all = seeInputs(g, rows);
    const inputs: Seen = {
      ...all,
      ...(shown && { observation: all.observation.mul(g.constant(shown)) }),
      ...(recognized && { [recognized.states.name]: recognized.read(ofFilm, all) }),
    };
    if (film) {
      const until = recognized
        ? untilSeen(inputs[film.demonstration.name], all.observation)
        : untilShown(g, rows, film.demonstration, spec.inputs, { normalize, targets });
      return { ...inputs, [remainder]: shown ? until.mul(g.constant(shown)) : until };
    }
    if (!relations) return inputs;
    const related = relate(inputs, g, rows, relations, spec.inputs, { normalize, targets });
    return left ? { ...related, [remainder]: related[remainder].mul(g.constant(left)) } : related;
  };

  /** Between the environment's actions [rows, steps, a] and the numbers that the head is about. */
  function coder(g: Graph, rows: number) {
    if (space.kind === 'discrete') return { encode: (a: Tensor) => a, decode: (y: Tensor) => y };
    if (!normalizesActions) {
      const { toUnit, fromUnit } = parts.actionScale(g, space);
      return { encode: toUnit, decode: fromUnit };
    }
    const { action } = scales(g, rows, spec.inputs, targets);
    const [mean, scale] = action.map((x) => (x.shape.length === 1 ? x : x.reshape([rows, 1, size])));
    return {
      encode: (a: Tensor) => a.sub(mean).mul(scale),
      decode: (y: Tensor) => y.div(scale).add(mean),
    };
  }
  /** Numbers of the head [rows, steps a] as actions [rows, steps, a], within the bounds. */
  function actions(g: Graph, rows: number, numbers: Tensor): Tensor {
    const decoded = coder(g, rows).decode(numbers.reshape([rows, steps, size]));
    if (space.kind === 'discrete') return decoded;
    return decoded.max(g.constant(space.low)).min(g.constant(space.high));
  }

  /** The tensors of the network, behind them the head's own, and what recognises. */
  const split = (tensors: Tensor[]): [Tensor[], Tensor[], Tensor[]] => {
    const at = network.layout.entries.length;
    const end = at + head.layout.entries.length;
    return [tensors.slice(0, at), tensors.slice(at, end), tensors.slice(end)];
  };

  const several = given.tasks > 1;
  const weighted = several && config.balance === 'weights';

  const learn = (g: Graph, rows: number): Learned => {
    const actor = g.input('actor', [layout.size]);
    const shown = steps > 1 ? g.input('window.action', [rows, steps, size]) : g.input('action', [rows, size]);
    const action = shown.reshape([rows, steps, size]);
    const [ofNetwork, ofHead, ofFilm] = split(views(actor, layout));
    const output = learning.apply(ofNetwork, see(g, rows, ofFilm));
    const acts = told ? output.slice(1, 0, head.outputs) : output;
    const encoded = coder(g, rows).encode(action).reshape([rows, -1]);
    const noise = head.lossNoise > 0 ? noiseInput(g, 'headNoise', [rows, head.lossNoise], 'row') : undefined;
    const { loss: each, action: likely } = head.loss(ofHead, acts, encoded, noise);
    // Rows of a pooled batch weigh so that every task in it counts alike. In a stratified batch they do so already.
    const weigh = (x: Tensor) => (weighted ? x.mul(g.input('weight', [rows, 1])) : x).mean();
    const actorLoss = weigh(each);
    const tellsLoss =
      told && weigh(toldError(output.slice(1, head.outputs, output.shape[1]), told.truth(g, rows, normalize, targets)));
    const recognitionLoss = recognized && weigh(recognized.error(g, rows, ofFilm, seeInputs(g, rows).observation));
    const policyLoss = tellsLoss ? actorLoss.add(tellsLoss.mul(config.tellsWeight)) : actorLoss;
    const loss = recognitionLoss ? policyLoss.add(recognitionLoss) : policyLoss;
    const distance = actions(g, rows, likely).sub(action).abs();
    // Of choices the share of wrong ones.
    const error = (space.kind === 'box' ? distance : distance.clip(0, 1)).mean();
    return {
      gradients: { actor: grad(loss, [actor])[0] },
      metrics: {
        actor_loss: actorLoss,
        action_error: error,
        ...(tellsLoss && { tells_loss: tellsLoss }),
        ...(recognitionLoss && { recognition_loss: recognitionLoss }),
      },
    };
  };

  const averaged = config.policyAverage > 0;
  const executed =
    steps === 1
      ? undefined
      : config.execution === 'open-loop'
        ? openLoop(steps, size)
        : temporalAverage(steps, size, config.averageDecay);
  return {
    spec,
    state: {
      actor: parts.parameters(policy),
      ...(averaged && { averageActor: { ...parts.parameters(policy), copyOf: 'actor' } }),
      ...moments('actor', layout),
    },
    steps: (rows) => ({
      clone: updateStep('bc-clone', (g) => learn(g, rows), {
        divisible: true,
        optimizerSteps: [adamStep('actor', config)],
        averages: averaged ? [{ vector: 'averageActor', of: 'actor', tau: config.policyAverage }] : [],
      }),
    }),
    updateNames: () => ['clone'],
    batch: {
      ...(several && config.balance === 'stratified' && { balance: 'task' }),
      ...(weighted && { weights: 'task' }),
      ...(steps > 1 && { window: steps }),
    },
    policyVectors: averaged ? ['actor', 'averageActor'] : ['actor'],
    ...(executed && { memory: executed.memory }),
    actionNoise: head.noise,
    act: (rows, { deterministic }) =>
      program('bc-act', (g) => {
        const parameters = deterministic && averaged ? 'averageActor' : 'actor';
        const [ofNetwork, ofHead, ofFilm] = split(views(g.input(parameters, [layout.size]), layout));
        const made = network.apply(ofNetwork, see(g, rows, ofFilm));
        const output = told ? made.slice(1, 0, head.outputs) : made;
        const noise = deterministic ? undefined : g.input('noise', [rows, head.noise]);
        const chunk = actions(g, rows, head.act(ofHead, output, noise)).reshape([rows, -1]);
        return executed ? executed.next(chunk) : { action: chunk };
      }),
    randomActionProbability: () => 0,
    learner: { kind: 'updates' },
  };
}

/** Of `steps` actions of `size` numbers each. */
function headOf(config: BcConfig, size: number, steps: number): LearnedHead {
  const { head, std, components, bins } = config;
  const all = size * steps;
  if (head === 'gaussian') return byDensity(gaussianHead(all, std, steps));
  if (head === 'mixture') return byDensity(mixtureHead(all, components, std));
  if (head === 'bins') return byDensity(binsHead(all, bins));
  if (head === 'flow') {
    return flowHead(all, { features: config.tokenWidth, hidden: config.flowHidden, steps: config.flowSteps });
  }
  if (std === 'state')
    throw new UsageError('agent.std is state, but head laplace has one fixed scale; set it to a number.');
  return byDensity(laplaceHead(all, std, steps));
}

/** A network with the head's own parameters behind its own, and those of what recognises. */
function behind(
  network: InputNetwork,
  head: LearnedHead,
  film?: RecognizedFilm,
): Pick<InputNetwork, 'layout' | 'init'> {
  const ofFilm = joinLayouts(film ? { recognizer: film.layout } : {});
  return {
    layout: joined([...network.layout.entries, ...head.layout.entries, ...ofFilm.entries]),
    init: (random) => Float32Array.from([...network.init(random), ...head.init(random), ...(film?.init(random) ?? [])]),
  };
}

/** A demonstration of states, and what is observed. @throws UsageError where there is none */
function shownStates(inputs: readonly InputSpec[]): Readonly<Record<'demonstration' | 'observation', InputSpec>> {
  const [demonstration, observation] = ['demonstration', 'observation'].map((name) =>
    inputs.find((input) => input.name === name),
  );
  if (demonstration && observation && demonstration.shape.length === 2 && demonstration.shape[1] === observation.size) {
    return { demonstration, observation };
  }
  throw new UsageError(
    'agent.relative is demonstration, but the policy does not see both the observation and states of a demonstration; set it to false, or env.demonstration=8.',
  );
}

/** The network, and the same with dropout for learning. */
function networksOf(
  config: BcConfig,
  inputs: readonly InputSpec[],
  { outputs, parts = 1 }: LearnedHead,
  besides: number,
): { network: InputNetwork; learning: InputNetwork } {
  const encoderOf = chooseEncoders(inputs, config.encoders);
  if (config.backbone === 'transformer') {
    const { tokenWidth: width, attentionHeads: heads, blocks, tokenNumbers } = config;
    const questions = config.actionTokens === 'each' ? parts : 1;
    const network = tokenNetwork(
      { inputs, outputs },
      { width, heads, blocks, tokenNumbers, questions, besides, encoderOf },
    );
    return { network, learning: network };
  }
  const after = config.layerNorm ? layerNormRelu : relu;
  const dropout = createDropout(config.dropout);
  return {
    network: inputNetwork({ inputs, outputs: outputs + besides }, { ...config, encoderOf, activation: after }),
    learning: inputNetwork(
      { inputs, outputs: outputs + besides },
      { ...config, encoderOf, activation: (y) => after(dropout.apply(y)) },
    ),
  };
}

/** Behaviour cloning of recorded episodes; with hindsight and without data, goal-conditioned supervised learning. */
export const bc: AgentDefinition<BcConfig> = {
  name: 'bc',
  description: 'multi-task behaviour cloning of recorded episodes',
  paper: 'Pomerleau 1991; heads: Bishop 1994; chunks: Zhao et al. 2023, arXiv 2304.13705',
  learning: 'off-policy',
  actions: ['box', 'discrete'],
  imitates: true,
  settings: {
    relabel: 'none',
    steps: 8000,
    envs: 1,
    training: {
      warmupSteps: 500,
      demonstrations: 0,
      updatesPerStep: 1,
      cycleSteps: 100,
      batchSize: 256,
      normalize: 'task',
    },
    replay: { unmetGoals: 0 },
    evaluation: { every: 1600 },
    checkpoint: { every: 1600 },
  },
  config: bcConfig,
  create,
};
