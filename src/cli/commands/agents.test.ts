// `anygoal agents NAME`: the command that it suggests is one that is not refused.
import { expect, test } from 'vitest';
import { parseArguments } from '../args.js';
import { createTerminal } from '../terminal.js';
import { agents } from './agents.js';

async function suggested(name: string): Promise<string> {
  const written: string[] = [];
  const output = { write: (text: string) => written.push(text) };
  const terminal = createTerminal({ stdout: output, stderr: output, json: false });
  expect(await agents.run(parseArguments(agents.spec, [name]), terminal, 'anygoal')).toBe(0);
  return /^Train: anygoal train (.*)$/m.exec(written.join(''))?.[1] ?? '';
}

test('a planner is tried where rewards are dense, one that imitates on data', async () => {
  expect(await suggested('planner')).toBe('pendulum --agent planner');
  expect(await suggested('bc')).toBe('demos.safetensors --agent bc');
  expect(await suggested('saw')).toBe('demos.safetensors --agent saw');
  expect(await suggested('sac')).toBe('arm/reach --agent sac');
  expect(await suggested('dqn')).toBe('grid --agent dqn');
});
