// Milliseconds for a decision of a policy that sees pictures and words, in Node and in the browsers that are installed:
// npm run build && npx tsx bench/vla-decision.ts
import { loadavg } from 'node:os';
import { nodeRuntime } from '../src/runtime/node.js';
import { inBrowsers } from './in-browsers.js';
import { record, table, vectorInstructions } from './record.js';
import { type DecisionTime, timePolicies } from './vla-decision-times.js';

/** Milliseconds: ten decisions a second. */
const BAR = 100;

const loadBefore = Number(loadavg()[0].toFixed(1));
if (loadBefore > 0.5) console.log(`the machine is busy (load ${loadBefore}): rough figures`);
const rows: (DecisionTime & { readonly where: string })[] = [];
for (const [where, all] of [
  ['Node', await timePolicies(nodeRuntime)],
  ...(await inBrowsers<DecisionTime[]>('vla-decision-times.ts', ['timePolicies'], 'timePolicies(webRuntime)')),
] as const) {
  for (const time of all) rows.push({ where, ...time });
}
console.log(
  table([
    ['where', 'policy', 'parameters', 'ms'],
    ...rows.map(({ where, policy, parameters, ms }) => [where, policy, parameters, ms]),
  ]),
);
record('vla-decision', { vectors: vectorInstructions(), loadBefore, bar: BAR, rows });
const kept = rows.every(({ ms }) => ms <= BAR);
console.log(kept ? 'within the bar' : 'MISSED the bar');
process.exit(kept ? 0 : 1);
