// Elastic weight consolidation at the end of a task: its Fisher information from states of the replay, and the anchor.
import type { Agent } from '../agents/agent.js';
import { fisherOf, type PolicyState } from '../multitask/ewc.js';
import { nextTurn } from '../platform/yield.js';
import type { Runtime } from '../runtime/runtime.js';
import type { Updater } from '../updates/updater.js';
import type { Experience } from './experience.js';

/** States that the Fisher information of a task is a mean over: 10 batches of 256, as in Continual World. */
const STATES = 2560;

/** Longest stretch without a turn for the event loop, in milliseconds. */
const TURN = 8;

export interface ConsolidatorParts {
  readonly agent: Agent;
  readonly runtime: Runtime;
  readonly experience: Experience;
  readonly updater: Updater;
  /** What its program reads besides state vectors and columns of the batch. */
  readonly inputs: Readonly<Record<string, Float32Array>>;
}

/**
 * Of a task that was learned: adds its Fisher information to that of earlier ones and anchors the parameters. States are
 * drawn from its episodes alone by the generator that batches are drawn with; without any nothing changes.
 */
export function createConsolidator(parts: ConsolidatorParts): ((task: number) => Promise<void>) | undefined {
  const { agent, runtime, experience, updater, inputs } = parts;
  const { consolidation } = agent;
  if (!consolidation) return undefined;
  const program = consolidation.program();
  const names = program.inputs.filter(({ name, unused }) => !unused && name !== 'parameters').map(({ name }) => name);
  const { columns, size } = experience.batch;

  async function* states(): AsyncGenerator<PolicyState> {
    let turn = performance.now();
    const vectors = names.filter((name) => name in agent.state).map((name) => [name, updater.vector(name)] as const);
    const given = names.filter((name) => name in inputs).map((name) => [name, inputs[name]] as const);
    const fixed = Object.fromEntries([...vectors, ...given]);
    const seen = names.filter((name) => !(name in fixed));
    for (let drawn = 0; drawn < STATES; ) {
      experience.sample();
      for (let row = 0; row < size && drawn < STATES; row++, drawn++) {
        const own = seen.map((name) => {
          const width = columns[name].length / size;
          return [name, columns[name].subarray(row * width, (row + 1) * width)] as const;
        });
        yield { ...fixed, ...Object.fromEntries(own) };
        if (performance.now() - turn > TURN) {
          await nextTurn();
          turn = performance.now();
        }
      }
    }
  }

  return async (task) => {
    experience.focus(task, 0);
    if (!experience.ready()) return;
    const { vector, fisher, anchor, shared } = consolidation;
    const values = updater.vector(vector).slice();
    const added = await fisherOf(runtime, program, values, states(), shared);
    updater.setVector(
      fisher,
      updater.vector(fisher).map((sum, i) => sum + added[i]),
    );
    updater.setVector(anchor, values);
  };
}
