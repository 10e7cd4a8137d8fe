// The agents' pages cannot go stale: tables of hyperparameters, and every metric that an agent logs.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { listAgents, vectorSpec } from '../../src/agents/index.js';
import { box, discrete } from '../../src/envs/index.js';
import { hyperparameterTable, pageOf, withTable } from './hyperparameters.js';

describe.each(listAgents().map((agent) => [agent.name, agent] as const))('docs/agents/%s.md', (_name, agent) => {
  const page = existsSync(pageOf(agent.name)) ? readFileSync(pageOf(agent.name), 'utf8') : '';

  it('has the hyperparameters of the schema (npx tsx bench/docs/hyperparameters.ts writes them)', () => {
    expect(page).toBe(withTable(page, hyperparameterTable(agent)));
  });

  // The planner has no steps of learning; its model's figures are in docs/models.md.
  it.skipIf(agent.name === 'planner')('names every metric', () => {
    const action = agent.actions.includes('box') ? box(1, -1, 1) : discrete(2);
    const spec = vectorSpec({ observation: 1, goal: 1, action, rewardRange: [-1, 0] });
    const steps = agent.create(spec, agent.config.parse({}), { normalize: true }).steps(2);
    const metrics = Object.values(steps).flatMap(({ metricNames }) => metricNames);
    expect(metrics.filter((name) => !page.includes(`\`train/${name}\``))).toEqual([]);
  });
});
