// Agents of configurations that runs of other versions left behind.
import { describe, expect, it } from 'vitest';
import { loadEnv, parseEnvOptions } from '../envs/index.js';
import { box } from '../envs/space.js';
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

it('that learns to reach goals is refused where there are none, or none is seen', async () => {
  const offline = async (env: string, more = {}) => {
    const config = await configure({ env, agent: 'gcivl', config: more });
    const definition = await loadEnv(env);
    return createAgent(config, definition.rules(parseEnvOptions(definition, config.env.options)).spec);
  };
  await expect(offline('pendulum')).rejects.toThrow(
    'agent "gcivl" learns to reach goals, and pendulum has none; use another agent, such as sac.',
  );
  const identifiers = { tasks: { identifiers: ['task'] } };
  await expect(offline('point/navigate', identifiers)).rejects.toThrow('tasks.identifiers leaves the goal out');
  expect((await offline('point/navigate')).spec.inputs.map(({ name }) => name)).toContain('goal');
});

it('that draws goals of its own is refused hindsight that would have no say', async () => {
  const { spec } = walk();
  const made = async (agent: string, relabel?: string) =>
    createAgent(await configure({ env: 'point/reach', agent, relabel }), spec);
  await expect(made('saw', 'future:4')).rejects.toThrow(
    'relabel is future:4, but agent "saw" draws goals of its own (valueGoal, actorGoal, subgoal, waypoint); use relabel none.',
  );
  await expect(made('wgcsl', 'final:4')).rejects.toThrow('relabel is final:4');
  expect((await made('saw')).batch?.goals).toBeDefined();
  expect((await made('td3-bc', 'future:2')).batch?.goals).toBeUndefined();
});

describe('what tells the policy its task', () => {
  const env = 'point/navigate';
  const made = async (identifiers: string[], more: Record<string, unknown> = {}) => {
    const config = await configure({
      env,
      config: { env: { options: { demonstration: 3 } }, tasks: { identifiers }, ...more },
    });
    const definition = await loadEnv(env);
    const { spec } = definition.rules(parseEnvOptions(definition, config.env.options));
    const names = createAgent(config, spec).spec.inputs.map(({ name, role }) => `${name} ${role}`);
    return { relabel: config.relabel, names };
  };

  it('is all that there is, or what is named; without the goal hindsight is off', async () => {
    expect(await made([])).toEqual({
      relabel: 'future:4',
      names: ['observation state', 'demonstration goal', 'goal goal', 'task task'],
    });
    expect(await made(['goal', 'task'])).toMatchObject({ names: ['observation state', 'goal goal', 'task task'] });
    expect(await made(['demonstration'])).toEqual({
      relabel: 'none',
      names: ['observation state', 'demonstration goal'],
    });
  });

  it('is refused where there is no such thing, and where hindsight would not be seen', async () => {
    await expect(made(['goals'])).rejects.toThrow(/identifier of point\/navigate.*"goals".*did you mean "goal"/);
    await expect(made(['task'], { relabel: 'future:4' })).rejects.toThrow(
      /relabel "future:4" does not go with tasks.identifiers task: the policy would not see the new goals/,
    );
  });
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

it('that reads films is refused other views than they show, or in another order', async () => {
  const shows = { camera: { size: 16, views: ['close', 'beside'], state: true }, demonstration: 2 };
  const made = async (views: readonly string[], demonstrationIn: readonly string[]) => {
    const options = { ...shows, demonstrationIn };
    const agent = {
      options: { backbone: 'transformer', recognizes: { views }, encoders: { demonstration: 'tokens' } },
    };
    const config = await configure({
      env: 'tabletop/mt3',
      agent: 'bc',
      config: { env: { options }, tasks: { identifiers: ['demonstration'] }, agent },
    });
    const definition = await loadEnv('tabletop/mt3');
    return createAgent(config, definition.rules(parseEnvOptions(definition, options)).spec);
  };
  const both = ['camera', 'camera-beside'];
  expect((await made(both, both)).spec.inputs.map(({ name }) => name)).toContain('demonstration');
  for (const views of [['camera-beside', 'camera'], ['camera']]) {
    await expect(made(views, both)).rejects.toThrow(
      `agent.recognizes.views is [${views.join(', ')}], but what episodes of tabletop/mt3 show of each moment is camera, camera-beside (env.demonstrationIn); name the same, in that order.`,
    );
  }
});
