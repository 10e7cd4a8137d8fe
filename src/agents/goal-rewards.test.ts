// Rewards from embeddings of pictures: what is learned, what stays frozen, what critics see, what is refused.
import { expect, it } from 'vitest';
import { box, image } from '../envs/space.js';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { program } from '../tensor/index.js';
import { createUpdater } from '../updates/updater.js';
import { createFlatCamera } from '../vision/index.js';
import type { Agent } from './agent.js';
import { agentSpec } from './agent-spec.js';
import { goalRewards } from './goal-rewards.js';
import { findAgent } from './index.js';
import { identityNormalizer } from './policy-vectors.js';
import { pictureGoalSpec } from './testing.js';

const SIZE = 16;
const picture = image([SIZE, SIZE, 3]);
/** A point in a square, whose actions move it by a tenth, seen from above. */
const spec = pictureGoalSpec(SIZE, 2);
const ROWS = 64;
const place = new Float64Array(2);
const white = [255, 255, 255] as const;
const camera = createFlatCamera(
  { half: 1.15, ground: () => white, disc: { radius: 0.1, colour: [0, 0, 0] }, place: (axis) => place[axis] },
  SIZE,
);

function batch() {
  const bytes = () => new Uint8Array(ROWS * picture.size);
  return {
    camera: bytes(),
    'next.camera': bytes(),
    'goal-camera': bytes(),
    observation: new Float32Array(2 * ROWS),
    'next.observation': new Float32Array(2 * ROWS),
    goal: new Float32Array(2 * ROWS),
    action: new Float32Array(2 * ROWS),
    reward: new Float32Array(ROWS),
    terminated: new Float32Array(ROWS),
    normalizer: new Float32Array(0),
  };
}

const random = createRandom(1);
function fill(out: ReturnType<typeof batch>): void {
  const look = (column: Uint8Array, i: number) =>
    camera.take(column.subarray(i * picture.size, (i + 1) * picture.size));
  for (let i = 0; i < ROWS; i++) {
    random.fillUniform(place, -0.9, 0.9);
    out.goal.set(place, 2 * i);
    look(out['goal-camera'], i);
    random.fillUniform(place, -0.9, 0.9);
    out.observation.set(place, 2 * i);
    look(out.camera, i);
    for (let j = 0; j < 2; j++) {
      const action = 2 * random.uniform() - 1;
      out.action[2 * i + j] = action;
      place[j] += 0.1 * action;
    }
    out['next.observation'].set(place, 2 * i);
    look(out['next.camera'], i);
  }
}

const encoders = { camera: { kind: 'keypoints', channels: [8, 16] } };
const made = (options: Record<string, unknown>, of = spec) => {
  const { config, create } = findAgent('sac');
  const settings = { hidden: [16], encoders, ...options };
  return create(of, config.parse(settings), { normalize: true });
};

async function updaterOf(agent: Agent, only?: string) {
  const data = batch();
  data.normalizer = identityNormalizer(agent.spec) as Float32Array<ArrayBuffer>;
  const steps = (rows: number) =>
    Object.fromEntries(Object.entries(agent.steps(rows)).filter(([name]) => !only || name === only));
  const updater = await createUpdater({
    agent: { ...agent, steps, ...(only && { updateNames: () => [only] }) },
    rows: ROWS,
    runtime: nodeRuntime,
    threads: 1,
    random: createRandom(2),
    batch: data,
    nextBatch: () => fill(data),
  });
  return { updater, data };
}

/** What the reward says of each row of a batch. */
async function rewardsOf(
  options: Parameters<typeof goalRewards>[2],
  embedding: Float32Array,
  data: ReturnType<typeof batch>,
) {
  const rewards = goalRewards('sac', spec, options);
  const run = await nodeRuntime.compile(
    program('reward', (g) => ({ reward: rewards.reward(g, ROWS, g.input('reward', [ROWS, 1])) })),
  );
  const inputs = { embedding, 'next.camera': data['next.camera'], 'goal-camera': data['goal-camera'] };
  const { reward } = await run.run(inputs);
  const values = Array.from(reward as Float32Array);
  await run.dispose();
  return values;
}
const parsed = findAgent('sac').config.parse({ encoders }) as { encoders: Record<string, Record<string, unknown>> };
const reading = { encoders: parsed.encoders, nStep: 1, learningRate: 1e-3, learningRateDecay: 0 };

it('learned: actions become displacements, so that distances are steps, and the reward is 0 within half a step', async () => {
  const agent = made({ goalReward: 'learned', learningRate: 5e-3 });
  expect(agent.updateNames(1)).toEqual(['embedding', 'critics', 'actor']);
  const { updater, data } = await updaterOf(agent, 'embedding');
  await updater.update(5);
  expect(updater.takeMetrics().embedding_loss).toBeGreaterThan(0.2); // actions are uniform: 1/3 where nothing is known
  await updater.update(400);
  updater.takeMetrics();
  await updater.update(20);
  expect(updater.takeMetrics().embedding_loss).toBeLessThan(0.1);
  fill(data);
  data['next.camera'].set(data['goal-camera'].subarray(0, 8 * picture.size)); // the first eight are there
  const embedding = updater.vector('embedding').slice();
  const sparse = await rewardsOf({ ...reading, goalReward: 'learned', goalRewardTolerance: 0.5 }, embedding, data);
  const dense = await rewardsOf({ ...reading, goalReward: 'learned', goalRewardTolerance: null }, embedding, data);
  let [error, far] = [0, 0];
  for (let i = 0; i < ROWS; i++) {
    expect(sparse[i]).toBe(-dense[i] > 0.5 ? -1 : 0);
    if (i < 8) expect(dense[i]).toBeCloseTo(0, 4);
    else {
      const of = (j: number) => (data['next.observation'][2 * i + j] - data.goal[2 * i + j]) / 0.1;
      const steps = Math.hypot(of(0), of(1));
      error += Math.abs(-dense[i] - steps);
      far += steps;
    }
  }
  expect(error / far).toBeLessThan(0.15);
  await updater.dispose();
}, 60_000);

it('random: the embedding stays as it was drawn, bit by bit, while everything else learns', async () => {
  const { updater } = await updaterOf(made({ goalReward: 'random' }));
  const before = updater.vector('embedding').slice();
  const actor = updater.vector('actor').slice();
  await updater.update(2);
  expect(updater.vector('embedding')).toEqual(before);
  expect(updater.vector('actor')).not.toEqual(actor);
  await updater.dispose();
});

it('privileged critics see numbers, and the actor learns to see', async () => {
  const agent = made({ privilegedCritic: true });
  const steps = agent.steps(ROWS);
  const read = (name: string) => steps[name].program.inputs.filter(({ unused }) => !unused).map((input) => input.name);
  expect(read('critics')).toEqual(expect.arrayContaining(['observation', 'goal', 'next.observation', 'next.camera']));
  expect(read('critics')).not.toContain('camera');
  expect(read('actor')).toEqual(expect.arrayContaining(['camera', 'goal-camera', 'observation', 'goal']));
  expect(steps.actor.optimizerSteps.map(({ vector }) => vector)).toContain('encoder');
  expect(steps.critics.optimizerSteps.map(({ vector }) => vector)).not.toContain('encoder');
  expect(agent.state.critics.layout[0].shape).toEqual([2 + 2 + 2, 16]);
  expect(agent.act(1, { deterministic: true }).inputs.map(({ name }) => name)).not.toContain('observation');
  const { updater } = await updaterOf(agent);
  const seen = updater.vector('encoder').slice();
  await updater.update(2);
  expect(updater.vector('encoder')).not.toEqual(seen);
  await updater.dispose();
});

const several = (parts: Parameters<typeof agentSpec>[0]['parts']) =>
  agentSpec({
    observation: box(2),
    parts: { camera: picture, ...parts },
    privileged: ['observation'],
    goal: box(2),
    tasks: ['one', 'other', 'third'],
    action: box(2, -1, 1),
    rewardRange: [-1, 0],
  });

it('privileged critics have a number for each of several tasks', () => {
  const { layout } = made({ privilegedCritic: true }, several({})).state.critics;
  expect(layout[0].shape).toEqual([2 + 2 + 3 + 2, 16]);
});

it('privileged critics are refused where a film alone tells what is asked for', () => {
  const film = several({ shown: { ...picture, per: 'episode' } });
  expect(() => made({ privilegedCritic: true }, film)).toThrow(
    'agent.privilegedCritic is true, but shown tells in pictures alone what is asked for',
  );
});

it('shifted pictures are noise of each row, in learning alone', () => {
  const agent = made({ pictureShift: 2 });
  for (const step of Object.values(agent.steps(ROWS))) {
    expect(step.noise.shiftNoise).toEqual({ shape: [ROWS, 2], per: 'row' });
  }
  expect(agent.act(1, { deterministic: true }).inputs.map(({ name }) => name)).not.toContain('shiftNoise');
  expect(Object.keys(made({}).steps(ROWS).critics.noise)).not.toContain('shiftNoise');
});

it.each([
  [{ goalReward: 'learned' }, 'no goal is a picture here; set env.camera.goal=true'],
  [{ privilegedCritic: true }, 'policies see all numbers here; set env.camera.size'],
])('%j is refused where there are no pictures', (options, message) => {
  const numbers = agentSpec({ observation: box(2), goal: box(2), action: box(2, -1, 1), rewardRange: [-1, 0] });
  expect(() => made({ ...options, encoders: {} }, numbers)).toThrow(message);
});

it('ends at the goal, of which pictures do not tell, are refused with rewards of embeddings', () => {
  const ending = { ...spec, successEndsEpisode: true };
  expect(() => made({ goalReward: 'learned' }, ending)).toThrow('set env.successEndsEpisode=false');
  expect(() => made({}, ending)).not.toThrow();
});

it.each([
  [{ kind: 'keypoints', by: 'observation' }, 'by is "observation"; leave it out, or leave agent.goalReward at "env"'],
  [{ kind: 'film', by: 'observation' }, 'by is "observation"; take another kind, such as convolution, or leave'],
])('%j, which looks by another input, is refused with rewards of embeddings', (camera, message) => {
  const rates = { learningRate: 0.001, learningRateDecay: 0 };
  const settings = {
    goalReward: 'learned',
    goalRewardTolerance: 0.5,
    encoders: { camera },
    nStep: 1,
    ...rates,
  } as const;
  const embedded = () => goalRewards('sac', spec, settings);
  expect(embedded).toThrow(
    'agent.goalReward is "learned", whose embeddings see pictures alone, but agent.encoders.camera.',
  );
  expect(embedded).toThrow(message);
});

it('returns over several steps are refused with rewards of embeddings', () => {
  expect(() => made({ goalReward: 'random', nStep: 3 })).toThrow('agent.nStep is 3; set it to 1');
});
