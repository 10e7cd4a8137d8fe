// Task identifiers and what an environment's tasks allow, as data.
export { describeTasks, type IdentifierHere, type TaskReport } from './describe-tasks.js';
export {
  type IdentifierName,
  identifierNames,
  type TaskIdentifier,
  taskIdentifier,
  taskIdentifiers,
} from './identifiers.js';
export type { Method } from './methods.js';
export type { SharedBy, TaskFacts } from './task-facts.js';
