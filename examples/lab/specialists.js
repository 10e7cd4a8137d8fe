// Specialists or one generalist: what each costs, and from where the generalist wins.
import { generalistCost, sharingThreshold, tasksThreshold } from 'anygoal/lab';

/**
 * @param {{ tasks: number, shared: number, overhead: number, model: import('anygoal/lab').CostModel }} settings K tasks, of
 *   whose cost a share f is common; the shared part costs c specialists, on top (`added`) or as one task's share (`contained`)
 * @returns costs in units of one specialist
 */
export function compare({ tasks, shared, overhead, model }) {
  const generalist = generalistCost(model, tasks, shared, overhead);
  return {
    specialists: tasks,
    generalist,
    gain: tasks / generalist,
    winsForSharedAbove: sharingThreshold(model, tasks, overhead),
    winsForTasksAbove: tasksThreshold(model, shared, overhead),
  };
}
