// An environment of one's own with a column of its own: one declaration, and it is in memory, messages, replay, files, batches.
import { expect, test } from 'vitest';
import { createPieceWriter } from '../src/acting/transitions.js';
import { box, createVectorEnv, type EnvSpec, type GoalEnv, image } from '../src/envs/index.js';
import { createRandom } from '../src/random.js';
import { createBatch, createReplay, createSampler, parseRelabel, rowMemory } from '../src/replay/index.js';

const SIDE = 3;
const BYTES = SIDE * SIDE * 3;

/** A counter whose state also shows a temperature, a picture and a tool; the action's torque is noted. */
function counter(start: number, task: number): GoalEnv {
  const spec: EnvSpec = {
    name: 'me/counter',
    observation: box(1),
    parts: { camera: image([SIDE, SIDE, 3]) },
    achieved: box(1),
    goal: box(1),
    tasks: ['left', 'right'],
    action: box(1, -1, 1),
    maxEpisodeSteps: 4,
    rewardRange: [-1, 0],
    successEndsEpisode: false,
    info: [],
    columns: {
      temperature: { per: 'state' },
      torque: { per: 'transition', shape: [2] },
      tool: { per: 'episode', dtype: 'uint8' },
    },
  };
  let n = start;
  let steps = 0;
  const camera = new Uint8Array(BYTES);
  const now = {
    observation: new Float32Array(1),
    achieved: new Float32Array(1),
    goal: Float32Array.of(1e6),
    info: new Float32Array(0),
    task: Float32Array.of(task),
    columns: { camera, temperature: new Float32Array(1), torque: new Float32Array(2), tool: Uint8Array.of(200 + task) },
  };
  const show = () => {
    now.observation[0] = n;
    now.achieved[0] = n;
    now.columns.temperature[0] = 20 + n;
    camera.forEach((_, i) => {
      camera[i] = 255 - ((n + i) % 256); // 255, 255, 255, 255 read as float32 is not a number
    });
    camera.fill(255, 0, 8);
  };
  return {
    spec,
    reset() {
      steps = 0;
      n += 100;
      show();
      return now;
    },
    step(action) {
      n++;
      steps++;
      now.columns.torque.set([n, action[0]]);
      show();
      const truncated = steps === spec.maxEpisodeSteps;
      return { ...now, reward: -1, failed: false, terminated: false, truncated, isSuccess: false };
    },
    computeReward: (achieved, goal, _info, out) =>
      out.forEach((_, i) => {
        out[i] = achieved[i] === goal[i] ? 0 : -1;
      }),
    computeSuccess: (achieved, goal, _info, out) =>
      out.forEach((_, i) => {
        out[i] = achieved[i] === goal[i] ? 1 : 0;
      }),
    goalFrom: (achieved, out) => out.set(achieved),
    saveState: () => Uint8Array.of(),
    restoreState: () => undefined,
  };
}

const picture = (n: number) => Array.from({ length: BYTES }, (_, i) => (i < 8 ? 255 : 255 - ((n + i) % 256)));

/** Two of them, stepped `ticks` times in messages of three ticks. */
function messages(ticks: number) {
  const env = createVectorEnv([counter(0, 0), counter(5000, 1)]);
  const writer = createPieceWriter(env);
  env.reset(0);
  const all = [];
  for (let tick = 0; tick < ticks; tick++) {
    if (tick % 3 === 0) writer.begin(3);
    writer.before();
    const actions = Float32Array.of(0.25, -0.5);
    env.step(actions);
    writer.after(actions);
    if (tick % 3 === 2) all.push(writer.end());
  }
  return { env, all };
}

test('it is in the environments side by side and in the message of the actor', () => {
  const { env, all } = messages(3);
  expect([...env.columns.temperature]).toEqual([123, 5123]);
  expect([...env.columns.tool]).toEqual([200, 201]);
  expect([...env.columns.task]).toEqual([0, 1]);
  expect([...env.columns.camera.subarray(BYTES)]).toEqual(picture(5103));
  const { layout } = createReplay(env.spec, 10).ring;
  const [{ rows, pieces }] = all;
  expect(pieces).toEqual([
    { env: 0, first: 0, steps: 3 },
    { env: 1, first: 6, steps: 3 },
  ]);
  const memory = rowMemory(rows);
  for (let t = 0; t <= 3; t++) {
    const row = t * layout.width;
    expect(rows[row + layout.column('temperature').offset]).toBe(120 + t);
    const torque = row + layout.column('torque').offset;
    expect([...rows.subarray(torque, torque + 2)]).toEqual(t < 3 ? [101 + t, 0.25] : [0, 0]);
    expect(memory.bytes[4 * (row + layout.column('tool').offset)]).toBe(200);
    const camera = 4 * (row + layout.column('camera').offset);
    expect([...memory.bytes.subarray(camera, camera + BYTES)]).toEqual(picture(100 + t));
  }
});

test('it is in the replay, after saving and restoring too, and in batches with the state after the action', () => {
  const { env, all } = messages(30);
  const replay = createReplay(env.spec, 40);
  const restored = createReplay(env.spec, 40);
  let exported = 0;
  for (const message of all) {
    replay.insert(structuredClone(message, { transfer: [message.rows.buffer as ArrayBuffer] }));
    restored.importEpisodes(replay.exportEpisodes(exported));
    exported = replay.ring.nextSerial;
  }
  restored.restoreStaging(replay.saveStaging());
  expect(replay.stagedTransitions).toBe(4);
  for (const r of [replay, restored]) {
    r.endEpisodes();
    const names = ['observation', 'camera', 'temperature', 'torque', 'tool', 'task', 'goal', 'action', 'reward'];
    const batch = createBatch(env.spec, 64, [...names, 'next.temperature', 'next.camera', 'next.observation']);
    createSampler(r, counter(0, 0), parseRelabel('future:4')).sample(createRandom(1), batch);
    const { columns } = batch;
    const seen = new Set<number>();
    for (let i = 0; i < batch.size; i++) {
      const n = columns.observation[i];
      const task = n >= 5000 ? 1 : 0;
      seen.add(task);
      expect(columns['next.observation'][i]).toBe(n + 1);
      expect([columns.temperature[i], columns['next.temperature'][i]]).toEqual([20 + n, 21 + n]);
      expect([...columns.torque.subarray(2 * i, 2 * i + 2)]).toEqual([n + 1, task === 0 ? 0.25 : -0.5]);
      expect([columns.tool[i], columns.task[i]]).toEqual([200 + task, task]);
      expect([...columns.camera.subarray(BYTES * i, BYTES * (i + 1))]).toEqual(picture(n));
      expect([...columns['next.camera'].subarray(BYTES * i, BYTES * (i + 1))]).toEqual(picture(n + 1));
    }
    expect(seen.size).toBe(2);
  }
  expect([...restored.ring.bytes]).toEqual([...replay.ring.bytes]);
});

test('what is shown in another size is refused by name', () => {
  const broken = counter(0, 0);
  const { spec } = broken;
  const wide: GoalEnv = {
    ...broken,
    spec: { ...spec, columns: { ...spec.columns, temperature: { per: 'state', shape: [2] } } },
  };
  expect(() => createVectorEnv([wide]).reset(0)).toThrow(
    'me/counter: it shows 1 numbers of "temperature"; its spec says 2',
  );
});
