// Numbers for people.
import { expect, test } from 'vitest';
import { counted } from './format.js';

test('one of something is singular', () => {
  expect([counted(1, 'episode'), counted(0, 'episode'), counted(1200, 'episode')]).toEqual([
    '1 episode',
    '0 episodes',
    '1,200 episodes',
  ]);
});
