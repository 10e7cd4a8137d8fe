// Microseconds for a decision of a policy that acts alone, in Node and in the browsers that are installed, in each runtime:
// npm run build && npx tsx bench/page-decision.ts [--widths 64,256,512]
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { inBrowsers } from './in-browsers.js';
import { type DecisionTimes, timeDecisions } from './page-decision-times.js';
import { record, table, vectorInstructions } from './record.js';

const { values: options } = parseArgs({ options: { widths: { type: 'string', default: '64,256,512' } } });
const widths = options.widths.split(',').map(Number);
/** Microseconds, of 2 x 256. */
const BAR = 50;

const loadBefore = Number(loadavg()[0].toFixed(1));
if (loadBefore > 0.5) console.log(`the machine is busy (load ${loadBefore}): rough figures`);
const rows: (DecisionTimes & { readonly where: string })[] = [];
for (const [where, all] of [
  ['Node', await timeDecisions(widths)],
  ...(await inBrowsers<DecisionTimes[]>('page-decision-times.ts', ['timeDecisions'], `timeDecisions([${widths}])`)),
] as const) {
  for (const times of all) rows.push({ where, ...times });
}
console.log(
  table([
    ['where', 'hidden', 'plain', 'without WebAssembly', 'onnxruntime-web', 'largest difference'],
    ...rows.map((row) => [
      row.where,
      row.hidden.join(),
      row.plain,
      row.loops,
      row.web,
      row.difference.toExponential(1),
    ]),
  ]),
);
record('page-decision', { vectors: vectorInstructions(), loadBefore, bar: BAR, rows });
const kept = rows.every(({ hidden, plain, difference }) => difference < 1e-6 && (hidden[0] > 256 || plain <= BAR));
console.log(kept ? 'within the bars' : 'MISSED a bar');
process.exit(kept ? 0 : 1);
