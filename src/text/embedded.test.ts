// The embedded encoder: the same vectors everywhere, near where sentences mean the same, different where words change places.
import { expect, test } from 'vitest';
import { embeddedChecksum, embeddedEncoder, embeddedSize, tableChecksum } from './embedded.js';
import { cosine, requireKnown, standardise, standardOf } from './encoder.js';
import { textMap } from './map.js';

const encoder = embeddedEncoder();
const near = (a: string, b: string) => cosine(encoder.encodeNow(a), encoder.encodeNow(b));

test('the checksum is that of the table', async () => {
  expect(await tableChecksum()).toBe(embeddedChecksum);
  expect(encoder.encodeNow('go')).toHaveLength(embeddedSize);
});

test('numbers of a sentence are as they were', () => {
  const vector = encoder.encodeNow('pick up the red cup');
  const rounded = [0, 1, 63, 64, 127].map((i) => Number(vector[i].toFixed(5)));
  expect(rounded).toMatchInlineSnapshot(`
    [
      -0.22974,
      -0.3635,
      0.00844,
      0.1774,
      -0.0723,
    ]
  `);
  expect(encoder.encodeNow('Pick up the RED cup!')).toEqual(vector);
});

test('what means the same is nearer than what does not', () => {
  const [cup, mug, block] = ['pick up the red cup', 'grab the red mug', 'push the block left'];
  expect(near(cup, mug)).toBeGreaterThan(near(cup, block) + 0.4);
  expect(near(cup, mug)).toBeGreaterThan(near(mug, block) + 0.4);
});

test('words that change places give another vector, and standardised ones are far apart', () => {
  const [a, b] = ['put the red cup on the blue plate', 'put the blue cup on the red plate'];
  expect(near(a, b)).toBeLessThan(0.99);
  expect(near(a, a)).toBeCloseTo(1, 6);
  const colours = ['red', 'blue', 'green'];
  const set = colours.flatMap((x) => colours.map((y) => `put the ${x} cup on the ${y} plate`));
  const vectors = set.map((sentence) => encoder.encodeNow(sentence));
  const standard = standardOf(vectors);
  const [x, y] = [a, b].map((sentence) => standardise(encoder.encodeNow(sentence), standard));
  expect(cosine(x, y)).toBeLessThan(0.5); // their halves for words are equal
});

test('standardised vectors have mean 0 and deviation 1 over their set', () => {
  const vectors = ['go left', 'go right', 'open the door'].map((sentence) => encoder.encodeNow(sentence));
  const standard = standardOf(vectors);
  const all = vectors.map((vector) => standardise(vector, standard));
  for (const i of [0, 20, 63]) {
    const column = all.map((vector) => vector[i]);
    const mean = column.reduce((sum, value) => sum + value, 0) / 3;
    expect(mean).toBeCloseTo(0, 4);
    expect(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 3).toBeCloseTo(1, 3);
  }
});

test('unknown words are told', () => {
  expect(encoder.unknownWords('grab the florbic mug')).toEqual(['florbic']);
  expect(() => requireKnown(encoder, 'grab the florbic mug')).toThrow('the encoder embedded does not know "florbic"');
  expect(() => requireKnown(encoder, ' ')).toThrow('an instruction is empty');
});

test('a map has the same distances both ways and a place for each', async () => {
  const map = await textMap(encoder, ['pick up the red cup', 'grab the red mug', 'push the block left']);
  expect(map.cosines[0][1]).toBe(map.cosines[1][0]);
  expect(map.distances[0][1]).toBeLessThan(map.distances[0][2]);
  const apart = (i: number, j: number) =>
    Math.hypot(map.places[i][0] - map.places[j][0], map.places[i][1] - map.places[j][1]);
  expect(apart(0, 1)).toBeLessThan(apart(0, 2));
});

test('words are known by their vectors, and no others are', () => {
  const shown = new Float32Array(6 * 64);
  for (const [i, vector] of encoder.encodeWords('pick up the red cup').entries()) shown.set(vector, i * 64);
  expect(encoder.decodeWords(shown)).toEqual(['pick', 'up', 'the', 'red', 'cup']);
  shown[64] += 0.5;
  expect(encoder.decodeWords(shown)).toEqual(['pick', '?', 'the', 'red', 'cup']);
  expect(encoder.decodeWords(new Float32Array(128))).toEqual([]);
});
