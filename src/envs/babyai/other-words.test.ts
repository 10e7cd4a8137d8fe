// Paraphrases: they mean what BabyAI's own words mean, encoders know them, and episodes ask in all of them.
import { expect, it } from 'vitest';
import { embeddedEncoder } from '../../text/embedded.js';
import { makeEnv } from '../index.js';
import { otherWords, rephrase } from './other-words.js';
import { parseInstruction } from './parse.js';
import { sentencesOf } from './sentences.js';

it('every way of saying it means the same, and no word is unknown', () => {
  const sentence = 'pick up a red ball, then put the grey box next to a yellow door';
  const ways = rephrase.everyWay(sentence);
  const count = ['pick up', 'red', 'ball', 'put', 'grey', 'box', 'next to', 'yellow', 'door'].reduce(
    (product, plain) => product * (otherWords[plain as keyof typeof otherWords].length + 1),
    1,
  );
  expect(ways[0]).toBe(sentence);
  expect([ways.length, new Set(ways).size]).toEqual([count, count]);
  for (const way of ways.filter((_, i) => i % 97 === 0)) {
    expect(rephrase.plain(way)).toBe(sentence);
    expect(parseInstruction(way)).toEqual(parseInstruction(sentence));
  }
  expect(embeddedEncoder().unknownWords(Object.values(otherWords).flat().join(' '))).toEqual([]);
  // Nothing that BabyAI says is taken for a paraphrase of something else.
  for (const plain of sentencesOf('boss-level')) expect(rephrase.plain(plain)).toBe(plain);
});

it('episodes ask in other words, and are otherwise the same', async () => {
  const [plain, varied] = await Promise.all([
    makeEnv('babyai/go-to-local'),
    makeEnv('babyai/go-to-local', { phrasing: 'varied' }),
  ]);
  const first = [plain, varied].map((env) => {
    const { image } = env.reset({ seed: 4 }).columns;
    return { image: [...(image as Uint8Array)], asked: rephrase.plain(env.instruction!()) };
  });
  expect(first[1]).toEqual(first[0]);
  const asked = Array.from({ length: 200 }, () => {
    varied.reset();
    return varied.instruction!();
  });
  const said = (words: readonly string[]) => words.filter((word) => asked.some((sentence) => sentence.includes(word)));
  const verbs = ['go to', ...otherWords['go to']];
  expect(said(verbs)).toEqual(verbs);
  varied.reset({ seed: 4 });
  let success = false;
  for (let t = 0; t < 64 && !success; t++) success = varied.step(varied.expert!()).isSuccess;
  expect(success).toBe(true);
});
