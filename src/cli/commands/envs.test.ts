// `anygoal envs NAME`: spaces and rewards in words and digits that people read.
import { expect, test } from 'vitest';
import { parseArguments } from '../args.js';
import { createTerminal } from '../terminal.js';
import { envs } from './envs.js';

async function shown(name: string, columns?: number): Promise<string> {
  const written: string[] = [];
  const output = { write: (text: string) => written.push(text), columns };
  const terminal = createTerminal({ stdout: output, stderr: output, json: false });
  expect(await envs.run(parseArguments(envs.spec, name === '' ? [] : [name]), terminal, 'anygoal')).toBe(0);
  return written.join('');
}

test('one number is called one, and bounds have no sixteen digits', async () => {
  const text = await shown('pendulum');
  expect(text).toMatch(/^action +1 number from -2 to 2: torque$/m);
  expect(text).toMatch(/^reward +from -16\.2736 to 0 a step$/m);
});

test('rewards without bounds are any number', async () => {
  expect(await shown('gymnasium/hopper')).toMatch(/^reward +any number a step$/m);
});

test('what is tuned for numbers alone and for pictures stands beside what is tuned for both', async () => {
  const text = await shown('point/maze-large');
  expect(text).toMatch(/^ {2}sac from numbers +agent\.encoders\.observation\.kind="fourier"/m);
  expect(text).toMatch(/^ {2}sac from pictures +agent\.encoders\.camera\.kind="keypoints"$/m);
  expect(text).toMatch(/^ {2}all agents from pictures +replay\.capacity=50000$/m);
  expect(text).not.toMatch(/all agents from numbers/);
});

test.each(['', 'point/maze-large', 'ogbench/pointmaze-medium'])('"%s" fits into a terminal', async (name) => {
  const lines = (await shown(name, 80)).split('\n');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

test('what holds where a setting without a default is absent is its default to who reads', async () => {
  const text = await shown('point/navigate');
  expect(text).toMatch(/^ {2}env\.demonstrationOf +"task" /m);
  expect(text).toMatch(/^ {2}env\.demonstrationIn +"observation" /m);
});
