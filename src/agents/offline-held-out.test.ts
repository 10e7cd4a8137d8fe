// Offline agents where a run holds goals out: what was drawn from them teaches nothing about where it was achieved.
import { describe, expect, it, test } from 'vitest';
import { box } from '../envs/space.js';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import type { TensorSpec } from '../tensor/index.js';
import { vectorSpec } from './agent-spec.js';
import { findAgent } from './index.js';

const rows = 6;
/** Rows of which the goal gave way to the episode's own. */
const refused = [1, 4];
const spec = vectorSpec({ observation: 3, goal: 2, action: box(2, -1, 1), rewardRange: [-1, 0] });

/** What all steps give for random inputs; `change` has the last word on each input. */
async function learned(
  name: string,
  options: Record<string, unknown>,
  change: (values: Float32Array | Uint8Array, input: TensorSpec) => void,
): Promise<Record<string, number[]>> {
  const { config, create } = findAgent(name);
  const agent = create(spec, config.parse({ hidden: [8, 8], ...options }), { normalize: false });
  const found: Record<string, number[]> = {};
  for (const { program } of Object.values(agent.steps(rows))) {
    const executable = await nodeRuntime.compile(program);
    const random = createRandom(5);
    const inputs = executable.inputs.map((input) => {
      const size = input.shape.reduce((product, n) => product * n, 1);
      const values = input.dtype === 'uint8' ? new Uint8Array(size) : new Float32Array(size);
      if (input.name.endsWith('.offset')) values.fill(2);
      else if (input.name.endsWith('terminated')) values.fill(0);
      else for (let i = 0; i < values.length; i++) values[i] = 0.5 * random.normal();
      change(values, input);
      return [input.name, values] as const;
    });
    const outputs = await executable.run(Object.fromEntries(inputs));
    for (const [key, values] of Object.entries(outputs)) {
      if (key.endsWith('.gradient')) found[key] = Array.from(values, Number);
    }
    await executable.dispose();
  }
  return found;
}

/** Changes what is told of a goal's place in the refused rows. */
const elsewhere = (goal: string, by: number) => (values: Float32Array | Uint8Array, input: TensorSpec) => {
  if (input.name === `${goal}.offset`) for (const row of refused) values[row] = -1;
  if (input.name === `${goal}.relabelled`)
    values.fill(1).forEach((_, row) => {
      if (refused.includes(row)) values[row] = 0;
    });
  if (input.name !== goal && !(input.name.startsWith(`${goal}.`) && input.shape[1] === 3)) return;
  const size = values.length / rows;
  for (const row of refused) for (let i = 0; i < size; i++) values[row * size + i] += by;
};

describe.each([
  ['hiql', {}, 'waypoint', ['highActor.gradient']],
  ['saw', {}, 'waypoint', ['actor.gradient']],
  ['qrl', { latent: 8 }, 'ownGoal', ['distance.gradient', 'logLambda.gradient']],
  ['gofar', {}, 'ownGoal', ['value.gradient', 'actor.gradient', 'discriminator.gradient']],
  ['wgcsl', {}, 'actorGoal', ['actor.gradient']],
  ['gcbc', {}, 'actorGoal', ['actor.gradient']],
] as const)('%s', (name, options, goal, gradients) => {
  it('learns the same, whatever stands in the place of the goal that it may not see', async () => {
    const [one, other] = [
      await learned(name, options, elsewhere(goal, 0)),
      await learned(name, options, elsewhere(goal, 0.7)),
    ];
    for (const gradient of gradients) {
      expect(Math.max(...one[gradient].map(Math.abs)), gradient).toBeGreaterThan(1e-4);
      one[gradient].forEach((value, i) => {
        expect(Math.abs(value - other[gradient][i]), gradient).toBeLessThan(1e-6);
      });
    }
  });
});

test('crl takes the goal that stands there for one among others, and not for what came of the state', async () => {
  const critics = async (told: readonly number[]) => {
    const found = await learned('crl', { latent: 8 }, (values, { name }) => {
      if (name === 'valueGoal.offset') for (const row of told) values[row] = -1;
    });
    return found['critics.gradient'];
  };
  const [none, own, rest, all] = [
    await critics([]),
    await critics(refused),
    await critics([0, 2, 3, 5]),
    await critics([0, 1, 2, 3, 4, 5]),
  ];
  // Gradients of cross-entropy are linear in the labels.
  for (let i = 0; i < none.length; i++) expect(none[i] + all[i]).toBeCloseTo(own[i] + rest[i], 5);
  expect(Math.max(...none.map((value, i) => Math.abs(value - own[i])))).toBeGreaterThan(1e-3);
});
