// The steps of TD3 and DDPG written by hand as ONNX nodes.
import { createHandGraph } from './graph.js';
import type { Reference, ReferenceSize } from './hand-nets.js';
import { adam, backward, ensemble, finish, forward, join, layers, mean, polyak, total, views } from './hand-nets.js';

const DISCOUNT = 0.98;
const TAU = 0.005;
const TARGET_NOISE = 0.2;
const TARGET_NOISE_CLIP = 0.5;

/**
 * One step as src/agents/td3.ts or ddpg.ts takes it with its default settings and rewards in [-1, 0]; see `sacReference`
 * for what is the same. TD3: two critics, noise on the target's actions, the actor (if it is its turn) under the updated
 * critic. DDPG: one critic, the actor under the critic before its update.
 */
export function deterministicReference(
  agent: 'td3' | 'ddpg',
  { observation, goal, action, batch, hidden }: ReferenceSize,
  withActor = true,
): Reference {
  const twin = agent === 'td3';
  const [count, criticName, targetName] = twin ? [2, 'critics', 'targetCritics'] : [1, 'critic', 'targetCritic'];
  const g = createHandGraph(`${agent}-reference`);
  const state = observation + goal;
  const actorShapes = layers([state, ...hidden, action]);
  const criticShapes = layers([state + action, ...hidden, 1]);
  const [actorSize, criticsSize] = [total(actorShapes), count * total(criticShapes)];
  const [s, s2, z] = [
    g.input('observation', [batch, observation]),
    g.input('next.observation', [batch, observation]),
    g.input('goal', [batch, goal]),
  ];
  const a = g.input('action', [batch, action]);
  const [reward, terminated] = [g.input('reward', [batch, 1]), g.input('terminated', [batch, 1])];
  const online = g.input(criticName, [criticsSize]);
  const [targetActor, target] = [g.input('targetActor', [actorSize]), g.input(targetName, [criticsSize])];
  const clip = (x: string, low: number, high: number) => g.op('Clip', [x, g.number(low), g.number(high)]);
  const policy = (parameters: readonly string[], x: string) => {
    const { y, inputs } = forward(g, parameters, x);
    return { act: g.op('Tanh', [y]), inputs };
  };

  // Critics
  let { act: nextAction } = policy(views(g, targetActor, actorShapes), join(g, s2, z));
  if (twin) {
    const noise = g.mul(g.input('nextNoise', [batch, action]), g.number(TARGET_NOISE));
    nextAction = clip(g.add(nextAction, clip(noise, -TARGET_NOISE_CLIP, TARGET_NOISE_CLIP)), -1, 1);
  }
  const x2 = join(g, s2, z, nextAction);
  const nextValues = ensemble(g, target, criticShapes, count).map((parameters) => forward(g, parameters, x2).y);
  const nextValue = twin ? g.op('Min', nextValues) : nextValues[0];
  const alive = g.mul(g.sub(g.number(1), terminated), g.number(DISCOUNT));
  const y = clip(g.add(reward, g.mul(alive, nextValue)), -1 / (1 - DISCOUNT), 0);
  const x = join(g, s, z, a);
  const networks = ensemble(g, online, criticShapes, count);
  const judged = networks.map((parameters) => ({ parameters, ...forward(g, parameters, x) }));
  const errors = judged.map((critic) => g.sub(critic.y, y));
  const criticGradient = judged.flatMap(({ parameters, inputs }, i) =>
    backward(g, parameters, inputs, g.mul(errors[i], g.number(2 / batch))).parameterGradients(),
  );
  const criticLoss = errors.map((error) => mean(g, g.mul(error, error))).reduce(g.add);
  const gradient = g.op('Concat', criticGradient, { axis: 0 });
  const updated = adam(g, criticName, criticsSize, online, gradient, g.input('rate', [2]));
  const values = mean(g, judged[0].y);
  if (!withActor) return finish(g, { critic_loss: criticLoss, q_mean: values });

  // Actor
  const actor = g.input('actor', [actorSize]);
  const pi = views(g, actor, actorShapes);
  const now = policy(pi, join(g, s, z));
  const judge = twin ? ensemble(g, updated, criticShapes, count)[0] : networks[0];
  const value = forward(g, judge, join(g, s, z, now.act));
  const dx = backward(g, judge, value.inputs, g.full([batch, 1], -1 / batch)).inputGradient();
  const [, , dAction] = g.split(dx, [observation, goal, action], 1);
  const dy = g.mul(dAction, g.sub(g.number(1), g.mul(now.act, now.act)));
  const actorGradient = backward(g, pi, now.inputs, dy).parameterGradients();
  const actorRate = twin ? g.input('actor.rate', [2]) : 'rate';
  const updatedActor = adam(g, 'actor', actorSize, actor, g.op('Concat', actorGradient, { axis: 0 }), actorRate);
  polyak(g, 'targetActor', actorSize, targetActor, updatedActor, TAU);
  polyak(g, targetName, criticsSize, target, updated, TAU);
  const actorLoss = g.op('Neg', [mean(g, value.y)]);
  return finish(
    g,
    twin
      ? { critic_loss: criticLoss, q_mean: values, actor_loss: actorLoss }
      : { critic_loss: criticLoss, actor_loss: actorLoss, q_mean: values },
  );
}
