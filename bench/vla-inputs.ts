// What a policy of pictures and words makes of each: success with all inputs, and with one of them taken away when it acts.
// Run: npx tsx bench/vla-inputs.ts RUN [--episodes 90]
import { parseArgs } from 'node:util';
import { evaluatePolicy } from '../src/acting/evaluate.js';
import { createPolicyRunner } from '../src/acting/policy-runner.js';
import { type GoalEnv, loadEnv, parseEnvOptions, wrapEnv } from '../src/envs/index.js';
import { nodeRuntime } from '../src/runtime/node.js';
import { openPolicy } from '../src/training/policy.js';
import { record, table } from './record.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { episodes: { type: 'string', default: '90' } },
});
const [path] = positionals;
const episodes = Number(values.episodes);
const { run, agent, vectors } = await openPolicy({ run: path, checkpoint: 'last' });
const definition = await loadEnv(run.config.env.name);
const env = await definition.create(parseEnvOptions(definition, run.config.env.options));
const names = agent.spec.inputs.map(({ name }) => name);
const pictures = names.filter((name) => name.startsWith('camera'));

/** The same, of which the policy sees nothing but zeros under these names. */
function without(hidden: readonly string[]): GoalEnv {
  const kept = hidden.map((name) => ({ name, shown: new Float32Array(0) as Float32Array | Uint8Array }));
  const hide = <Step extends { columns: Readonly<Record<string, Float32Array | Uint8Array>> }>(now: Step): Step => {
    const columns = { ...now.columns };
    for (const { name } of kept) columns[name] = columns[name].slice().fill(0);
    return { ...now, columns };
  };
  return wrapEnv(env, {
    reset: (options) => hide(env.reset(options)),
    step: (action) => hide(env.step(action)),
  });
}

const cases: Readonly<Record<string, readonly string[]>> = {
  'all inputs': [],
  'without words': names.filter((name) => name === 'words' || name === 'instruction'),
  'without pictures': pictures,
  ...Object.fromEntries(pictures.map((name) => [`without ${name}`, [name]])),
};
const runner = await createPolicyRunner(nodeRuntime, agent, 1, { deterministic: true });
runner.setPolicy(vectors);
const rows: { readonly what: string; readonly success: number; readonly tasks: Readonly<Record<string, number>> }[] =
  [];
for (const [what, hidden] of Object.entries(cases)) {
  const { successRate, tasks = [] } = await evaluatePolicy(without(hidden), runner, {
    episodes,
    seed: run.config.seed + 1_000_003,
    steps: run.steps,
  });
  rows.push({
    what,
    success: successRate,
    tasks: Object.fromEntries(tasks.map(({ task, successRate }) => [task, successRate])),
  });
  console.error(rows.at(-1));
}
console.log(table([['', 'success', 'by task'], ...rows.map((r) => [r.what, r.success, JSON.stringify(r.tasks)])]));
record('vla-inputs', { env: run.config.env.name, updates: run.steps, episodes, rows });
await runner.dispose();
env.dispose?.();
