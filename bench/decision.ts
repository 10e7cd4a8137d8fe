// Microseconds per decision of a deterministic policy, with the machine to itself and while a learner updates:
// npm run build && npx tsx bench/decision.ts [--widths 64,256] [--decisions 4000] [--env arm/reach]
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { createPolicyRunner, type PolicyRunner } from '../src/acting/policy-runner.js';
import { identityNormalizer } from '../src/agents/policy-vectors.js';
import { loadEnv, parseEnvOptions } from '../src/envs/index.js';
import { createAgent } from '../src/learners/create-agent.js';
import { createRandom } from '../src/random.js';
import { noPieces, rowLayout } from '../src/replay/index.js';
import { nodeRuntime } from '../src/runtime/node.js';
import { configure } from '../src/training/configure.js';
import { record, table } from './record.js';
import { quantile } from './update/measure.js';

const { values: options } = parseArgs({
  options: {
    widths: { type: 'string', default: '64,256' },
    decisions: { type: 'string', default: '4000' },
    env: { type: 'string', default: 'arm/reach' },
  },
});
const decisions = Number(options.decisions);
/** Microseconds at the median. */
const BARS = { idle: 40, updating: 150 };
/** Between decisions, as long as a quick environment takes for a step. */
const STEP_US = 200;
const UPDATES_PER_ITERATION = 20;

// The thread needs compiled files, so the learner comes from the build.
const threads: typeof import('../src/threads/node.js') = await import(
  new URL('../dist/threads/node.js', import.meta.url).href
);

async function timeDecisions(runner: PolicyRunner): Promise<number[]> {
  const random = createRandom(2);
  const times: number[] = [];
  for (let i = -200; i < decisions; i++) {
    random.fillNormal(runner.inputs.observation as Float32Array);
    const begin = performance.now();
    await runner.run();
    const end = performance.now();
    if (i >= 0) times.push(1000 * (end - begin));
    while (performance.now() - end < STEP_US / 1000);
    // Messages of the learner get their turn, as in training.
    if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return times;
}

async function measure(width: number) {
  const config = await configure({ env: options.env, config: { agent: { options: { hidden: [width, width] } } } });
  const env = await loadEnv(config.env.name);
  const rules = env.rules(parseEnvOptions(env, config.env.options));
  const agent = createAgent(config, rules.spec);
  const runner = await createPolicyRunner(nodeRuntime, agent, 1, { deterministic: true });
  const random = createRandom(1);
  const actor = agent.policyVectors.map((name) => [name, agent.state[name].init(random)]);
  runner.setPolicy({ normalizer: identityNormalizer(agent.spec), ...Object.fromEntries(actor) });
  const idle = await timeDecisions(runner);

  const learner = await threads.startLearner({ config });
  // Random transitions, each an episode of its own.
  const rows = new Float32Array(rowLayout(rules.spec).width * 1000);
  random.fillNormal(rows);
  const pieces = Array.from({ length: 500 }, (_, i) => ({ env: 0, first: 2 * i, steps: 1, end: 'truncated' as const }));
  await learner.learn({ rows, pieces }, UPDATES_PER_ITERATION);
  let running = true;
  let updates = 0;
  const begin = performance.now();
  const learning = (async () => {
    while (running) updates += (await learner.learn(noPieces(), UPDATES_PER_ITERATION)).updates;
  })();
  const updating = await timeDecisions(runner);
  running = false;
  await learning;
  const updateMs = (performance.now() - begin) / updates;
  await Promise.all([learner.dispose(), runner.dispose()]);
  const rounded = (times: readonly number[], q: number) => Number(quantile(times, q).toFixed(1));
  return {
    hidden: [width, width],
    idleMedianUs: rounded(idle, 0.5),
    idleP99Us: rounded(idle, 0.99),
    updatingMedianUs: rounded(updating, 0.5),
    updatingP99Us: rounded(updating, 0.99),
    updateMs: Number(updateMs.toFixed(2)),
  };
}

const [load] = loadavg();
if (load > 0.5) console.log(`the machine is busy (load ${load.toFixed(1)} on ${cpus().length} cores): rough figures`);
console.log(`one decision of a deterministic SAC policy for ${options.env}, us, ${decisions} decisions`);
const rows: Awaited<ReturnType<typeof measure>>[] = [];
for (const width of options.widths.split(',').map(Number)) rows.push(await measure(width));
console.log(
  table([
    ['hidden', 'idle median', '99%', 'updating median', '99%', 'ms per update meanwhile'],
    ...rows.map((row) => [
      row.hidden.join(),
      row.idleMedianUs,
      row.idleP99Us,
      row.updatingMedianUs,
      row.updatingP99Us,
      row.updateMs,
    ]),
  ]),
);
record('decision', { loadBefore: Number(load.toFixed(1)), env: options.env, decisions, bars: BARS, rows });
const kept = rows.every((row) => row.idleMedianUs <= BARS.idle && row.updatingMedianUs <= BARS.updating);
console.log(kept ? 'within the bars' : 'MISSED a bar');
process.exitCode = kept ? 0 : 1;
