// How many of the transitions that real runs learn from have the best reward, and what the formulas for paths that do not come back say.
// npx tsx bench/best-reward-share.ts
import { harmonic } from '../src/lab/positive-ratio.js';
import { createMemoryStore, train } from '../src/training/index.js';
import { record, table } from './record.js';

interface Task {
  readonly env: string;
  readonly agent: string;
  readonly steps: number;
  readonly config: Readonly<Record<string, unknown>>;
}

/** Rewards of -1 and 0 in all of them. */
const tasks: readonly Task[] = [
  { env: 'bit-flip', agent: 'dqn', steps: 10_000, config: { env: { options: { bits: 20 } } } },
  { env: 'grid', agent: 'dqn', steps: 10_000, config: {} },
  { env: 'point/reach', agent: 'sac', steps: 5000, config: {} },
  // Few updates, and no transitions drawn again: what counts here is where the block is.
  {
    env: 'arm/push',
    agent: 'sac',
    steps: 5000,
    config: { agent: { options: { hidden: [64, 64] } }, training: { updatesPerStep: 0.25 }, replay: { unmetGoals: 0 } },
  },
];
const strategies = ['future', 'final', 'episode'] as const;
const K = 4;

interface Shares {
  readonly steps: number;
  /** Of the transitions sampled since the row before, `train/best_reward_share`. */
  readonly measured: number;
  /** For the episodes up to here, their lengths and their own successes, if no path came back. */
  readonly formula: number;
}

/** Share by formula: relabelled transitions that got the very goal they achieved, and originals that were successes. */
function formula(
  strategy: (typeof strategies)[number],
  episodes: readonly (readonly [reward: number, length: number])[],
) {
  let [own, best, transitions] = [0, 0, 0];
  for (const [reward, length] of episodes) {
    own += strategy === 'future' ? harmonic(length) : 1;
    best += reward + length;
    transitions += length;
  }
  return (K / (1 + K)) * (own / transitions) + best / transitions / (1 + K);
}

async function sharesOf({ env, agent, steps, config }: Task, strategy: (typeof strategies)[number]): Promise<Shares[]> {
  const store = createMemoryStore();
  const { runDir } = await train({
    env,
    agent,
    relabel: `${strategy}:${K}`,
    steps,
    seed: 1,
    store,
    config: {
      ...config,
      evaluation: { every: 0, episodes: 1 },
      checkpoint: { every: 0 },
      runtime: { worker: false, overlap: false, threads: 1 },
    },
  });
  const run = runDir.slice(store.location.length + 1);
  const lines = async (file: string) =>
    new TextDecoder()
      .decode(await store.read(`${run}/${file}`))
      .trim()
      .split('\n');
  const episodes = (await lines('monitor.csv'))
    .filter((line) => /^-?\d/.test(line))
    .map((line) => line.split(',').map(Number) as [number, number]);
  let played = 0;
  const ends = episodes.map(([, length]) => {
    played += length;
    return played;
  });
  return (await lines('metrics.jsonl')).flatMap((line) => {
    const row: Record<string, number> = JSON.parse(line);
    const measured = row['train/best_reward_share'];
    if (measured === undefined) return [];
    const soFar = episodes.filter((_, i) => ends[i] <= row.step);
    return [{ steps: row.step, measured, formula: formula(strategy, soFar) }];
  });
}

const results = [];
for (const task of tasks) {
  for (const strategy of strategies) {
    const rows = await sharesOf(task, strategy);
    const [first, last] = [rows[0], rows[rows.length - 1]];
    results.push({ ...task, strategy, k: K, seed: 1, first, last });
    const percent = ({ steps, measured, formula: exact }: Shares) => [
      steps,
      (100 * measured).toFixed(1),
      (100 * exact).toFixed(1),
    ];
    console.log(table([[task.env, strategy, ...percent(first), ...percent(last)]]));
  }
}
record('best-reward-share', { command: 'npx tsx bench/best-reward-share.ts', results });
