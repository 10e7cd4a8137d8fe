// What a learner takes of the messages: each episode once, whole, not too old; and where it was, exactly.
import { expect, it } from 'vitest';
import type { KeptMessage } from './broker.js';
import { createIntake } from './intake.js';
import { encodeEpisode } from './wire.js';

const WIDTH = 4;
const create = (maxPolicyLag = 100) => createIntake({ width: WIDTH, table: 7, maxPolicyLag });
let number = 0;
const numbered = (bytes: Uint8Array): KeptMessage => ({ number: ++number, bytes });

/** The messages of an episode of `length` steps, whose numbers are all `mark`. */
function messages(actor: string, episode: number, { length = 3, policy = 0, table = 7, mark = 1, largest = 1e6 } = {}) {
  const rows = new Float32Array((length + 1) * WIDTH).fill(mark);
  const facts = { actor, episode, policy, end: 'truncated' as const, reward: 0, length, success: false };
  return encodeEpisode(facts, table, rows, largest).map(numbered);
}
const one = (...given: Parameters<typeof messages>) => messages(...given)[0];

it('takes an episode once, however often it comes', () => {
  const intake = create();
  expect(intake.take(one('a', 0, { mark: 5 }), 0)?.rows).toEqual(new Float32Array(16).fill(5));
  expect(intake.take(one('a', 0), 0)).toBeUndefined();
  expect(intake.take(one('b', 0), 0)).toBeDefined();
  expect(intake.take(one('a', 1), 0)).toBeDefined();
  expect(intake.take(one('a', 0), 0)).toBeUndefined();
  expect(intake.counts).toMatchObject({ messages: 5, episodes: 3, steps: 9, duplicates: 2 });
});

it('refuses episodes of policies that are too old, and says whose', () => {
  const intake = create(100);
  expect(intake.take(one('slow', 0, { policy: 400 }), 500)?.lag).toBe(100);
  expect(intake.take(one('slow', 1, { policy: 399 }), 500)).toBeUndefined();
  expect(intake.take(one('slow', 2, { policy: 399 }), 500)).toBeUndefined();
  expect(intake.refusedOf).toEqual({ slow: 2 });
  expect(intake.counts).toMatchObject({ episodes: 1, steps: 3, refused: 2 });
  expect(intake.take(one('slow', 3, { policy: 500 }), 500)).toBeDefined();
  expect(intake.refusedOf).toEqual({});
});

it('puts parts together, of several actors at once, and drops what will not be finished', () => {
  const intake = create();
  const a = messages('a', 0, { length: 40, largest: 1024 + 256 });
  const b = messages('b', 0, { length: 40, largest: 1024 + 256, mark: 2 });
  expect(a.length).toBe(3);
  const taken = [a[0], b[0], b[1], a[1], a[1], a[2], b[2]].map((message) => intake.take(message, 0)?.rows[0]);
  expect(taken).toEqual([undefined, undefined, undefined, undefined, undefined, 1, 2]);
  // An actor that died in the middle: its next life has another name, this one goes on with another episode.
  intake.take(messages('c', 0, { length: 40, largest: 1024 + 256 })[0], 0);
  expect(intake.take(one('c', 1), 0)).toBeDefined();
  // A part that is missing.
  intake.take(messages('d', 0, { length: 40, largest: 1024 + 256 })[1], 0);
  expect(intake.counts).toMatchObject({ episodes: 3, unfinished: 2, duplicates: 0 });
});

it('counts what is damaged or of another environment, and goes on', () => {
  const intake = create();
  const damaged = one('a', 0);
  damaged.bytes[damaged.bytes.length - 1] ^= 1;
  expect(intake.take(damaged, 0)).toBeUndefined();
  expect(intake.take(one('a', 1, { table: 8 }), 0)).toBeUndefined();
  expect(intake.take(one('a', 2), 0)).toBeDefined();
  expect(intake.counts).toMatchObject({ damaged: 1, foreign: 1, episodes: 1 });
});

it('goes on from what it saved as if it had never stopped, in the middle of an episode too', () => {
  const all = [
    one('a', 0),
    ...messages('b', 0, { length: 40, largest: 1024 + 256 }),
    one('a', 0),
    one('a', 1, { policy: -500 }),
    one('a', 2),
  ];
  const whole = create();
  const expected = all.map((message) => whole.take(message, 0)?.facts);
  for (let cut = 0; cut <= all.length; cut++) {
    const before = create();
    const facts = all.slice(0, cut).map((message) => before.take(message, 0)?.facts);
    const after = create();
    after.restore(before.save());
    expect(after.at).toBe(cut === 0 ? 0 : all[cut - 1].number);
    facts.push(...all.slice(cut).map((message) => after.take(message, 0)?.facts));
    expect(facts, `cut at ${cut}`).toEqual(expected);
    expect(after.counts).toEqual(whole.counts);
    expect(after.save()).toEqual(whole.save());
  }
});
