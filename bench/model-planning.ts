// Planner against policy from the same model: a SAC run with a model, and iCEM in that run's model, after so many real steps.
// Run: npx tsx bench/model-planning.ts [--env pendulum] [--seeds 1,2,3] [--steps 250,500,1000,1500]; finished parts are kept in runs/model-planning.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createPolicyRunner } from '../src/acting/policy-runner.js';
import type { Agent } from '../src/agents/agent.js';
import { fromTensors, identityNormalizer, type PolicyVectors } from '../src/agents/policy-vectors.js';
import { float32Of } from '../src/bytes.js';
import { loadEnv, makeEnv, parseEnvOptions } from '../src/envs/index.js';
import { createAgent } from '../src/learners/create-agent.js';
import { mixSeed } from '../src/random.js';
import { createDiskStore } from '../src/runs/disk-store.js';
import { readCheckpoint } from '../src/runs/run-reader.js';
import { nodeRuntime } from '../src/runtime/node.js';
import { configure, resume, runEpisode, train } from '../src/training/index.js';
import { record, table } from './record.js';

const { values } = parseArgs({
  options: {
    env: { type: 'string', default: 'pendulum' },
    seeds: { type: 'string', default: '1,2,3' },
    steps: { type: 'string', default: '250,500,1000,1500' },
    episodes: { type: 'string', default: '5' },
  },
});
const seeds = values.seeds.split(',').map(Number);
const stages = values.steps.split(',').map(Number);
const EPISODES = { policy: 50, planner: Number(values.episodes) };
const folder = `runs/model-planning/${values.env.replace('/', '-')}`;
mkdirSync(folder, { recursive: true });

const settings = {
  model: { kind: 'ensemble' },
  evaluation: { every: 0 },
  runtime: { threads: 1, overlap: false, worker: false },
};
const definition = await loadEnv(values.env);
const { spec } = definition.rules(parseEnvOptions(definition, {}));

interface Judged {
  readonly episodes: number;
  readonly reward: number;
  readonly decisionsPerSecond: number;
}
interface Part {
  readonly seed: number;
  /** Real steps so far. */
  readonly steps: number;
  readonly policy: Judged;
  readonly planner: Judged;
}

/** Mean return from the same starts for both, and decisions for each second of processor time, the environment's steps included. */
async function judge(agent: Agent, vectors: PolicyVectors, episodes: number): Promise<Judged> {
  const env = await makeEnv(values.env);
  const runner = await createPolicyRunner(nodeRuntime, agent, 1, { deterministic: true });
  runner.setPolicy(vectors);
  let reward = 0;
  let decisions = 0;
  const begin = process.cpuUsage();
  for (let i = 0; i < episodes; i++) {
    const episode = await runEpisode(env, runner, { seed: mixSeed(1, 'model-planning', i) });
    reward += episode.reward / episodes;
    decisions += episode.length;
  }
  const { user, system } = process.cpuUsage(begin);
  await runner.dispose();
  return { episodes, reward, decisionsPerSecond: (1e6 * decisions) / (user + system) };
}

async function partOf(seed: number, steps: number, run: string | undefined): Promise<Part & { readonly run: string }> {
  const file = `${folder}/seed-${seed}-${steps}.json`;
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const store = createDiskStore(folder);
  const { runDir } = run
    ? await resume({ run, steps })
    : await train({ env: values.env, agent: 'sac', relabel: 'none', seed, steps, store, config: settings });
  const { state, policy } = await readCheckpoint(createDiskStore(runDir), '', steps);
  const config = await configure({ env: values.env, agent: 'sac', relabel: 'none', seed, config: settings });
  const sac = createAgent(config, spec, definition);
  const planning = await configure({ env: values.env, agent: 'planner', seed });
  const planner = createAgent({ ...planning, model: config.model }, spec, definition);
  const vectorOf = (name: string) => float32Of(state[`learner.model.${name}`]);
  const vectors = {
    normalizer: identityNormalizer(planner.spec),
    elites: vectorOf('elites'),
    scales: vectorOf('scales'),
  };
  const part = {
    seed,
    steps,
    run: runDir,
    policy: await judge(sac, fromTensors(sac, policy), EPISODES.policy),
    planner: await judge(planner, vectors, EPISODES.planner),
  };
  writeFileSync(file, JSON.stringify(part));
  console.error(JSON.stringify(part));
  return part;
}

const parts: Part[] = [];
for (const seed of seeds) {
  let run: string | undefined;
  for (const steps of stages) {
    const { run: dir, ...part } = await partOf(seed, steps, run);
    run = dir;
    parts.push(part);
  }
}
const rows = stages.map((steps) => {
  const those = parts.filter((part) => part.steps === steps);
  const of = (who: 'policy' | 'planner') => those.map((part) => part[who].reward.toFixed(0)).join(', ');
  const speed = (who: 'policy' | 'planner') =>
    Math.round(those.reduce((sum, part) => sum + part[who].decisionsPerSecond / those.length, 0));
  return [steps, of('policy'), of('planner'), speed('policy'), speed('planner')];
});
console.log(table([['real steps', 'policy', 'planner', 'decisions/s of the policy', 'of the planner'], ...rows]));
record(`model-planning-${values.env.replace('/', '-')}`, {
  command: `npx tsx bench/model-planning.ts --env ${values.env} --seeds ${values.seeds} --steps ${values.steps} --episodes ${values.episodes}`,
  parts,
});
