import fc from 'fast-check';
import { expect, test } from 'vitest';
import { box, image } from '../envs/space.js';
import { createRandom } from '../random.js';
import { createBatch } from './batch.js';
import { parseRelabel } from './relabel.js';
import { createReplay, type Replay } from './replay.js';
import { createSampler } from './sampler.js';
import { code, codedEpisode, codedRules, codedSpec } from './testing.js';

const future4 = parseRelabel('future:4');

/** One step of coded episode `episode`, from t to t + 1. */
const step = (episode: number, t: number) => ({
  columns: {
    observation: [episode, t],
    achieved: [code(episode, t)],
    goal: [-1],
    action: [t + 0.5],
    info: [t + 0.5],
    reward: [-1],
  },
  next: { observation: [episode, t + 1], achieved: [code(episode, t + 1)] },
  failed: false,
});

/** The first `count` steps of an episode. */
function addSteps(replay: Replay, env: number, episode: number, count: number, from = 0): void {
  for (let t = from; t < from + count; t++) replay.add(env, step(episode, t));
}

/** Samples a lot: which transitions, as "episode:t", and which goals. */
function sampled(replay: Replay, seed = 0, size = 4000) {
  const batch = createBatch(replay.spec, size);
  createSampler(replay, codedRules, future4).sample(createRandom(seed), batch);
  const transitions = new Set<string>();
  for (let i = 0; i < size; i++) {
    const { observation: o, 'next.observation': next } = batch.columns;
    transitions.add(`${o[2 * i]}:${o[2 * i + 1]}`);
    // `expect` only where it fails: a call of it takes longer than the rest.
    if (next[2 * i] !== o[2 * i] || next[2 * i + 1] !== o[2 * i + 1] + 1)
      expect.fail(`${o[2 * i]} goes on in ${next[2 * i]}`);
  }
  return { transitions, batch };
}

const expectedKeys = (episodes: readonly (readonly [episode: number, steps: number])[]) =>
  new Set(episodes.flatMap(([episode, steps]) => Array.from({ length: steps }, (_, t) => `${episode}:${t}`)));

test('an episode that is being written is not sampled, and enters whole', () => {
  const replay = createReplay(codedSpec(5), 20);
  replay.addEpisode(codedEpisode(0, 2));
  addSteps(replay, 3, 1, 4);
  expect(sampled(replay).transitions).toEqual(expectedKeys([[0, 2]]));
  expect([replay.stagedTransitions, replay.ring.transitions]).toEqual([4, 2]);
  replay.endEpisode(3);
  expect(sampled(replay).transitions).toEqual(
    expectedKeys([
      [0, 2],
      [1, 4],
    ]),
  );
  expect([replay.stagedTransitions, replay.ring.transitions]).toEqual([0, 6]);
  replay.endEpisode(3);
  expect(replay.ring.episodes).toBe(2);
});

test('step by step or at once, an episode is the same', () => {
  const [a, b] = [createReplay(codedSpec(5), 20), createReplay(codedSpec(5), 20)];
  a.addEpisode(codedEpisode(3, 5));
  addSteps(b, 0, 3, 5);
  b.endEpisode(0);
  expect([...b.ring.rows]).toEqual([...a.ring.rows]);
});

test('environments are staged apart', () => {
  const replay = createReplay(codedSpec(5), 20);
  for (let t = 0; t < 3; t++) for (const env of [0, 7, 2]) replay.add(env, step(env, t));
  replay.endEpisodes();
  expect(sampled(replay).transitions).toEqual(
    expectedKeys([
      [0, 3],
      [2, 3],
      [7, 3],
    ]),
  );
});

test('a step that does not continue its episode is refused: episodes are never mixed', () => {
  const replay = createReplay(codedSpec(5), 20);
  addSteps(replay, 0, 1, 2);
  expect(() => replay.add(0, step(2, 0))).toThrow('call endEpisode(0) before a new episode');
  replay.endEpisode(0);
  replay.add(0, step(2, 0));
});

test('the ring holds the newest whole episodes that fit, and samples nothing else (property)', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 8, max: 24 }),
      fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 30 }),
      (capacity, lengths) => {
        const replay = createReplay(codedSpec(8), capacity);
        for (const [episode, steps] of lengths.entries()) replay.addEpisode(codedEpisode(episode, steps));
        const kept: [number, number][] = [];
        let rows = 0;
        for (let episode = lengths.length - 1; episode >= 0; episode--) {
          rows += lengths[episode] + 1;
          if (rows > replay.ring.capacity) break;
          kept.push([episode, lengths[episode]]);
        }
        const { ring } = replay;
        expect(ring.episodes).toBe(kept.length);
        expect(ring.transitions).toBe(kept.reduce((sum, [, steps]) => sum + steps, 0));
        expect(ring.used).toBe(ring.transitions + ring.episodes);
        expect(sampled(replay, 0, 1500).transitions).toEqual(expectedKeys(kept));
        kept.reverse();
        for (const [i, [episode]] of kept.entries()) {
          const row = ring.rowOf(ring.nextSerial - kept.length + i);
          expect(ring.rows[row * ring.layout.width + ring.layout.column('observation').offset]).toBe(episode);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('a tiny full replay keeps exactly its last episode', () => {
  const replay = createReplay(codedSpec(1), 1);
  for (let episode = 0; episode < 10; episode++) {
    replay.addEpisode(codedEpisode(episode, 1));
    expect(sampled(replay, episode, 50).transitions).toEqual(new Set([`${episode}:0`]));
  }
});

test('full-length episodes fill the capacity exactly', () => {
  const replay = createReplay(codedSpec(10), 100);
  for (let episode = 0; episode < 37; episode++) replay.addEpisode(codedEpisode(episode, 10));
  expect(replay.ring.transitions).toBe(100);
});

test('what does not fit is refused before anything is lost', () => {
  expect(() => createReplay(codedSpec(50), 49)).toThrow('replay.capacity is 49; it must hold at least one episode');
  const replay = createReplay(codedSpec(5), 10);
  replay.addEpisode(codedEpisode(0, 5));
  expect(() => replay.addEpisode(codedEpisode(1, 40))).toThrow('40 transitions does not fit into a replay of 12 rows');
  addSteps(replay, 0, 2, 30);
  expect(() => replay.endEpisode(0)).toThrow('raise replay.capacity to at least 31');
  expect(sampled(replay).transitions).toEqual(expectedKeys([[0, 5]]));
  expect(() => createReplay({ ...codedSpec(5), observation: box(1e6) }, 1e9)).toThrow(/GiB.*lower replay.capacity/);
});

test('wrong sizes name themselves', () => {
  const replay = createReplay(codedSpec(5), 10);
  expect(() => replay.add(0, { ...step(0, 0), columns: { ...step(0, 0).columns, goal: [1, 2] } })).toThrow(
    'replay.add: goal has 2 numbers',
  );
  const episode = codedEpisode(0, 3);
  const add = (changed: Record<string, ArrayLike<number>>) =>
    replay.addEpisode({ ...episode, columns: { ...episode.columns, ...changed } });
  expect(() => add({ achieved: Array.from(episode.columns.achieved).slice(1) })).toThrow('achieved has 3 numbers');
  expect(() => add({ info: [] })).toThrow('info has 0 numbers');
  expect(() => add({ action: new Float32Array(0) })).toThrow('T at least 1');
  expect(() => add({ torque: [1, 2, 3] })).toThrow(/no column "torque"; its columns are observation, achieved, goal/);
});

/** Random life of a replay with two environments; `save` is called at random moments. */
function live(seed: number, steps: number, capacity: number, save: (replay: Replay) => void): Replay {
  const replay = createReplay(codedSpec(6), capacity);
  const random = createRandom(seed);
  const open = [0, 1].map((env) => ({ env, episode: env, t: 0 }));
  let episodes = 2;
  for (let n = 0; n < steps; n++) {
    const stage = open[random.below(2)];
    replay.add(stage.env, step(stage.episode, stage.t++));
    if (stage.t === 6 || random.uniform() < 0.2) {
      replay.endEpisode(stage.env);
      Object.assign(stage, { episode: episodes++, t: 0 });
    }
    if (random.uniform() < 0.08) save(replay);
  }
  save(replay);
  return replay;
}

test('after loading, a replay samples and goes on bit for bit as the saved one (property)', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 6, max: 60 }),
      (seed, steps, capacity) => {
        const pieces: Uint8Array[] = [];
        let exported = 0;
        const replay = live(seed, steps, capacity, (r) => {
          const bytes = r.exportEpisodes(exported);
          if (bytes.length > 0) pieces.push(bytes);
          exported = r.ring.nextSerial;
        });
        const other = createReplay(codedSpec(6), capacity);
        for (const piece of pieces) other.importEpisodes(piece);
        other.restoreStaging(replay.saveStaging());
        for (const r of [replay, other]) r.endEpisodes();
        expect(other.ring.first).toBe(replay.ring.first);
        expect(other.stagedTransitions).toBe(replay.stagedTransitions);
        if (replay.ring.transitions === 0) return;
        for (const r of [replay, other]) r.addEpisode(codedEpisode(900, 4));
        expect(sampled(other, seed, 300).batch).toEqual(sampled(replay, seed, 300).batch);
      },
    ),
    { numRuns: 100 },
  );
});

test('episodes that had left before they were exported leave a gap that loading bridges', () => {
  const replay = createReplay(codedSpec(6), 12);
  const pieces: Uint8Array[] = [];
  for (let episode = 0; episode < 11; episode++) {
    replay.addEpisode(codedEpisode(episode, 6));
    if (episode === 0 || episode === 10) pieces.push(replay.exportEpisodes(episode === 0 ? 0 : 1));
  }
  const other = createReplay(codedSpec(6), 12);
  for (const piece of pieces) other.importEpisodes(piece);
  expect(other.ring.nextSerial).toBe(11);
  expect(sampled(other).batch).toEqual(sampled(replay).batch);
});

test('an unfinished episode is kept unfinished, or closed as truncated when its environment is gone', () => {
  const replay = createReplay(codedSpec(6), 12);
  addSteps(replay, 0, 1, 3);
  const bytes = replay.saveStaging();
  const [going, gone] = [createReplay(codedSpec(6), 12), createReplay(codedSpec(6), 12)];
  for (const r of [going, gone]) r.restoreStaging(bytes);
  addSteps(going, 0, 1, 2, 3);
  going.endEpisode(0);
  gone.endEpisodes();
  expect(sampled(going).transitions).toEqual(expectedKeys([[1, 5]]));
  const { transitions, batch } = sampled(gone);
  expect(transitions).toEqual(expectedKeys([[1, 3]]));
  expect(new Set(batch.columns.terminated)).toEqual(new Set([0]));
});

test('damaged, foreign, incomplete or newer bytes are refused, and say so', () => {
  const replay = createReplay(codedSpec(6), 30);
  replay.addEpisode(codedEpisode(0, 6));
  const first = replay.exportEpisodes(0);
  replay.addEpisode(codedEpisode(1, 6));
  const second = replay.exportEpisodes(1);
  const staging = replay.saveStaging();
  expect(replay.exportEpisodes(2)).toHaveLength(0);
  const load = (...pieces: Uint8Array[]) => {
    const other = createReplay(codedSpec(6), 30);
    for (const piece of pieces) other.importEpisodes(piece);
    other.restoreStaging(staging);
  };
  load(first, second);
  load(first, new Uint8Array(0), second);
  // What says what the bytes are; that numbers changed is noticed where they are stored (runs/run-writer.test.ts).
  const { width } = replay.ring.layout;
  const rowsAt = first.length - 4 * 7 * width;
  for (let i = 0; i < rowsAt; i++) {
    const damaged = first.slice();
    damaged[i] ^= 4;
    expect(() => load(damaged, second)).toThrow(/saved replay/);
  }
  for (let row = 0; row < 7; row++) {
    for (let i = 0; i < 8; i++) {
      const damaged = first.slice();
      damaged[rowsAt + 4 * row * width + i] ^= 4;
      expect(() => load(damaged, second)).toThrow('does not go on from the one before it; it is damaged');
    }
  }
  expect(() => load(first.subarray(0, first.length - 4))).toThrow('cut off or damaged');
  expect(() => load(first.subarray(0, 7))).toThrow('cut off');
  expect(() => load(staging)).toThrow('something else');
  expect(() => load(first, first)).toThrow('import each piece once, in the order of exporting');
  expect(() => load(first)).toThrow('2 episodes had been stored, the imported ones end at 1');
  expect(() => load(second)).toThrow('some of its episode files are missing');
  const newer = first.slice();
  newer[4] = 9;
  expect(() => load(newer)).toThrow('newer anygoal (format 9');
  const foreign = createReplay({ ...codedSpec(6), action: box(2) }, 30);
  expect(() => foreign.importEpisodes(first)).toThrow(
    /columns are observation\[2\] per state, .* action\[1\] .*, those of test\/coded are .* action\[2\] /,
  );
  const older = first.slice();
  older[4] = 1;
  expect(() => load(older)).toThrow(/older anygoal \(format 1, this one reads 2\).*--init RUN/);
  const smaller = createReplay(codedSpec(6), 20);
  smaller.importEpisodes(first);
  smaller.importEpisodes(second);
  expect(() => smaller.restoreStaging(staging)).toThrow('it had 35 rows, this one has 24');
});

test('bytes may start anywhere in their buffer', () => {
  const replay = createReplay(codedSpec(6), 30);
  replay.addEpisode(codedEpisode(0, 6));
  const bytes = replay.exportEpisodes(0);
  const shifted = new Uint8Array(bytes.length + 3).subarray(3);
  shifted.set(bytes);
  const other = createReplay(codedSpec(6), 30);
  other.importEpisodes(shifted);
  expect(sampled(other).batch).toEqual(sampled(replay).batch);
});

test('more than 4 GiB of numbers fit, more bytes are refused with the setting to lower', () => {
  const spec = codedSpec(10);
  const large = createReplay(spec, 110_000_000); // memory that is never written is not taken
  large.addEpisode(codedEpisode(0, 3));
  const batch = createBatch(spec, 4, ['observation'], { window: 2 });
  createSampler(large, codedRules, future4).sample(createRandom(0), batch);
  expect(batch.columns.observation[0]).toBe(0);
  const pictures = { ...spec, parts: { camera: image([64, 64, 3]) } };
  expect(() => createReplay(pictures, 1_000_000)).toThrow(/takes 12.* GiB.* bytes, 4 GiB.*lower replay.capacity/);
});
