// Films read as states: they are recognised from own pictures alone, view by view, and what is done follows from them.
import { beforeAll, describe, expect, it } from 'vitest';
import { box, image } from '../envs/space.js';
import { createRandom, type Random } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { createUpdater, type Updater } from '../updates/updater.js';
import type { Agent } from './agent.js';
import { agentSpec } from './agent-spec.js';
import { bc } from './bc.js';

const SIDE = 9;
const ROWS = 32;
const MOMENTS = 2;
const [pixels, picture] = [SIDE * SIDE * 3, image([SIDE, SIDE, 3])];
/** Two things, each red or blue, which pictures show from the left (x) and from above (y): one view tells one number of each. */
const numbers = ['a-x', 'a-y', 'a-red', 'b-x', 'b-y', 'b-red'];
const scene = agentSpec({
  observation: box(6, -1, 1, numbers),
  parts: {
    camera: picture,
    'camera-above': picture,
    'goal-camera': { ...picture, per: 'episode' },
    demonstration: {
      ...box(2 * MOMENTS * pixels),
      shape: [2 * MOMENTS, SIDE, SIDE, 3],
      dtype: 'uint8',
      per: 'episode',
    },
  },
  goal: box(0),
  action: box(4, -1, 1),
  rewardRange: [-1, 0],
});
const options = {
  unseen: ['camera', 'camera-above', 'goal-camera'],
  recognizes: { views: ['camera', 'camera-above'], given: ['*-red'], channels: [8], hidden: [64] },
  chunk: 1,
  hidden: [],
  layerNorm: false,
  normalizeActions: false,
  learningRate: 6e-3,
};
const made = (more: Record<string, unknown> = {}, spec = scene) =>
  bc.create(spec, bc.config.parse({ ...options, ...more }), { normalize: false });

type Place = readonly [x: number, y: number];
/** A spot at `along`, of -1 to 1, from left to right. */
function spot(bytes: Uint8Array, from: number, along: number, isRed: boolean) {
  const column = Math.round(((along + 1) / 2) * (SIDE - 1));
  for (let row = 2; row < SIDE - 2; row++) bytes[from + (row * SIDE + column) * 3 + (isRed ? 0 : 2)] = 255;
}
/** Both views of two things, the first of them red or blue, one after the other. */
const show = (bytes: Uint8Array, at: readonly number[], things: readonly Place[], isRed: boolean) =>
  at.forEach((from, view) => {
    for (const [i, place] of things.entries()) spot(bytes, from, place[view], isRed === (i === 0));
  });

interface Scene extends Record<string, Float32Array | Uint8Array> {
  readonly observation: Float32Array;
  readonly action: Float32Array;
  readonly camera: Uint8Array;
  readonly 'camera-above': Uint8Array;
  readonly demonstration: Uint8Array;
}

const empty = (rows: number): Scene => ({
  observation: new Float32Array(6 * rows),
  action: new Float32Array(4 * rows),
  camera: new Uint8Array(pixels * rows),
  'camera-above': new Uint8Array(pixels * rows),
  demonstration: new Uint8Array(2 * MOMENTS * pixels * rows),
});

/** Episodes in which things are to come to where a film shows them in the end: the action is these places. */
function fill(batch: Scene, random: Random, noise?: Random) {
  const rows = batch.observation.length / 6;
  const place = (): Place => [random.uniform() * 2 - 1, random.uniform() * 2 - 1];
  const [beside, above] = [batch.camera, batch['camera-above']];
  for (const bytes of [beside, above, batch.demonstration]) bytes.fill(0);
  for (let i = 0; i < rows; i++) {
    const isRed = random.uniform() < 0.5;
    const own = [place(), place()];
    for (const [k, at] of own.entries()) batch.observation.set([...at, isRed === (k === 0) ? 1 : 0], 6 * i + 3 * k);
    const both = new Uint8Array(2 * pixels);
    show(both, [0, pixels], own, isRed);
    beside.set(both.subarray(0, pixels), i * pixels);
    above.set(both.subarray(pixels), i * pixels);
    const moments = Array.from({ length: MOMENTS }, () => [place(), place()]);
    moments.forEach((things, moment) => {
      const from = (i * MOMENTS + moment) * 2 * pixels;
      show(batch.demonstration, [from, from + pixels], things, isRed);
    });
    const shown = (moments.at(-1) ?? []).flat();
    batch.action.set(noise ? shown.map(() => noise.uniform()) : shown, 4 * i);
  }
}

const learn = async (agent: Agent, updates: number, noise?: Random): Promise<Updater> => {
  const batch = { ...empty(ROWS), reward: new Float32Array(ROWS), terminated: new Float32Array(ROWS) };
  const random = createRandom(1);
  const nextBatch = () => fill(batch, random, noise);
  const all = { agent, rows: ROWS, runtime: nodeRuntime, threads: 1, random: createRandom(2), batch, nextBatch };
  const updater = await createUpdater(all);
  await updater.update(updates);
  return updater;
};

describe('a film', () => {
  const agent = made();
  let updater: Updater;
  beforeAll(async () => {
    updater = await learn(agent, 700);
    return () => updater.dispose();
  }, 120_000);

  it('is read as states, so that where it ends is done; of places and films that were never seen', async () => {
    const rows = 64;
    const fresh = empty(rows);
    fill(fresh, createRandom(77));
    const act = await nodeRuntime.compile(agent.act(rows, { deterministic: true }));
    expect(act.inputs.map(({ name }) => name).sort()).toEqual(['averageActor', 'demonstration', 'observation']);
    const { observation, demonstration } = fresh;
    const { action } = await act.run({ averageActor: updater.vector('actor'), observation, demonstration });
    await act.dispose();
    const errors = Array.from(action as Float32Array, (x, i) => Math.abs(x - fresh.action[i]));
    // A column of pixels is 0.25 wide; guessing would miss by 0.67, and by 0.5 whoever confuses things or moments.
    expect(errors.reduce((sum, x) => sum + x / errors.length, 0)).toBeLessThan(0.15);
  });

  it('is recognised from own pictures alone: other actions leave the recogniser as it is', async () => {
    const { layout } = agent.state.actor;
    const from = layout.find(({ name }) => name.startsWith('recognizer.'))?.offset ?? 0;
    const of = async (noise?: Random) => {
      const short = await learn(agent, 5, noise);
      const vector = Float32Array.from(short.vector('actor') as Float32Array);
      await short.dispose();
      return { policy: vector.subarray(0, from), recognizer: vector.subarray(from) };
    };
    const [one, other] = [await of(), await of(createRandom(3))];
    expect(one.policy).not.toEqual(other.policy);
    expect(one.recognizer).toEqual(other.recognizer);
  });
});

it('has what is left to its last moment as well, where it is told to', async () => {
  const weight = (relative: unknown) => {
    const agent = made({ relative });
    return { agent, entry: agent.state.actor.layout.find(({ name }) => name === '0.weight') };
  };
  expect(weight(false).entry?.shape).toEqual([6 + 6 * MOMENTS, 4]);
  const { agent, entry } = weight('demonstration');
  expect(entry?.shape).toEqual([6 + 6 + 6 * MOMENTS, 4]);
  // A recogniser that says 0 of everything: left are minus what is, and nothing of what is given. The action is the first four.
  const averageActor = new Float32Array(agent.state.averageActor.size);
  for (let i = 0; i < 4; i++) averageActor[(entry?.offset ?? 0) + (6 + i) * 4 + i] = 1;
  const act = await nodeRuntime.compile(agent.act(1, { deterministic: true }));
  const { demonstration } = empty(1);
  const observation = Float32Array.of(0.3, -0.2, 1, 0.7, 0.1, 0);
  const { action } = await act.run({ averageActor, observation, demonstration });
  await act.dispose();
  expect(Array.from(action as Float32Array)).toEqual([-0.3, 0.2, 0, -0.7].map((x) => expect.closeTo(x, 6)));
});

it('has nothing of numbers that the policy does not see', async () => {
  const agent = made({ unseen: [...options.unseen, 'a-y'] });
  const { layout, size } = agent.state.averageActor;
  const of = (name: string) => layout.find((entry) => entry.name === name);
  expect(of('recognizer.over.1.weight')?.shape).toEqual([64, 3]); // a-x, b-x, b-y
  // It says 1 of everything; actions are the numbers of the last moment, in their order without the last two.
  const averageActor = new Float32Array(size);
  averageActor.fill(1, of('recognizer.over.1.bias')?.offset, size);
  for (let i = 0; i < 4; i++) averageActor[(of('0.weight')?.offset ?? 0) + (6 + 6 + i) * 4 + i] = 1;
  const act = await nodeRuntime.compile(agent.act(1, { deterministic: true }));
  const { demonstration } = empty(1);
  const { action } = await act.run({
    averageActor,
    demonstration,
    observation: Float32Array.of(0, 0.5, 0.25, 0, 0, 0),
  });
  await act.dispose();
  expect(Array.from(action as Float32Array)).toEqual([1, 0, 0.25, 1]);
});

it('is refused where it cannot be read', () => {
  const refused = (views: readonly string[], given: readonly string[] = ['*-red'], spec = scene) =>
    expect(() => made({ recognizes: { views, given } }, spec));
  refused(['camera-abov']).toThrow('there is no picture "camera-abov"; did you mean "camera-above"?');
  refused(['wrist']).toThrow('there is no picture "wrist". Pictures: camera, camera-above.');
  refused(['goal-camera']).toThrow('there is no picture "goal-camera"');
  refused(['camera', 'camera-above'], ['*']).toThrow('leave no number to recognise');
  refused(['camera'], ['a-blue']).toThrow('agent.recognizes.given: no number of the observation is called "a-blue"');
  refused(['camera', 'camera-above', 'camera']).toThrow('demonstration has 4 frames [9,9,3], which are no moments of');
  const without = (name: string) => ({ ...scene, inputs: scene.inputs.filter((input) => input.name !== name) });
  refused(['camera', 'camera-above'], [], without('demonstration')).toThrow(
    'env.demonstrationIn=[camera, camera-above]',
  );
  refused(['camera', 'camera-above'], [], without('observation')).toThrow('no observation in numbers');
});
