// The complete SAC step written by hand as ONNX nodes: the yardstick that the compiled step is measured against.
import { createHandGraph, type HandGraph } from './graph.js';

export interface SacSize {
  readonly observation: number;
  readonly goal: number;
  readonly action: number;
  readonly batch: number;
  readonly hidden: readonly number[];
}

export interface SacReference {
  readonly bytes: Uint8Array;
  readonly nodeCount: number;
  readonly metricNames: readonly string[];
}

export const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const DISCOUNT = 0.99;
const TAU = 0.005;
const SQUASH_EPSILON = 1e-6;
const LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI);

type Shapes = readonly (readonly number[])[];
const volume = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);
const total = (shapes: Shapes) => shapes.reduce((sum, shape) => sum + volume(shape), 0);

/** Weight and bias of each layer. */
const layers = (sizes: readonly number[]): Shapes =>
  sizes.slice(1).flatMap((out, i) => [
    [sizes[i], out],
    [1, out],
  ]);

/** The tensors of a flat vector; biases stay as they are cut. */
function views(g: HandGraph, flat: string, shapes: Shapes): string[] {
  const pieces = g.split(flat, shapes.map(volume), 0);
  return pieces.map((piece, i) => (i % 2 === 0 ? g.op('Reshape', [piece, g.ints(shapes[i])]) : piece));
}

/** Output of a network, and the input of each of its layers. */
function forward(g: HandGraph, parameters: readonly string[], x: string): { y: string; inputs: string[] } {
  const inputs: string[] = [];
  let y = x;
  for (let i = 0; i < parameters.length; i += 2) {
    if (i > 0) y = g.op('Relu', [y]);
    inputs.push(y);
    y = g.op('Gemm', [y, parameters[i], parameters[i + 1]]);
  }
  return { y, inputs };
}

/** Back through a network: the flat gradient of its parameters, or the gradient of its input. */
function backward(g: HandGraph, parameters: readonly string[], inputs: readonly string[], output: string) {
  const gradients: string[] = [];
  let dy = output;
  const through = (layer: number) => {
    dy = g.op('Gemm', [dy, parameters[2 * layer]], { transB: 1 });
    if (layer > 0) dy = g.mul(dy, g.mask('Greater', inputs[layer], g.number(0)));
  };
  return {
    parameterGradients(): string[] {
      for (let layer = inputs.length - 1; layer >= 0; layer--) {
        const weight = g.op('Gemm', [inputs[layer], dy], { transA: 1 });
        const bias = g.op('ReduceSum', [dy, g.ints([0])], { keepdims: 0 });
        gradients.unshift(g.op('Reshape', [weight, g.ints([-1])]), bias);
        if (layer > 0) through(layer);
      }
      return gradients;
    },
    inputGradient(): string {
      for (let layer = inputs.length - 1; layer >= 0; layer--) through(layer);
      return dy;
    },
  };
}

/**
 * One step as src/agents/sac.ts takes it with its default settings: both critics, the actor under the updated critics,
 * the temperature, the target network, the metrics. Inputs and outputs have the compiled step's names, but Adam's slots
 * hold the textbook's moments m and v, and all share `rate` = [learning rate / (1 - beta1^t), 1 / sqrt(1 - beta2^t)].
 * Written the plain way that ../peers describes: what a careful person writes without measuring each node.
 */
export function sacReference({ observation, goal, action, batch, hidden }: SacSize): SacReference {
  const g = createHandGraph('sac-reference');
  const state = observation + goal;
  const actorShapes = layers([state, ...hidden, 2 * action]);
  const criticShapes = layers([state + action, ...hidden, 1]);
  const [actorSize, criticsSize] = [total(actorShapes), 2 * total(criticShapes)];

  const [s, s2, z] = [
    g.input('observation', [batch, observation]),
    g.input('nextObservation', [batch, observation]),
    g.input('goal', [batch, goal]),
  ];
  const a = g.input('action', [batch, action]);
  const [reward, terminated] = [g.input('reward', [batch, 1]), g.input('terminated', [batch, 1])];
  const [noise, nextNoise] = [g.input('noise', [batch, action]), g.input('nextNoise', [batch, action])];
  const actor = g.input('actor', [actorSize]);
  const critics = g.input('critics', [criticsSize]);
  const target = g.input('targetCritics', [criticsSize]);
  const logTemperature = g.input('logTemperature', [1]);
  const [stepSize, correction] = g.split(g.input('rate', [2]), [1, 1], 0);

  const adam = (name: string, size: number, value: string, gradient: string): string => {
    const { beta1, beta2, epsilon } = ADAM;
    const decayed = (slot: string, beta: number, x: string) =>
      g.add(g.mul(g.input(`${name}.${slot}`, [size]), g.number(beta)), g.mul(x, g.number(1 - beta)));
    const m = decayed('m', beta1, gradient);
    const v = decayed('v', beta2, g.mul(gradient, gradient));
    const deviation = g.add(g.mul(g.op('Sqrt', [v]), correction), g.number(epsilon));
    const next = g.sub(value, g.op('Div', [g.mul(m, stepSize), deviation]));
    g.output(next, `${name}_out`, [size]);
    g.output(m, `${name}.m_out`, [size]);
    g.output(v, `${name}.v_out`, [size]);
    return next;
  };
  const mean = (x: string) => g.op('ReduceMean', [x], { keepdims: 0 });
  const negative = (x: string) => g.op('Neg', [x]);

  const sample = (parameters: readonly string[], x: string, xi: string) => {
    const { y, inputs } = forward(g, parameters, x);
    const [center, raw] = g.split(y, [action, action], 1);
    const logStd = g.op('Clip', [raw, g.number(-20), g.number(2)]);
    const std = g.op('Exp', [logStd]);
    const act = g.op('Tanh', [g.add(center, g.mul(std, xi))]);
    const slope = g.sub(g.number(1), g.mul(act, act));
    const squash = g.add(slope, g.number(SQUASH_EPSILON));
    const gaussian = g.sub(g.sub(g.mul(g.mul(xi, xi), g.number(-0.5)), logStd), g.number(LOG_SQRT_2PI));
    const terms = g.sub(gaussian, g.op('Log', [squash]));
    const logProbability = g.op('ReduceSum', [terms, g.ints([1])], { keepdims: 1 });
    return { act, logProbability, inputs, raw, logStd, std, slope, squash };
  };
  const twins = (flat: string): [string[], string[]] => {
    const all = views(g, flat, [...criticShapes, ...criticShapes]);
    return [all.slice(0, criticShapes.length), all.slice(criticShapes.length)];
  };
  const join = (...parts: string[]) => g.op('Concat', parts, { axis: 1 });

  const temperature = g.op('Exp', [logTemperature]);
  const pi = views(g, actor, actorShapes);

  // Critics
  const next = sample(pi, join(s2, z), nextNoise);
  const x2 = join(s2, z, next.act);
  const [t1, t2] = twins(target).map((parameters) => forward(g, parameters, x2).y);
  const soft = g.sub(g.op('Min', [t1, t2]), g.mul(temperature, next.logProbability));
  const alive = g.mul(g.sub(g.number(1), terminated), g.number(DISCOUNT));
  const y = g.add(reward, g.mul(alive, soft));
  const x = join(s, z, a);
  const online = twins(critics).map((parameters) => ({ parameters, ...forward(g, parameters, x) }));
  const errors = online.map((critic) => g.sub(critic.y, y));
  const criticGradient = online.flatMap(({ parameters, inputs }, i) =>
    backward(g, parameters, inputs, g.mul(errors[i], g.number(2 / batch))).parameterGradients(),
  );
  const criticLoss = errors.map((error) => mean(g.mul(error, error))).reduce(g.add);
  const updated = adam('critics', criticsSize, critics, g.op('Concat', criticGradient, { axis: 0 }));
  const moved = g.add(g.mul(target, g.number(1 - TAU)), g.mul(updated, g.number(TAU)));
  g.output(moved, 'targetCritics_out', [criticsSize]);

  // Actor
  const now = sample(pi, join(s, z), noise);
  const xa = join(s, z, now.act);
  const judges = twins(updated).map((parameters) => ({ parameters, ...forward(g, parameters, xa) }));
  const [v1, v2] = judges.map((judge) => judge.y);
  const actorLoss = mean(g.sub(g.mul(temperature, now.logProbability), g.op('Min', [v1, v2])));
  const first = g.mask('LessOrEqual', v1, v2);
  const shares = [first, g.sub(g.number(1), first)];
  const dx = judges
    .map(({ parameters, inputs }, i) =>
      backward(g, parameters, inputs, g.mul(shares[i], g.number(-1 / batch))).inputGradient(),
    )
    .reduce(g.add);
  const [, , dAction] = g.split(dx, [observation, goal, action], 1);
  const weight = g.mul(temperature, g.number(1 / batch));
  const dSquash = g.op('Div', [g.mul(g.mul(now.act, g.number(2)), weight), now.squash]);
  const dMean = g.mul(g.add(dAction, dSquash), now.slope);
  const dLogStd = g.mul(g.sub(g.mul(g.mul(dMean, now.std), noise), weight), g.mask('Equal', now.raw, now.logStd));
  const actorGradient = backward(g, pi, now.inputs, join(dMean, dLogStd)).parameterGradients();
  adam('actor', actorSize, actor, g.op('Concat', actorGradient, { axis: 0 }));

  // Temperature; the target entropy is minus the number of action dimensions
  const logProbability = mean(now.logProbability);
  const surplus = g.sub(logProbability, g.number(action));
  adam('logTemperature', 1, logTemperature, g.op('Reshape', [negative(surplus), g.ints([1])]));

  const metrics = {
    critic_loss: criticLoss,
    actor_loss: actorLoss,
    ent_coef: temperature,
    ent_coef_loss: negative(g.mul(logTemperature, surplus)),
    q_mean: mean(online[0].y),
    entropy: negative(logProbability),
  };
  const values = Object.values(metrics).map((value) => g.op('Reshape', [value, g.ints([1])]));
  g.output(g.op('Concat', values, { axis: 0 }), 'metrics', [values.length]);
  return { bytes: g.bytes(), nodeCount: g.nodes.length, metricNames: Object.keys(metrics) };
}
