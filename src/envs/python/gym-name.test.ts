// Names of Gymnasium environments, taken apart.
import { expect, test } from 'vitest';
import { isGymName, parseGymName } from './gym-name.js';

test('names, modules and arguments', () => {
  expect(isGymName('gym:Pendulum-v1')).toBe(true);
  expect(isGymName('gymnasium/hopper')).toBe(false);
  expect(parseGymName('gym:my_module:MyEnv-v0')).toEqual({ id: 'my_module:MyEnv-v0', arguments: {} });
  expect(parseGymName('gym:A-v0?continuous=false&map=a=b&size=[1,2]&max_episode_steps=9')).toEqual({
    id: 'A-v0',
    arguments: { continuous: false, map: 'a=b', size: [1, 2], max_episode_steps: 9 },
  });
});

test('what is missing is named', () => {
  expect(() => parseGymName('gym:')).toThrow(/"gym:" names no environment/);
  expect(() => parseGymName('gym:A-v0?size')).toThrow(/"size" is no argument/);
});
