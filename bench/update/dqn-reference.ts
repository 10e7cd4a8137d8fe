// The step of double DQN written by hand as ONNX nodes.
import { createHandGraph } from './graph.js';
import type { Reference, ReferenceSize } from './hand-nets.js';
import { adam, backward, finish, forward, join, layers, mean, polyak, total, views } from './hand-nets.js';

const DISCOUNT = 0.98;
const TAU = 0.005;

/** One step as src/agents/dqn.ts takes it with its default settings and rewards in [-1, 0]; see `sacReference`. */
export function dqnReference({ observation, goal, action, batch, hidden }: ReferenceSize): Reference {
  const g = createHandGraph('dqn-reference');
  const shapes = layers([observation + goal, ...hidden, action]);
  const size = total(shapes);
  const [s, s2, z] = [
    g.input('observation', [batch, observation]),
    g.input('next.observation', [batch, observation]),
    g.input('goal', [batch, goal]),
  ];
  const taken = g.op('Cast', [g.input('action', [batch, 1])], { to: 7 });
  const [reward, terminated] = [g.input('reward', [batch, 1]), g.input('terminated', [batch, 1])];
  const [flat, target] = [g.input('q', [size]), g.input('targetQ', [size])];
  const clip = (x: string, low: number, high: number) => g.op('Clip', [x, g.number(low), g.number(high)]);
  const at = (values: string, indices: string) => g.op('GatherElements', [values, indices], { axis: 1 });
  const online = views(g, flat, shapes);

  const x2 = join(g, s2, z);
  const best = g.op('ArgMax', [forward(g, online, x2).y], { axis: 1, keepdims: 1 });
  const nextValue = at(forward(g, views(g, target, shapes), x2).y, best);
  const alive = g.mul(g.sub(g.number(1), terminated), g.number(DISCOUNT));
  const y = clip(g.add(reward, g.mul(alive, nextValue)), -1 / (1 - DISCOUNT), 0);
  const now = forward(g, online, join(g, s, z));
  const value = at(now.y, taken);
  const error = g.sub(value, y);
  const clipped = clip(error, -1, 1);
  const huber = g.mul(clipped, g.sub(error, g.mul(clipped, g.number(0.5))));
  const choice = g.op('OneHot', [g.op('Reshape', [taken, g.ints([-1])]), g.ints([action]), g.numbers([0, 1])]);
  const dy = g.mul(choice, g.mul(clipped, g.number(1 / batch)));
  const gradient = g.op('Concat', backward(g, online, now.inputs, dy).parameterGradients(), { axis: 0 });
  const updated = adam(g, 'q', size, flat, gradient, g.input('rate', [2]));
  polyak(g, 'targetQ', size, target, updated, TAU);
  return finish(g, { critic_loss: mean(g, huber), q_mean: mean(g, value) });
}
