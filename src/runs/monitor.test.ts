// monitor.csv: the lines that Stable-Baselines3 writes and reads.
import { expect, test } from 'vitest';
import { monitorHeader, monitorRow, parseMonitor } from './monitor.js';

const file =
  monitorHeader('arm/reach', 1700000000.5) +
  monitorRow({ reward: -50, length: 50, seconds: 0.1234567 }) +
  monitorRow({ reward: -1 / 3, length: 7, seconds: 12 });

test('the format is that of Monitor', () => {
  expect(file).toBe(
    '#{"t_start":1700000000.5,"env_id":"arm/reach"}\nr,l,t\n-50,50,0.123457\n-0.3333333333333333,7,12\n',
  );
});

test('it is read back', () => {
  expect(parseMonitor(file)).toEqual({
    env: 'arm/reach',
    start: 1700000000.5,
    rows: [
      { reward: -50, length: 50, seconds: 0.123457 },
      { reward: -1 / 3, length: 7, seconds: 12 },
    ],
  });
  expect(() => parseMonitor('r,l,t\n')).toThrow(/does not begin/);
  expect(() => parseMonitor(`${file}1,2\n`)).toThrow(/line 5/);
});
