// Planning with goals or tasks: rewards are the environment's own rules, so that plans are judged between programs.
import type { Agent, Decider } from '../agents/agent.js';
import type { AgentSpec } from '../agents/agent-spec.js';
import type { PlannerConfig } from '../agents/planner.js';
import type { EnvRules } from '../envs/env.js';
import type { Ensemble } from '../models/ensemble.js';
import { createRandom } from '../random.js';
import type { NumericArray, Runtime } from '../runtime/runtime.js';
import { actionWriter, createModelJudge } from './model-judge.js';
import { discreteCem, plannerNoise, planners } from './planners.js';
import { FIXED_NOISE } from './problem.js';
import { createRoundPlanner } from './round-planner.js';
import { rewardAfterEnd } from './true-planner.js';

export interface DecideOptions {
  readonly ensemble: Ensemble;
  /** Members that predict. */
  readonly elites: number;
  readonly spec: AgentSpec;
  readonly settings: PlannerConfig;
  readonly rules: () => Promise<EnvRules>;
}

/** As `Agent.decide`: the inputs and outputs of a policy program, computed in rounds. */
export function decideBy({ ensemble, elites: count, spec, settings, rules: rulesOf }: DecideOptions): Agent['decide'] {
  return async (runtime: Runtime, rows: number, { deterministic }): Promise<Decider> => {
    const { env, states, action: space } = ensemble.spec;
    const actions = space.kind === 'box' ? space.size : space.n;
    const kind = space.kind === 'box' ? settings.planner : 'cem';
    const size = { rows, horizon: settings.horizon, actions };
    const planner = space.kind === 'box' ? planners[settings.planner] : discreteCem;
    const elites = new Float32Array(ensemble.layoutOf(count).size);
    const scales = new Float32Array(ensemble.scaleCount);
    const state = new Float32Array(rows * ensemble.spec.sizes.state);
    const each = plannerNoise(kind, settings, settings.horizon, actions);
    const noise = new Float32Array(rows * each);
    if (deterministic) fillAlike(noise, each);
    const rules = await rulesOf();
    const rounds = await createRoundPlanner(runtime, planner, kind, size, settings);
    const world = await createModelJudge({
      model: { spec: ensemble.spec, ensemble, elites, eliteCount: count, scales },
      rules,
      runtime,
      size,
      most: rounds.most,
      discount: settings.discount,
      afterEnd: rewardAfterEnd(env.rewardRange),
    });
    const write = actionWriter(space);
    const input = (name: string, of: number) => ({ name, dtype: 'float32' as const, shape: [rows, of] });
    return {
      inputs: [
        ...spec.inputs.map(({ name, size: of }) => input(name, of)),
        input('plan', settings.horizon * actions),
        ...(deterministic ? [] : [input('noise', each)]),
        { name: 'elites', dtype: 'float32', shape: [elites.length] },
        { name: 'scales', dtype: 'float32', shape: [scales.length] },
      ],
      bind(given: Record<string, NumericArray>, out: Record<string, NumericArray>) {
        const of = (name: string) => given[name] as Float32Array;
        return {
          async run() {
            elites.set(of('elites'));
            scales.set(of('scales'));
            if (!deterministic) noise.set(of('noise'));
            let place = 0;
            for (const { name, size: width } of states) {
              for (let r = 0; r < rows; r++) {
                for (let j = 0; j < width; j++) {
                  state[r * ensemble.spec.sizes.state + place + j] = of(name)[r * width + j];
                }
              }
              place += width;
            }
            world.begin(state, given.goal as Float32Array, given.task as Float32Array);
            const { action, next } = await rounds.plan(noise, of('plan'), world.judge);
            (out.plan as Float32Array).set(next);
            if (space.kind === 'discrete') out.action.set(action as never);
            else for (let r = 0; r < rows; r++) write(action, r * actions, out.action as Float32Array, r * actions);
          },
        };
      },
      async dispose() {
        await world.dispose();
        await rounds.dispose();
        rules.dispose?.();
      },
    };
  };
}

/** The same normals in every row, as policies have them that explore nothing. */
function fillAlike(noise: Float32Array, each: number): void {
  const one = new Float32Array(each);
  createRandom(FIXED_NOISE).fillNormal(one);
  for (let at = 0; at < noise.length; at += each) noise.set(one, at);
}
