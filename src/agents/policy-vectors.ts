// A policy's parameters in their two forms: flat vectors for programs, named tensors for checkpoints.
import { RunError } from '../errors.js';
import { normalizedColumns, normalizerSize } from '../nets/index.js';
import type { Agent } from './agent.js';
import type { AgentSpec } from './agent-spec.js';

/** What acting needs: the policy's state vectors by name, and `normalizer`. */
export type PolicyVectors = Readonly<Record<string, Float32Array>>;

export type NamedTensors = Record<string, { shape: readonly number[]; data: Float32Array }>;

/** `actor` [n] becomes `actor.0.weight` [in, out], ...; vectors without a layout keep their name. */
export function toTensors(agent: Agent, vectors: PolicyVectors): NamedTensors {
  const tensors: NamedTensors = {};
  for (const [name, vector] of Object.entries(vectors)) {
    const entries = agent.state[name]?.layout ?? [];
    if (entries.length === 0) tensors[name] = { shape: [vector.length], data: vector };
    entries.forEach((entry, i) => {
      const end = i + 1 < entries.length ? entries[i + 1].offset : vector.length;
      tensors[`${name}.${entry.name}`] = { shape: entry.shape, data: vector.slice(entry.offset, end) };
    });
  }
  return tensors;
}

/** The policy's vectors out of named tensors; a missing or wrongly shaped one names itself. */
export function fromTensors(agent: Agent, tensors: NamedTensors): PolicyVectors {
  const take = (name: string, size: number) => {
    const tensor = tensors[name];
    if (!tensor) throw new RunError(`the checkpoint has no tensor "${name}"; it belongs to another agent or network.`);
    if (tensor.data.length !== size) {
      throw new RunError(
        `tensor "${name}" of the checkpoint has ${tensor.data.length} numbers [${tensor.shape}], but this configuration's network needs ${size}; config.json and checkpoint do not belong together.`,
      );
    }
    return tensor.data;
  };
  const { inputs, targets } = agent.spec;
  const vectors: Record<string, Float32Array> = { normalizer: take('normalizer', normalizerSize(inputs, targets)) };
  for (const name of agent.policyVectors) {
    const { layout, size } = agent.state[name];
    const vector = new Float32Array(size);
    layout.forEach((entry, i) => {
      const end = i + 1 < layout.length ? layout[i + 1].offset : size;
      vector.set(take(`${name}.${entry.name}`, end - entry.offset), entry.offset);
    });
    checkFinite(name, vector, agent.state[name].unset);
    vectors[name] = vector;
  }
  return vectors;
}

/** @throws RunError for numbers that are infinite, but for places that are not used yet */
function checkFinite(name: string, vector: Float32Array, unset: number | undefined): void {
  const broken = vector.find((value) => !Number.isFinite(value) && value !== unset);
  if (broken === undefined) return;
  throw new RunError(
    `"${name}" of the checkpoint holds ${broken}, as after a training that diverged; it is no policy that can act. Name another checkpoint (--checkpoint STEPS).`,
  );
}

/** Identity normalisation: mean 0, scale 1 of every normalised input. */
export const identityNormalizer = ({ inputs, targets }: Pick<AgentSpec, 'inputs' | 'targets'>): Float32Array =>
  Float32Array.from(
    normalizedColumns(inputs, targets).flatMap(({ size, tables }) => [
      ...new Array<number>(size * tables).fill(0),
      ...new Array<number>(size * tables).fill(1),
    ]),
  );
