// What an agent's programs read of batches, and what batches must be like for them.
import type { Agent } from '../agents/agent.js';
import type { AgentSpec } from '../agents/agent-spec.js';
import { UsageError } from '../errors.js';
import type { BatchRequest } from '../replay/index.js';

/** What is seen of a state and of the next one: goal and task stay. */
export const inputColumns = ({ inputs }: AgentSpec): string[] => [
  ...inputs.map(({ name }) => name),
  ...inputs.flatMap(({ name, role }) => (role === 'state' ? [`next.${name}`] : [])),
];

/** What its steps read besides state vectors, noise and the normaliser, and the request of batches for them. */
export function batchOf(agent: Agent, rows: number): { readonly names: string[]; readonly request: BatchRequest } {
  const steps = agent.steps(rows);
  const given = new Set([...Object.keys(agent.state), 'normalizer', 'largestReturn']);
  const names = Object.values(steps).flatMap(({ program, noise }) =>
    program.inputs
      .filter(({ name, unused }) => !unused && !given.has(name) && !(name in noise))
      .map(({ name }) => name),
  );
  const blocks = taskBlocks(steps);
  return {
    names: [...new Set([...names, 'reward'])],
    request: { ...(blocks !== undefined && { balance: 'task', blocks }), ...agent.batch },
  };
}

/** Of how many blocks, one per task, batches must consist; undefined where no step has gradients of tasks. */
export function taskBlocks(steps: ReturnType<Agent['steps']>): number | undefined {
  const counts = Object.entries(steps).flatMap(([name, { tasks }]) => (tasks ? [{ name, count: tasks.count }] : []));
  const odd = counts.find(({ count }) => count !== counts[0].count);
  if (odd) {
    const [{ name, count }] = counts;
    throw new UsageError(
      `step "${odd.name}" has gradients of ${odd.count} tasks, "${name}" of ${count}; they share a batch, so give both as many.`,
    );
  }
  return counts[0]?.count;
}
