// Tuned settings: they are for agents that there are, arrive in the run whole, and fit together.
import { describe, expect, test } from 'vitest';
import { findDemonstrator } from '../../acting/demonstrations.js';
import { findAgent, listAgents } from '../../agents/index.js';
import { flatValues } from '../../config/flat-values.js';
import { listEnvs, loadEnv, parseEnvOptions } from '../../envs/index.js';
import { hasGoals } from '../../envs/spec.js';
import { createAgent } from '../../learners/create-agent.js';
import { configure } from '../configure.js';
import { tunedFor } from './index.js';

const specOf = async (env: string) => {
  const definition = await loadEnv(env);
  const rules = definition.rules(parseEnvOptions(definition, {}));
  rules.dispose?.();
  return { definition, spec: rules.spec };
};
const agentsFor = (actions: 'box' | 'discrete') =>
  listAgents()
    .filter((agent) => agent.actions.includes(actions))
    .map(({ name }) => name);

test('every environment that comes with anygoal is tuned', () => {
  expect(listEnvs().filter(({ name }) => !tunedFor(name))).toEqual([]);
});

/** BabyAI's levels have the same settings, so a short one and the longest do. */
const looksAt = (name: string) => !name.startsWith('babyai/') || /local$|boss-level$/.test(name);

describe.each(listEnvs().flatMap(({ name }) => (looksAt(name) ? [name] : [])))('%s', (env) => {
  const { agents = {}, agentSettings = {} } = tunedFor(env) ?? {};

  test('is tuned for agents that can be trained on it: a misspelt one would change nothing', async () => {
    const { spec } = await specOf(env);
    expect(agentsFor(spec.action.kind)).toEqual(expect.arrayContaining(Object.keys({ ...agents, ...agentSettings })));
    expect(agents).toHaveProperty((await configure({ env })).agent.name); // the one that `train ENV` takes
  });

  test('hyperparameters arrive in the run, and give networks of the tuned widths', async () => {
    const { spec } = await specOf(env);
    for (const [agent, tuned] of Object.entries(agents)) {
      const config = await configure({ env, agent });
      expect(config.agent.options, agent).toMatchObject(tuned);
      const { hidden } = tuned as { readonly hidden?: readonly number[] };
      if (!hidden) continue;
      const { state } = createAgent(config, spec);
      const sizes = new Set(Object.values(state).flatMap(({ layout }) => layout.map(({ shape }) => shape.at(-1))));
      for (const width of hidden) expect([...sizes], agent).toContain(width);
    }
  });

  test('settings fit together, with every agent', async () => {
    const { definition, spec } = await specOf(env);
    for (const agent of agentsFor(spec.action.kind)) {
      if (findAgent(agent).needsGoals && !hasGoals(spec)) continue;
      // It plans by predicted rewards alone, and pictures are not predicted.
      const pictures = Object.values(spec.parts ?? {}).some(({ dtype }) => dtype === 'uint8');
      if (agent === 'planner' && (spec.goal.size > 0 || spec.tasks || pictures)) continue;
      if (agent === 'tabular' && spec.parts) continue; // it looks up observation and goal only
      const config = await configure({ env, agent });
      const { steps, envs, training, evaluation, checkpoint, replay } = config;
      const message = `${agent} ${JSON.stringify(Object.fromEntries(flatValues(config)))}`;
      createAgent(config, spec); // refuses what does not go with the agent
      // Iterations are whole steps of all environments, and as many as the run has.
      expect(training.cycleSteps % envs, message).toBe(0);
      expect(steps, message).toBeGreaterThanOrEqual(5 * (training.warmupSteps + training.cycleSteps));
      // A curve needs points, and an interrupted run something to go on from.
      expect(steps / evaluation.every, message).toBeGreaterThanOrEqual(5);
      expect(checkpoint.every, message).toBeLessThanOrEqual(steps);
      expect(replay.capacity, message).toBeGreaterThanOrEqual(envs * spec.maxEpisodeSteps);
      if (training.demonstrations > 0) expect(findDemonstrator(definition, config.env.options)).toBeTypeOf('function');
    }
  });
});

test.each(['point/reach', 'point/maze-large', 'arm/reach', 'tabletop/mt3'])(
  '%s with a camera has settings for pictures',
  async (env) => {
    const config = await configure({ env, config: { env: { camera: { goal: true } } } });
    expect(config).toMatchObject({
      relabel: 'future:4', // hindsight goes on: goals are seen
      replay: { capacity: 50_000 },
      agent: { options: { encoders: { camera: { kind: 'keypoints' } } } },
    });
    const definition = await loadEnv(env);
    const { spec } = definition.rules(parseEnvOptions(definition, config.env.options));
    const { inputs } = createAgent(config, spec).spec;
    expect(inputs.map(({ name }) => name).filter((name) => name !== 'task')).toEqual(['camera', 'goal-camera']);
    expect((await configure({ env })).replay.capacity).toBe(1_000_000);
    // Where the policy sees all numbers, no critic can know more.
    const all = await configure({ env, config: { env: { camera: { state: true } } } });
    const seen = definition.rules(parseEnvOptions(definition, all.env.options)).spec;
    expect(createAgent(all, seen).spec.targets).toBeUndefined();
  },
);
