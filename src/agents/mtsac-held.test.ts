// MTSAC with EWC and with encoders: what is held and where, that the penalty pulls, what does not go together.
import { describe, expect, it } from 'vitest';
import { box } from '../envs/space.js';
import { fisherOf } from '../multitask/ewc.js';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { type AgentSpec, agentSpec } from './agent-spec.js';
import { type Agent, findAgent } from './index.js';
import { testBatch, testUpdater } from './testing.js';

const spec: AgentSpec = agentSpec({
  observation: box(2),
  goal: box(0),
  tasks: ['left', 'right'],
  action: box(1, -2, 2),
  rewardRange: [-16, 0],
});

function made(options: Record<string, unknown> = {}): Agent {
  const { config, create } = findAgent('mtsac');
  return create(spec, config.parse({ hidden: [8], ...options }), { normalize: true });
}

describe('EWC', () => {
  it('costs no vectors where it is not asked for', () => {
    expect(made().consolidation).toBeUndefined();
    expect(Object.keys(made().state)).not.toContain('actor.fisher');
  });

  it('holds what tasks share: everything, or the trunk below the heads, by the Fisher information of its policy', async () => {
    const whole = made({ ewc: 1 });
    expect(whole.consolidation?.shared).toEqual([[0, whole.state.actor.size]]);
    const agent = made({ ewc: 1, network: 'multi-head' });
    const { consolidation, state } = agent;
    const trunk = 2 * 8 + 8;
    expect(consolidation?.shared).toEqual([[0, trunk]]);
    const parameters = state.actor.init(createRandom(3));
    const states = [0, 1].map((task) => ({
      observation: Float32Array.of(0.5, -1),
      task: Float32Array.of(task),
      normalizer: testBatch(spec, 1).normalizer,
    }));
    const of = (shared?: readonly (readonly [number, number])[]) =>
      fisherOf(nodeRuntime, consolidation!.program(), parameters, states, shared);
    const fisher = await of(consolidation?.shared);
    expect(fisher.subarray(trunk).every((value) => value === 0)).toBe(true);
    expect(Math.max(...fisher.subarray(0, trunk))).toBeGreaterThan(0.01);
    // The deviation's bias of each head, after the weights: d log sigma = 1 in one of two states, so 2 / 2.
    const all = await of();
    const biases = all.subarray(trunk + 8 * 4);
    expect(biases[1]).toBeCloseTo(1, 5);
    expect(biases[3]).toBeCloseTo(1, 5);
  });

  it('holds encoders of the actor, and is refused beside those that critics move', () => {
    const encoders = { task: { kind: 'embedding', size: 5 } };
    expect(() => made({ ewc: 1, encoders })).toThrow('set agent.sharedEncoder to false, or agent.ewc to 0');
    const { consolidation, state } = made({ ewc: 1, encoders, sharedEncoder: false });
    expect(state.encoder).toBeUndefined();
    expect(consolidation?.shared).toEqual([[0, state.actor.size]]);
  });

  it('pulls parameters to the anchor, more where the Fisher information is large', async () => {
    const agent = made({ ewc: 1e4, learningRate: 0.01 });
    const random = createRandom(7);
    const updater = await testUpdater(agent, testBatch(spec, 16), (batch) => {
      random.fillUniform(batch.observation, -1, 1);
      random.fillUniform(batch.action, -2, 2);
      for (let i = 0; i < 16; i++) batch.task[i] = i % 2;
      batch.terminated.fill(1);
    });
    const { size } = agent.state.actor;
    updater.setVector('actor.anchor', new Float32Array(size));
    updater.setVector(
      'actor.fisher',
      Float32Array.from({ length: size }, (_, i) => (i % 2 === 0 ? 1 : 0)),
    );
    await updater.update(300);
    const values = updater.vector('actor').slice();
    const lengthOf = (parity: number) => Math.hypot(...values.filter((_, i) => i % 2 === parity));
    expect(lengthOf(0)).toBeLessThan(0.05);
    expect(lengthOf(1)).toBeGreaterThan(0.5);
    expect(updater.takeMetrics().ewc_loss).toBeGreaterThan(0);
    await updater.dispose();
  });
});

describe('encoders of the task', () => {
  it('replace the one-hot number in actor and critics', () => {
    const { state } = made({ encoders: { task: { kind: 'embedding', size: 5 } } });
    expect(state.encoder.layout.map(({ shape }) => shape)).toEqual([[2, 5]]);
    expect(state.actor.layout[0].shape).toEqual([2 + 5, 8]);
  });

  it.each([
    [{ network: 'multi-head' }, 'agent.encoders.task does not go with agent.network "multi-head"'],
    [{ taskEmbedding: 4 }, 'agent.encoders.task does not go with agent.taskEmbedding 4'],
  ])('are refused beside %j', (options, message) => {
    expect(() => made({ ...options, encoders: { task: 'embedding' } })).toThrow(message);
  });
});
