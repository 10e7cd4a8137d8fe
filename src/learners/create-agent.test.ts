// Agents of configurations that runs of other versions left behind.
import { describe, expect, it } from 'vitest';
import { box } from '../envs/env.js';
import { walk } from '../envs/testing.js';
import { configure } from '../training/configure.js';
import { createAgent } from './create-agent.js';

it('is refused for an observation with a part that is named as one of its vectors', async () => {
  const config = await configure({ env: 'point/reach', agent: 'sac' });
  const { spec } = walk();
  expect(() => createAgent(config, { ...spec, parts: { critics: box(2) } })).toThrow(
    /has a part "critics" of its observation, and agent "sac" has a vector of that name; rename the part/,
  );
});

describe("a run's agent", () => {
  const made = async (options: Record<string, unknown>) => {
    const config = await configure({ env: 'point/reach', agent: 'sac' });
    return createAgent({ ...config, agent: { ...config.agent, options } }, walk().spec);
  };

  it('is the same with settings of former versions that changed nothing', async () => {
    const agent = await made({ hidden: [8], simultaneous: false });
    expect(agent.state.actor.size).toBe((await made({ hidden: [8] })).state.actor.size);
  });

  it('is refused, and the setting named, where it meant something else', async () => {
    await expect(made({ simultaneous: true })).rejects.toThrow(
      /agent "sac" of this version .*no setting "simultaneous"/,
    );
    await expect(made({ tau: 7 })).rejects.toThrow(/tau: /);
  });
});
