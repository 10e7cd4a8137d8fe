// What of a MuJoCo simulation is looked at: positions of named things, joints, whole arrays of the state.
import { UsageError } from '../../errors.js';
import { names } from '../../physics/names.js';
import type { Physics } from '../../physics/physics.js';

/**
 * Where something is: the world position of a site, a body's frame or a geom's middle, in metres, along the axes given
 * (default `xyz`); or the value of a hinge (radians) or slide (metres).
 */
export type Place =
  | { readonly site: string; readonly axes?: string }
  | { readonly body: string; readonly axes?: string }
  | { readonly geom: string; readonly axes?: string }
  | { readonly joint: string };

/** A place, or all numbers of an array of mjData. */
export type ObservationPart = Place | 'qpos' | 'qvel' | 'ctrl' | 'act' | 'sensordata';

/** Numbers of a simulation in a fixed order. */
export interface Reader {
  readonly names: readonly string[];
  /** Writes them from the start of `out`. */
  read(out: Float32Array): void;
}

const positions = { site: 'site_xpos', body: 'xpos', geom: 'geom_xpos' } as const;

// mjtJoint, in order: numbers in qpos and in qvel.
const jointSizes = [
  { qpos: ['x', 'y', 'z', 'qw', 'qx', 'qy', 'qz'], qvel: ['x', 'y', 'z', 'turn-x', 'turn-y', 'turn-z'] },
  { qpos: ['qw', 'qx', 'qy', 'qz'], qvel: ['turn-x', 'turn-y', 'turn-z'] },
  { qpos: [''], qvel: [''] },
  { qpos: [''], qvel: [''] },
] as const;

/** @throws UsageError for a name that the model does not have, with the nearest, and for axes that do not exist */
export function createReader(physics: Physics, parts: readonly ObservationPart[]): Reader {
  const entries = parts.flatMap((part) => entriesOf(physics, part));
  return {
    names: entries.map(({ name }) => name),
    read(out) {
      for (let i = 0; i < entries.length; i++) out[i] = entries[i].array()[entries[i].index];
    },
  };
}

interface Entry {
  readonly name: string;
  readonly array: () => Float64Array;
  readonly index: number;
}

function entriesOf(physics: Physics, part: ObservationPart): Entry[] {
  if (typeof part === 'string') {
    const array = physics.array(part);
    const known = part === 'qpos' || part === 'qvel' ? jointNames(physics, part) : [];
    return Array.from(array(), (_, index) => ({ name: known[index] ?? `${part}-${index}`, array, index }));
  }
  if ('joint' in part) {
    const type = physics.model.jnt_type[physics.index('joint', part.joint)];
    if (type < 2) {
      throw new UsageError(
        `joint "${part.joint}" is ${type === 0 ? 'free' : 'a ball'}, more than one number; name its body or a site instead.`,
      );
    }
    return [{ name: part.joint, array: physics.array('qpos'), index: physics.jointAddress(part.joint).qpos }];
  }
  const kind = (['site', 'body', 'geom'] as const).find((candidate) => candidate in part);
  if (!kind) {
    throw new UsageError(`a place is ${JSON.stringify(part)}; write { site }, { body }, { geom } or { joint: name }.`);
  }
  const called = (part as Record<string, string>)[kind];
  const id = physics.index(kind, called);
  const { axes = 'xyz' } = part;
  if (!/^[xyz]+$/.test(axes) || new Set(axes).size < axes.length) {
    throw new UsageError(`axes of ${kind} "${called}" are "${axes}"; write some of x, y and z, such as "xy".`);
  }
  const array = physics.array(positions[kind]);
  return [...axes].map((axis) => ({ name: `${called}-${axis}`, array, index: 3 * id + 'xyz'.indexOf(axis) }));
}

/** A name for each number of qpos or qvel, from the joints' names. */
function jointNames({ model }: Physics, part: 'qpos' | 'qvel'): string[] {
  return names(model, 'joint').flatMap((name, joint) =>
    jointSizes[model.jnt_type[joint]][part].map((number) => {
      const base = name || `joint-${joint}`;
      return `${base}${number && `-${number}`}${part === 'qvel' ? '-velocity' : ''}`;
    }),
  );
}
