// Messages between actors and learner: they come back as they were sent, and what is damaged is refused.
import { expect, it } from 'vitest';
import { makeEnv } from '../envs/index.js';
import { RunError } from '../errors.js';
import { crc32c } from '../runs/crc32c.js';
import { decodeFrame, encodeFrame } from './frame.js';
import { decodePart, decodePolicy, type EpisodeFacts, encodeEpisode, encodePolicy, tableSum } from './wire.js';

const facts: EpisodeFacts = {
  actor: 'a-1',
  episode: 3,
  policy: 250,
  end: 'truncated',
  reward: -2,
  length: 2,
  success: true,
};
/** Three rows of two words, of which one is no number: its bits must come through. */
const rows = new Float32Array(new Uint32Array([0x7fc12345, 1, 2, 3, 4, 0x3f800000]).buffer);

it('carries an episode in one message', () => {
  const [message, ...others] = encodeEpisode(facts, 7, rows, 10_000);
  expect(others).toEqual([]);
  const { body, ...header } = decodePart(message);
  expect(header).toMatchObject({ ...facts, part: 0, parts: 1, table: 7 });
  expect(body).toEqual(new Uint8Array(rows.buffer));
});

it('carries it in several where it is larger than a message', () => {
  const parts = encodeEpisode(facts, 7, rows, 1024 + 10).map(decodePart);
  expect(parts.map(({ part, parts, body }) => [part, parts, body.length])).toEqual([
    [0, 3, 10],
    [1, 3, 10],
    [2, 3, 4],
  ]);
});

it('refuses every single changed byte, and what is cut off or something else', () => {
  const message = encodeFrame({ kind: 'episode', n: 1 }, new Uint8Array([1, 2, 3]));
  for (let i = 0; i < message.length; i++) {
    const changed = message.slice();
    changed[i] ^= 1;
    expect(() => decodeFrame(changed), `byte ${i}`).toThrow(RunError);
  }
  for (let length = 0; length < message.length; length++) {
    expect(() => decodeFrame(message.subarray(0, length)), `${length} bytes`).toThrow(RunError);
  }
  expect(() => decodePart(encodePolicy({ steps: 0, vectors: {} }))).toThrow('of kind "policy" where "episode"');
  const newer = encodeFrame({ kind: 'episode', version: 99 }, new Uint8Array(0));
  expect(() => decodePart(newer)).toThrow('version 99, this anygoal knows 1');
});

it('refuses headers that are none of an episode, however well they are packed', () => {
  const header = { kind: 'episode', version: 1, ...facts, part: 0, parts: 1, table: 7 };
  expect(decodePart(encodeFrame(header, new Uint8Array(0)))).toMatchObject(facts);
  for (const [name, value] of Object.entries({
    actor: 3,
    end: 'over',
    length: 0,
    parts: 0,
    episode: -1,
    reward: 'x',
  })) {
    const wrong = encodeFrame({ ...header, [name]: value }, new Uint8Array(0));
    expect(() => decodePart(wrong), name).toThrow(new RegExp(`^an episode's ${name} is not as it should be`));
  }
  const noJson = encodeFrame(header, new Uint8Array(0)).slice();
  noJson[12] = 0x5b;
  new DataView(noJson.buffer).setUint32(4, crc32c(noJson.subarray(8)), true);
  expect(() => decodeFrame(noJson)).toThrow('has no header');
});

it('carries policies bit for bit', () => {
  const vectors = { actor: Float32Array.of(0.1, -0, Number.MIN_VALUE), normalizer: new Float32Array(0) };
  expect(decodePolicy(encodePolicy({ steps: 12, vectors, taskWeights: [1, 0] }))).toEqual({
    steps: 12,
    vectors,
    taskWeights: [1, 0],
  });
});

it('tells environments apart by their columns', async () => {
  const { spec } = await makeEnv('point/reach');
  const other = { ...spec, action: { ...spec.action, size: 3 } } as typeof spec;
  expect(tableSum(spec)).toBe(tableSum({ ...spec, name: 'renamed' }));
  expect(tableSum(spec)).not.toBe(tableSum(other));
});
