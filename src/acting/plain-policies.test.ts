// Policies in plain code do what they do in native code: every agent's, with every kind of input and encoder.
import { expect, test } from 'vitest';
import { agentSpec } from '../agents/agent-spec.js';
import { type Agent, listAgents } from '../agents/index.js';
import { identityNormalizer } from '../agents/policy-vectors.js';
import { loadEnv, parseEnvOptions } from '../envs/index.js';
import { createRandom } from '../random.js';
import { actingRuntime } from '../runtime/acting-web.js';
import { nodeRuntime } from '../runtime/node.js';
import { multiplyAdds } from '../runtime/plain/cost.js';
import { plainRuntime } from '../runtime/plain/index.js';
import type { Runtime } from '../runtime/runtime.js';
import { webRuntime } from '../runtime/web.js';
import { createPolicyRunner } from './policy-runner.js';

/** What the policy does in twenty states of one episode, with memory carried along. */
async function actions(runtime: Runtime, agent: Agent, deterministic: boolean): Promise<number[][]> {
  const runner = await createPolicyRunner(runtime, agent, 3, { deterministic });
  const random = createRandom(4);
  const vectors = agent.policyVectors.map((name) => [name, agent.state[name].init(random)]);
  runner.setPolicy({ normalizer: identityNormalizer(agent.spec), ...Object.fromEntries(vectors) });
  const done: number[][] = [];
  for (let step = 0; step < 20; step++) {
    for (const { name, role } of agent.spec.inputs) {
      const input = runner.inputs[name];
      for (let i = 0; i < input.length; i++) {
        if (role === 'task') input[i] = random.below(agent.spec.tasks);
        else input[i] = input instanceof Uint8Array ? random.below(256) : random.normal();
      }
    }
    random.fillNormal(runner.noise);
    await runner.run();
    done.push([...runner.action]);
  }
  await runner.dispose();
  return done;
}

async function agentOn(env: string, name: string, options: Record<string, unknown> = {}): Promise<Agent> {
  const definition = await loadEnv(env);
  const { spec } = definition.rules(parseEnvOptions(definition, {}));
  const agent = listAgents().find((one) => one.name === name);
  if (!agent) throw new Error(name);
  return agent.create(agentSpec(spec), agent.config.parse(options), { normalize: true });
}

/** A table has no program, and a planner needs a fitted model. */
const network = listAgents().filter(({ name }) => name !== 'tabular' && name !== 'planner');
const cases = [
  ...network.map(({ name, actions: kinds }): [string, string] => {
    if (name === 'mtsac') return [name, 'point/navigate'];
    return [name, kinds.includes('box') ? 'arm/reach' : 'grid'];
  }),
  ['ppo', 'grid'],
  ['sac', 'point/navigate'],
  ['sac', 'point/camera'],
  ['sac', 'pendulum/camera'],
] as const;

test.each(cases)('%s on %s', async (name, env) => {
  const agent = await agentOn(env, name);
  const { action } = agent.spec;
  const scale = action.kind === 'box' ? Math.max(...action.high) : 1;
  for (const deterministic of [true, false]) {
    const [plain, native] = [
      await actions(plainRuntime, agent, deterministic),
      await actions(nodeRuntime, agent, deterministic),
    ];
    plain.forEach((row, step) => {
      for (let i = 0; i < row.length; i++) {
        expect(Math.abs(row[i] - native[step][i]) / scale, `step ${step}`).toBeLessThan(2e-5);
      }
    });
    expect(new Set(plain.flat()).size).toBeGreaterThan(1);
  }
});

test('a Transformer and chunks of actions, whose rest is memory', async () => {
  const agent = await agentOn('arm/reach', 'bc', { backbone: 'transformer', chunk: 4, execution: 'average' });
  const [plain, native] = [await actions(plainRuntime, agent, true), await actions(nodeRuntime, agent, true)];
  plain.flat().forEach((x, i) => {
    expect(Math.abs(x - native.flat()[i])).toBeLessThan(2e-5);
  });
});

test('2 x 256 in every runtime to 1e-6, and with the same bits where WebAssembly is not to be had', async () => {
  const agent = await agentOn('arm/reach', 'sac', { hidden: [256, 256] });
  const inLoops: Runtime = {
    ...plainRuntime,
    compile: async (program, options) => ({ ...(await plainRuntime.compile(program, options)), inputArray: undefined }),
  };
  const plain = (await actions(plainRuntime, agent, true)).flat();
  expect((await actions(inLoops, agent, true)).flat()).toEqual(plain);
  for (const runtime of [nodeRuntime, webRuntime]) {
    const other = (await actions(runtime, agent, true)).flat();
    expect(Math.max(...plain.map((x, i) => Math.abs(x - other[i])))).toBeLessThan(1e-6);
  }
});

test('work is counted by products and convolutions, and what is large in either goes to ONNX Runtime', async () => {
  const program = async (env: string, options: object) =>
    (await agentOn(env, 'sac', { ...options })).act(1, { deterministic: true });
  const small = await program('arm/reach', { hidden: [64, 64] });
  expect(multiplyAdds(small)).toEqual({ products: 13 * 64 + 64 * 64 + 64 * 8, convolutions: 0 });
  const pictures = await program('point/camera', {});
  expect(multiplyAdds(pictures).convolutions).toBeGreaterThan(100_000);
  const wide = await program('arm/reach', { hidden: [1024, 1024] });
  const wider = await program('arm/reach', { hidden: [2048, 2048] });
  expect((await actingRuntime.compile(wide)).inputArray).toBeDefined();
  for (const large of [pictures, wider]) expect((await actingRuntime.compile(large)).inputArray).toBeUndefined();
});
