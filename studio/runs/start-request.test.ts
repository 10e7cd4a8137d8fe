// What the start dialog sends, and the command it shows.
import { expect, test } from 'vitest';
import { commandOf, relabelParts, requestOf } from './start-request.js';

const here = { program: 'anygoal', runsDir: 'runs' };
const plain = { env: 'arm/reach', seeds: '0', settings: {} };

test('only what was chosen is sent', () => {
  expect(requestOf(plain)).toEqual({ env: 'arm/reach', seeds: [0], settings: {} });
  expect(requestOf({ ...plain, seeds: '' }).seeds).toEqual([0]);
  expect(
    requestOf({ ...plain, agent: 'td3', relabel: 'none', steps: 5, seeds: '1, 2 3', settings: { a: '1', b: ' ' } }),
  ).toEqual({ env: 'arm/reach', agent: 'td3', relabel: 'none', steps: 5, seeds: [1, 2, 3], settings: { a: '1' } });
  expect(() => requestOf({ ...plain, seeds: '1, x' })).toThrow('"x" is none');
});

test('the command does the same', () => {
  expect(commandOf(plain, here)).toBe('anygoal train arm/reach');
  expect(
    commandOf({ ...plain, agent: 'td3', seeds: '1,2', steps: 9, settings: { 'agent.hidden': '[64, 64]' } }, here),
  ).toBe("anygoal train arm/reach --agent td3 --steps 9 --seeds 1,2 --set 'agent.hidden=[64, 64]'");
  expect(commandOf({ ...plain, seeds: '7', relabel: 'final:2' }, { program: 'x', runsDir: 'my runs' })).toBe(
    "x train arm/reach --relabel final:2 --seed 7 --out 'my runs'",
  );
});

test('strategies with and without a number', () => {
  expect(relabelParts('future:8')).toEqual({ strategy: 'future', goals: 8 });
  expect(relabelParts('none')).toEqual({ strategy: 'none', goals: 4 });
});
