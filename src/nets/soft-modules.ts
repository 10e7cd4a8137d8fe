// Soft modularisation (Yang et al. 2020, arXiv 2003.13661): layers of modules, and how they are joined depends on the task.
import type { Random } from '../random.js';
import { concat, stack, type Tensor } from '../tensor/index.js';
import type { GoalNetworkSizes } from './goal-form.js';
import { combine } from './input.js';
import type { NetworkCore } from './input-network.js';
import { joinLayouts, type Layout } from './layout.js';
import { initDense, mlp, mlpLayout } from './mlp.js';

export interface SoftModuleSettings {
  /** Modules n of each layer (paper: 2 or 4). */
  readonly modules: number;
  /** Layers L of modules (paper: 2 or 4). */
  readonly layers: number;
  /** Width of the modules and of the embeddings D (paper: 128 and 256, 400 before). */
  readonly width: number;
}

/** Weights of the gates begin this small, so that all modules are joined alike. */
const GATE = 1e-3;

/**
 * f = relu(MLP([s; a])), e = f * (W z), and for layer l the routing p^l [n, n], a softmax over the modules that it takes
 * from:
 *
 *     logits^1 = W_1 relu(e),   logits^l = W_l relu(e * (U_l [p^1; ...; p^(l-1)]))                      (section 4.2)
 *     g_i^(l+1) = sum_j p_ij^l relu(W_j^l g_j^l),   g_j^1 = f                                           (section 4.1)
 *
 * The last routing is [1, n], from all modules to the output's input. z is everything with the role of a goal or a task.
 */
export const softModules =
  ({ modules: n, layers, width }: SoftModuleSettings) =>
  ({ observation, goal = 0, action = 0, outputs }: GoalNetworkSizes): NetworkCore => {
    if (goal === 0) throw new Error('soft modules are joined by a task or a goal, and there is none');
    const toOf = (l: number) => (l + 1 < layers ? n : 1);
    const routes = Array.from({ length: layers }, (_, l) => ({
      from: l === 0 ? undefined : mlpLayout([l * n * n, width]),
      to: mlpLayout([width, toOf(l) * n]),
    }));
    const parts: Record<string, Layout> = {
      state: mlpLayout([observation + action, width, width]),
      task: mlpLayout([goal, width]),
      ...Object.fromEntries(
        routes.flatMap(({ from, to }, l) => [
          ...(from ? [[`condition${l + 1}`, from] as const] : []),
          [`gate${l + 1}`, to] as const,
        ]),
      ),
      ...Object.fromEntries(
        Array.from({ length: layers * n }, (_, i) => [
          `layer${1 + Math.floor(i / n)}.module${1 + (i % n)}`,
          mlpLayout([width, width]),
        ]),
      ),
      output: mlpLayout([width, outputs]),
    };
    const whole = joinLayouts(parts);
    return {
      layout: whole,
      init: (random) => initGates(whole, random),
      apply(parameters, s, goals, a) {
        const z = goals as Tensor; // there is one
        let at = 0;
        const take = (count: number) => {
          at += count;
          return parameters.slice(at - count, at);
        };
        const [rows] = s.shape;
        const f = mlp(take(4), a ? combine(s, a) : s).relu();
        const e = f.mul(mlp(take(2), z));
        const joins: Tensor[] = [];
        for (let l = 0; l < layers; l++) {
          const before = joins.map((p) => p.reshape([rows, n * n]));
          const hint = l === 0 ? e : e.mul(mlp(take(2), before.length > 1 ? concat(before, 1) : before[0]));
          joins.push(
            mlp(take(2), hint.relu())
              .reshape([rows, toOf(l), n])
              .softmax(2),
          );
        }
        let g: readonly Tensor[] = Array.from({ length: n }, () => f);
        for (const p of joins) {
          const made = stack(
            g.map((y) => mlp(take(2), y).relu()),
            1,
          );
          g = p.matmul(made).split(new Array(p.shape[1]).fill(1), 1);
          g = g.map((y) => y.reshape([rows, width]));
        }
        return mlp(take(2), g[0]);
      },
    };
  };

function initGates(of: Layout, random: Random): Float32Array {
  const values = initDense(of, random);
  of.entries.forEach(({ name, offset }, i) => {
    const end = of.entries[i + 1]?.offset ?? of.size;
    if (/^gate\d+\.0\.weight$/.test(name)) random.fillUniform(values.subarray(offset, end), -GATE, GATE);
    else if (/^gate\d+\.0\.bias$/.test(name)) values.fill(0, offset, end);
  });
  return values;
}
