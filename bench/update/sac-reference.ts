// The complete SAC step written by hand as ONNX nodes: the yardstick that the compiled step is measured against.
import { createHandGraph } from './graph.js';
import type { Reference, ReferenceSize } from './hand-nets.js';
import { adam, backward, ensemble, finish, forward, join, layers, mean, polyak, total, views } from './hand-nets.js';

const DISCOUNT = 0.99;
const TAU = 0.005;
const SQUASH_EPSILON = 1e-6;
const LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI);

/**
 * One step as src/agents/sac.ts takes it with its default settings: the critics, the actor under the updated critics,
 * the temperature, the target network, the metrics. With `drawn` below `critics` as REDQ: the target is the minimum of
 * that many critics, drawn anew, and the actor climbs the mean of all. Inputs and outputs have the compiled step's names,
 * but Adam's slots hold the textbook's moments m and v, and all share `rate` (see `adam`). Written the plain way that
 * ../peers describes: what a careful person writes without measuring each node.
 */
export function sacReference(size: ReferenceSize, critics = 2, drawn = critics): Reference {
  const { observation, goal, action, batch, hidden } = size;
  const g = createHandGraph('sac-reference');
  const state = observation + goal;
  const actorShapes = layers([state, ...hidden, 2 * action]);
  const criticShapes = layers([state + action, ...hidden, 1]);
  const [actorSize, criticSize] = [total(actorShapes), total(criticShapes)];

  const [s, s2, z] = [
    g.input('observation', [batch, observation]),
    g.input('next.observation', [batch, observation]),
    g.input('goal', [batch, goal]),
  ];
  const a = g.input('action', [batch, action]);
  const [reward, terminated] = [g.input('reward', [batch, 1]), g.input('terminated', [batch, 1])];
  const [noise, nextNoise] = [g.input('noise', [batch, action]), g.input('nextNoise', [batch, action])];
  const actor = g.input('actor', [actorSize]);
  const online = g.input('critics', [critics * criticSize]);
  const target = g.input('targetCritics', [critics * criticSize]);
  const logTemperature = g.input('logTemperature', [1]);
  const rate = g.input('rate', [2]);
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
  /** The target critics of this update: all, or those with the largest noise. */
  const targets = () => {
    if (drawn === critics) return ensemble(g, target, criticShapes, critics);
    const [, indices] = g.pair('TopK', [g.input('drawNoise', [critics]), g.ints([drawn])], { axis: 0 });
    const rows = g.op('Gather', [g.op('Reshape', [target, g.ints([critics, criticSize])]), indices], { axis: 0 });
    return ensemble(g, g.op('Reshape', [rows, g.ints([-1])]), criticShapes, drawn);
  };

  const temperature = g.op('Exp', [logTemperature]);
  const pi = views(g, actor, actorShapes);

  // Critics
  const next = sample(pi, join(g, s2, z), nextNoise);
  const x2 = join(g, s2, z, next.act);
  const nextValues = targets().map((parameters) => forward(g, parameters, x2).y);
  const soft = g.sub(g.op('Min', nextValues), g.mul(temperature, next.logProbability));
  const alive = g.mul(g.sub(g.number(1), terminated), g.number(DISCOUNT));
  const y = g.add(reward, g.mul(alive, soft));
  const x = join(g, s, z, a);
  const judged = ensemble(g, online, criticShapes, critics).map((parameters) => ({
    parameters,
    ...forward(g, parameters, x),
  }));
  const errors = judged.map((critic) => g.sub(critic.y, y));
  const criticGradient = judged.flatMap(({ parameters, inputs }, i) =>
    backward(g, parameters, inputs, g.mul(errors[i], g.number(2 / batch))).parameterGradients(),
  );
  const criticLoss = errors.map((error) => mean(g, g.mul(error, error))).reduce(g.add);
  const gradient = g.op('Concat', criticGradient, { axis: 0 });
  const updated = adam(g, 'critics', critics * criticSize, online, gradient, rate);
  polyak(g, 'targetCritics', critics * criticSize, target, updated, TAU);

  // Actor: climbs the smallest value, whose critic alone takes the gradient, or the mean of all
  const now = sample(pi, join(g, s, z), noise);
  const xa = join(g, s, z, now.act);
  const judges = ensemble(g, updated, criticShapes, critics).map((parameters) => ({
    parameters,
    ...forward(g, parameters, xa),
  }));
  const values = judges.map((judge) => judge.y);
  let value: string;
  let shares: string[];
  if (drawn < critics) {
    value = g.mul(g.op('Sum', values), g.number(1 / critics));
    shares = values.map(() => g.full([batch, 1], -1 / batch / critics));
  } else {
    value = g.op('Min', values);
    // Of equal ones the first.
    let left = g.full([batch, 1], -1 / batch);
    shares = values.map((v, i) => {
      if (i === critics - 1) return left;
      const share = g.mul(left, g.mask('LessOrEqual', v, value));
      left = g.sub(left, share);
      return share;
    });
  }
  const actorLoss = mean(g, g.sub(g.mul(temperature, now.logProbability), value));
  const dx = judges
    .map(({ parameters, inputs }, i) => backward(g, parameters, inputs, shares[i]).inputGradient())
    .reduce(g.add);
  const [, , dAction] = g.split(dx, [observation, goal, action], 1);
  const weight = g.mul(temperature, g.number(1 / batch));
  const dSquash = g.op('Div', [g.mul(g.mul(now.act, g.number(2)), weight), now.squash]);
  const dMean = g.mul(g.add(dAction, dSquash), now.slope);
  const dLogStd = g.mul(g.sub(g.mul(g.mul(dMean, now.std), noise), weight), g.mask('Equal', now.raw, now.logStd));
  const actorGradient = backward(g, pi, now.inputs, join(g, dMean, dLogStd)).parameterGradients();
  adam(g, 'actor', actorSize, actor, g.op('Concat', actorGradient, { axis: 0 }), rate);

  // Temperature; the target entropy is minus the number of action dimensions
  const logProbability = mean(g, now.logProbability);
  const surplus = g.sub(logProbability, g.number(action));
  adam(g, 'logTemperature', 1, logTemperature, g.op('Reshape', [negative(surplus), g.ints([1])]), rate);

  return finish(g, {
    critic_loss: criticLoss,
    q_mean: mean(g, judged[0].y),
    actor_loss: actorLoss,
    ent_coef: temperature,
    ent_coef_loss: negative(g.mul(logTemperature, surplus)),
    entropy: negative(logProbability),
  });
}
