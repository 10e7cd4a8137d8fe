// Losses and gradients of offline agents against what their papers' own code gives at the same weights (test/offline/record.py).
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { box } from '../envs/space.js';
import { nodeRuntime } from '../runtime/node.js';
import { vectorSpec } from './agent-spec.js';
import { findAgent } from './index.js';

interface Recorded {
  readonly agent: string;
  readonly batch: Readonly<Record<string, number[]>>;
  readonly vectors: Readonly<Record<string, number[]>>;
  readonly losses: Readonly<Record<string, number>>;
  readonly gradients: Readonly<Record<string, number[]>>;
}

const lines = readFileSync(new URL('../../test/offline/losses.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const recorded = lines.slice(1).map((line) => JSON.parse(line) as Recorded);
const rows = 8;
const spec = vectorSpec({ observation: 3, goal: 3, action: box(2, -1, 1), rewardRange: [-1, 0] });

/** What differs from the recorded agent's defaults. */
const settings: Readonly<Record<string, Record<string, unknown>>> = {
  gciql: { alpha: 0.3 },
  crl: { alpha: 0.1, latent: 16 },
  qrl: { alpha: 0.003, latent: 16 },
  'qrl mrn': { alpha: 0.003, latent: 16, quasimetric: 'mrn' },
};

it.each(recorded)('$agent has the losses and gradients of the reference', async (of) => {
  const [name] = of.agent.split(' ');
  const { config, create } = findAgent(name);
  const agent = create(spec, config.parse({ hidden: [8, 8], ...settings[of.agent] }), { normalize: false });
  for (const [vector, values] of Object.entries(of.vectors)) expect(agent.state[vector].size).toBe(values.length);
  const found: Record<string, ArrayLike<number>> = {};
  for (const { program, metricNames } of Object.values(agent.steps(rows))) {
    const executable = await nodeRuntime.compile(program);
    const inputs = program.inputs.map((input) => {
      // All goals are drawn, and lie ahead, where nothing else is recorded.
      const ahead = /\.(offset|relabelled)$/.test(input.name) ? new Float32Array(rows).fill(1) : undefined;
      const values = input.unused ? new Float32Array(1) : (of.vectors[input.name] ?? of.batch[input.name] ?? ahead);
      return [input.name, input.dtype === 'uint8' ? Uint8Array.from(values) : Float32Array.from(values)];
    });
    const { metrics, ...gradients } = await executable.run(Object.fromEntries(inputs));
    await executable.dispose();
    metricNames.forEach((metric, i) => {
      found[metric] = [Number(metrics[i])];
    });
    for (const [output, values] of Object.entries(gradients)) found[output] = Array.from(values, Number);
  }
  const expected = [
    ...Object.entries(of.losses).map(([metric, value]) => [metric, [value]] as const),
    ...Object.entries(of.gradients).map(([vector, values]) => [`${vector}.gradient`, values] as const),
  ];
  for (const [key, values] of expected) {
    expect(found[key]?.length, key).toBe(values.length);
    const scale = Math.max(1, ...values.map(Math.abs));
    const error = Math.max(...values.map((value, i) => Math.abs(value - found[key][i]))) / scale;
    expect(error, key).toBeLessThan(1e-5);
  }
});
