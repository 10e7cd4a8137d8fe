// `anygoal agents NAME`: the command that it suggests is one that is not refused, and lines fit the terminal.
import { expect, test } from 'vitest';
import { parseArguments } from '../args.js';
import { createTerminal } from '../terminal.js';
import { agents } from './agents.js';

async function shown(name: readonly string[], columns?: number): Promise<string> {
  const written: string[] = [];
  const output = { write: (text: string) => written.push(text), columns };
  const terminal = createTerminal({ stdout: output, stderr: output, json: false });
  expect(await agents.run(parseArguments(agents.spec, name), terminal, 'anygoal')).toBe(0);
  return written.join('');
}

const suggested = async (name: string): Promise<string> =>
  /^Train: anygoal train (.*)$/m.exec(await shown([name]))?.[1] ?? '';

test('a planner is tried where rewards are dense, one that imitates on data', async () => {
  expect(await suggested('planner')).toBe('pendulum --agent planner');
  expect(await suggested('bc')).toBe('demos.safetensors --agent bc');
  expect(await suggested('saw')).toBe('demos.safetensors --agent saw');
  expect(await suggested('sac')).toBe('arm/reach --agent sac');
  expect(await suggested('dqn')).toBe('grid --agent dqn');
});

test.each([200, 80])(
  'no line is wider than a terminal of %i columns; elsewhere nothing is wrapped',
  async (columns) => {
    for (const name of [['sac'], []]) {
      const wide = (text: string) => text.split('\n').filter((line) => line.length > columns);
      expect(wide(await shown(name, columns))).toEqual([]);
      if (name.length > 0) expect(wide(await shown(name))).not.toEqual([]);
    }
  },
);
