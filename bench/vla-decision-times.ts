// Times decisions of policies that see pictures and words through one Transformer, in whatever runtime it is given.
import { createPolicyRunner } from '../src/acting/policy-runner.js';
import { agentSpec } from '../src/agents/agent-spec.js';
import { listAgents } from '../src/agents/index.js';
import { identityNormalizer } from '../src/agents/policy-vectors.js';
import { box, image } from '../src/envs/space.js';
import { createRandom } from '../src/random.js';
import type { Runtime } from '../src/runtime/runtime.js';
import { smallVla, views } from './vla-policy.js';

/** What `tabletop/mt3` shows in bench/learning/topics/vla.ts. */
const picture = image([48, 48, 3]);
const spec = agentSpec({
  observation: box(54),
  parts: { ...views(picture), words: { ...box(12 * 64), shape: [12, 64], per: 'episode' } },
  goal: box(0),
  action: box(4, -1, 1),
  rewardRange: [-1, 0],
});

/** Twenty times the parameters of those in the experiments. */
const larger = 'squared error, width 256, 6 blocks';
const policies: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'squared error': smallVla,
  '256 bins, a token each': { ...smallVla, head: 'bins', bins: 256, actionTokens: 'each' },
  'absolute error, chunks of 4': { ...smallVla, head: 'laplace', chunk: 4, actionTokens: 'each' },
  'flow matching, chunks of 4, 10 steps': { ...smallVla, head: 'flow', chunk: 4 },
  [larger]: { ...smallVla, tokenWidth: 256, attentionHeads: 8, blocks: 6 },
};

export interface DecisionTime {
  readonly policy: string;
  readonly parameters: number;
  /** Milliseconds at the median. */
  readonly ms: number;
}

const TIMES = 41;

export async function timePolicies(runtime: Runtime): Promise<DecisionTime[]> {
  const bc = listAgents().find(({ name }) => name === 'bc');
  if (!bc) throw new Error('bc');
  const rows: DecisionTime[] = [];
  for (const [policy, options] of Object.entries(policies)) {
    const agent = bc.create(spec, bc.config.parse(options), { normalize: true });
    const runner = await createPolicyRunner(runtime, agent, 1, { deterministic: true });
    const random = createRandom(1);
    const vectors = agent.policyVectors.map((name) => [name, agent.state[name].init(random)]);
    runner.setPolicy({ normalizer: identityNormalizer(agent.spec), ...Object.fromEntries(vectors) });
    const times: number[] = [];
    for (let i = -5; i < TIMES; i++) {
      for (const values of Object.values(runner.inputs)) {
        for (let j = 0; j < values.length; j++) values[j] = random.below(256);
      }
      const begin = performance.now();
      await runner.run();
      if (i >= 0) times.push(performance.now() - begin);
    }
    await runner.dispose();
    times.sort((a, b) => a - b);
    rows.push({ policy, parameters: agent.state.actor.size, ms: Number(times[(TIMES - 1) / 2].toFixed(2)) });
  }
  return rows;
}
