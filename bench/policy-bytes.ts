// Digests of policies after short trainings: two versions that print the same table learn the same, bit for bit.
// Run: npx tsx --tsconfig bench/tsconfig.built.json bench/policy-bytes.ts [agent ...] (after npm run build)
import { createHash } from 'node:crypto';
import { createMemoryStore, openRun, train } from 'anygoal/training';

interface Case {
  readonly agent: string;
  readonly env: string;
  readonly steps?: number;
  readonly config?: Record<string, unknown>;
}

const quick = { evaluation: { every: 0, episodes: 2 }, training: { warmupSteps: 100 } };
const small = { options: { hidden: [32, 32] } };
const inTurn = { runtime: { worker: false, overlap: false, threads: 1 } };

const continuous = ['point/reach', 'arm/reach', 'arm/push'];
const discrete = ['bit-flip', 'grid', 'grid'];

const cases: Case[] = [
  ...['sac', 'td3', 'ddpg', 'tqc', 'ppo'].flatMap((agent) => continuous.map((env) => ({ agent, env }))),
  ...['dqn', 'ppo', 'tabular'].flatMap((agent) =>
    discrete.map((env, i) => ({ agent, env, ...(i === 2 && { config: { env: { options: { map: 'open' } } } }) })),
  ),
  // What the defaults leave out: several environments, ensembles that draw, dropout, demonstrations, goal forms, overlap.
  {
    agent: 'sac',
    env: 'point/reach',
    config: { envs: 4, agent: { options: { critics: 4, targetCritics: 2, criticDropout: 0.1 } } },
  },
  {
    agent: 'td3',
    env: 'point/reach',
    config: { agent: { options: { critics: 3, targetCritics: 2, goalForm: 'bilinear' } } },
  },
  { agent: 'sac', env: 'point/reach', config: { relabel: 'episode:2', runtime: { overlap: true } } },
  { agent: 'sac', env: 'arm/push', config: { training: { demonstrations: 5 }, replay: { unmetGoals: 0.5 } } },
  {
    agent: 'sac',
    env: 'point/reach',
    config: { relabel: 'random:4', training: { normalize: false }, replay: { capacity: 500 } },
  },
];

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function merge(...layers: readonly Record<string, unknown>[]): Record<string, unknown> {
  const merged: Record<string, unknown> = {};
  for (const [key, value] of layers.flatMap((layer) => Object.entries(layer))) {
    const before = merged[key];
    merged[key] = isRecord(before) && isRecord(value) ? merge(before, value) : value;
  }
  return merged;
}

/** Of every tensor's name and bytes, by name. */
async function digest({ agent, env, steps = 1000, config = {} }: Case): Promise<string> {
  const store = createMemoryStore();
  const onPolicy = agent === 'ppo' ? { relabel: 'none', training: { warmupSteps: 0 } } : {};
  const sized = agent === 'tabular' ? {} : { agent: small };
  const settings = merge(quick, sized, inTurn, onPolicy, config);
  const { runDir } = await train({ env, agent, steps, seed: 3, store, config: settings });
  const run = await openRun(store, runDir.replace(/^memory\//, ''), 'last');
  const hash = createHash('sha256');
  for (const [name, { data }] of Object.entries(run.policy).sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex').slice(0, 16);
}

const wanted = process.argv.slice(2);
for (const [i, test] of cases.entries()) {
  if (wanted.length > 0 && !wanted.includes(test.agent)) continue;
  console.log(`${String(i).padStart(2)} ${test.agent} ${test.env} ${await digest(test)}`);
}
