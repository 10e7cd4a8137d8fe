// Which columns of batches an agent's programs read.
import type { Agent } from '../agents/agent.js';
import type { AgentSpec } from '../agents/agent-spec.js';

/** What is seen of a state and of the next one: goal and task stay. */
export const inputColumns = ({ inputs }: AgentSpec): string[] => [
  ...inputs.map(({ name }) => name),
  ...inputs.flatMap(({ name, role }) => (role === 'state' ? [`next.${name}`] : [])),
];

/** What its steps read besides state vectors, noise and the normaliser. */
export function batchColumns(agent: Agent, rows: number): string[] {
  const given = new Set([...Object.keys(agent.state), 'normalizer']);
  const names = Object.values(agent.steps(rows)).flatMap(({ program, noise }) =>
    program.inputs
      .filter(({ name, unused }) => !unused && !given.has(name) && !(name in noise))
      .map(({ name }) => name),
  );
  return [...new Set([...names, 'reward'])];
}
