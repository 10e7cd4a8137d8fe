// What is said for the words of BabyAI's language.
import { rephrasing } from '../paraphrases.js';

export const otherWords = {
  'go to': ['walk to', 'move to', 'head for', 'approach'],
  'pick up': ['grab', 'take', 'lift', 'get'],
  put: ['place', 'set', 'lay'],
  'next to': ['beside', 'close to'],
  ball: ['sphere', 'globe'],
  box: ['container', 'chest'],
  door: ['gate'],
  red: ['crimson', 'scarlet'],
  green: ['emerald'],
  blue: ['navy'],
  purple: ['violet'],
  yellow: ['golden'],
  grey: ['gray', 'silver'],
} as const;

export const rephrase = rephrasing(otherWords);
