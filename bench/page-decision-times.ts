// Times decisions of a deterministic SAC policy for arm/reach, of any width, in the runtimes that a page has.
import { createPolicyRunner } from '../src/acting/policy-runner.js';
import { agentSpec } from '../src/agents/agent-spec.js';
import { listAgents } from '../src/agents/index.js';
import { identityNormalizer } from '../src/agents/policy-vectors.js';
import { loadEnv, parseEnvOptions } from '../src/envs/index.js';
import { createRandom } from '../src/random.js';
import { plainRuntime } from '../src/runtime/plain/index.js';
import type { Runtime } from '../src/runtime/runtime.js';
import { webRuntime } from '../src/runtime/web.js';

/** Microseconds for a decision, at the median. */
export interface DecisionTimes {
  readonly hidden: readonly number[];
  readonly plain: number;
  /** As where WebAssembly is forbidden. */
  readonly loops: number;
  readonly web: number;
  /** Largest difference of an action's numbers, in [-1, 1], between `plain` and `web`. */
  readonly difference: number;
}

/** Clocks of browsers tick in steps of up to a millisecond: so many decisions are timed at once, as often. */
const TOGETHER = 200;
const TIMES = 30;

const loops: Runtime = {
  ...plainRuntime,
  compile: async (program, options) => ({ ...(await plainRuntime.compile(program, options)), inputArray: undefined }),
};

export async function timeDecisions(widths: readonly number[]): Promise<DecisionTimes[]> {
  const env = await loadEnv('arm/reach');
  const { spec } = env.rules(parseEnvOptions(env, {}));
  const sac = listAgents().find(({ name }) => name === 'sac');
  if (!sac) throw new Error('sac');
  const rows: DecisionTimes[] = [];
  for (const width of widths) {
    const hidden = [width, width];
    const agent = sac.create(agentSpec(spec), sac.config.parse({ hidden }), { normalize: true });
    const time = async (runtime: Runtime) => {
      const runner = await createPolicyRunner(runtime, agent, 1, { deterministic: true });
      const random = createRandom(1);
      const vectors = agent.policyVectors.map((name) => [name, agent.state[name].init(random)]);
      runner.setPolicy({ normalizer: identityNormalizer(agent.spec), ...Object.fromEntries(vectors) });
      const times: number[] = [];
      for (let k = -5; k < TIMES; k++) {
        random.fillNormal(runner.inputs.observation as Float32Array);
        const begin = performance.now();
        for (let i = 0; i < TOGETHER; i++) await runner.run();
        if (k >= 0) times.push((1000 * (performance.now() - begin)) / TOGETHER);
      }
      const action = [...runner.action];
      await runner.dispose();
      times.sort((a, b) => a - b);
      return { action, us: Number(times[TIMES / 2].toFixed(1)) };
    };
    const [plain, slow, web] = [await time(plainRuntime), await time(loops), await time(webRuntime)];
    const difference = Math.max(...plain.action.map((x, i) => Math.abs(x - web.action[i])));
    rows.push({ hidden, plain: plain.us, loops: slow.us, web: web.us, difference });
  }
  return rows;
}
