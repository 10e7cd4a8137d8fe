// A recorded episode as a demonstration: every episode of an environment shows it, and has its task and goal.

import { openDataSet } from '../datasets/index.js';
import {
  type DemonstrationOptions,
  demonstrationPart,
  momentOf,
  shownParts,
  spread,
} from '../envs/families/demonstration.js';
import { columnsOf, type GoalEnv, wrapEnv } from '../envs/index.js';
import { UsageError } from '../errors.js';

export interface Shown {
  readonly env: GoalEnv;
  /** The demonstrated task by name, where the data tell it: the one of every episode. */
  readonly task?: string;
  /** The demonstrated goal, where the data tell it: the one of every episode. */
  readonly goal?: readonly number[];
}

/**
 * The same environment, whose episodes show the first recorded episode of a data set, evenly spaced moments of it, and have
 * its task and goal where the data tell them, and where goals are demonstrated its things. @throws UsageError where nothing is shown there, or the data do not fit
 */
export async function showing(
  env: GoalEnv,
  file: string,
  options: Pick<DemonstrationOptions, 'demonstrationIn' | 'demonstrationOf'>,
): Promise<Shown> {
  const { spec } = env;
  const part = spec.parts?.[demonstrationPart];
  if (!part) {
    throw new UsageError(
      `demonstration ${file} cannot be shown: episodes of ${spec.name} show none; train on a family of tasks, such as point/navigate, with env.demonstration=8.`,
    );
  }
  const names = shownParts(options);
  const moments = (part.shape ?? [1])[0] / names.length;
  const size = part.size / moments;
  const each = size / names.length;
  const set = await openDataSet(file);
  try {
    const [steps] = set.steps;
    const { columns } = await set.read(0, 1);
    for (const name of names) {
      const states = columns[name];
      if (states?.length === (steps + 1) * each) continue;
      const theirs = set.spec.parts?.[name]?.shape ?? [(states?.length ?? 0) / (steps + 1)];
      const ours = (part.shape ?? []).length > 2 ? (part.shape ?? []).slice(1) : [each];
      const what = states ? `has ${theirs.join(' x ')} numbers of each state` : 'is missing';
      const of = set.spec.name === spec.name ? '' : ` of ${set.spec.name}`;
      throw new UsageError(
        `demonstration ${file}${of}: column ${name} ${what}, but ${spec.name} shows ${ours.join(' x ')} of each moment; record it with the same settings of the environment.`,
      );
    }
    const seen = (i: number) => momentOf(names.map((name) => columns[name].subarray(i * each, (i + 1) * each)));
    const shown = spread(
      Array.from({ length: steps + 1 }, (_, i) => seen(i)),
      moments,
      size,
    );
    const last = (name: string): readonly number[] | undefined => {
      const width = columnsOf(spec).find((column) => column.name === name)?.size ?? 0;
      const values = columns[name];
      return width > 0 && values && values.length % width === 0 ? Array.from(values.slice(-width)) : undefined;
    };
    const theirs = set.spec.tasks;
    if (spec.tasks && theirs && theirs.join() !== spec.tasks.join()) {
      throw new UsageError(
        `demonstration ${file}: it is one of ${listed(theirs)}, but tasks of ${spec.name} are ${listed(spec.tasks)} here; record it with the same settings of the environment.`,
      );
    }
    const goal = last('goal');
    const task = spec.tasks && theirs ? last('task')?.[0] : undefined;
    const first = columns.observation?.subarray(0, spec.observation.size);
    const again = options.demonstrationOf === 'goal' && first?.length === spec.observation.size ? first : undefined;
    const shows = wrapEnv(env, {
      reset(given) {
        // A goal of undefined is none that was asked for.
        const wanted = given?.goal ?? goal;
        const asked = { ...given, goal: wanted };
        const drawn = env.reset({ ...asked, ...(task !== undefined && { task }) });
        const now = again && !asked.state ? env.reset({ goal: wanted, again }) : drawn;
        now.columns[demonstrationPart].set(shown);
        return now;
      },
    });
    return { env: shows, ...(task !== undefined && { task: spec.tasks?.[task] }), ...(goal && { goal }) };
  } finally {
    await set.close();
  }
}

/** `place-0, place-1, ... (32)`. */
const listed = (tasks: readonly string[]): string =>
  tasks.length > 4 ? `${tasks.slice(0, 3).join(', ')}, ... (${tasks.length} tasks)` : tasks.join(', ');
