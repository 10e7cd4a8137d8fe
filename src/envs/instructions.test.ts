// Sentences: placeholders in order, words in their places, and a word that is missing.
import { expect, test } from 'vitest';
import { defineEnv } from './define-env.js';
import { type Instructions, placeholders, writeInstruction } from './instructions.js';
import { walk } from './testing.js';

const template = 'push the {colour} {shape} to the {side}';

test('placeholders are found and filled', () => {
  expect(placeholders(template)).toEqual(['colour', 'shape', 'side']);
  expect(placeholders('press the button')).toEqual([]);
  expect(writeInstruction(template, { colour: 'red', shape: 'cube', side: 'left' })).toBe(
    'push the red cube to the left',
  );
});

test('a placeholder without a word is named, with those that there are', () => {
  expect(() => writeInstruction(template, { colour: 'red', shape: 'cube' })).toThrow(
    'there is no word for {side}; there are words for colour, shape',
  );
  expect(() => writeInstruction('a {toString}', {})).toThrow('no word for {toString}');
});

test('what an author declares reaches the definition', () => {
  const instructions: Instructions = { templates: ['go'], words: {}, fill: () => ({}) };
  expect(defineEnv({ name: 'me/walk', instructions, create: () => walk({}) }).instructions).toBe(instructions);
});
