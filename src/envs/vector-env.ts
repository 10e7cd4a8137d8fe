// Several environments stepped side by side, in flat arrays written in place.
import { RunError, UsageError } from '../errors.js';
import { mixSeed } from '../random.js';
import { columnsOf, columnsText, type Values } from './columns.js';
import type { EnvSpec, GoalEnv, TimeStep } from './env.js';
import { CUT, createEnvMemory, type EnvColumns, packEnvs, shownColumns, unpackEnvs } from './env-columns.js';
import { actionSize, type Box, type Discrete } from './space.js';

/** n environments of one kind, in this thread; the arrays belong to this object and change with each call. */
export interface VectorEnv extends EnvColumns {
  readonly spec: EnvSpec;
  /** Number of environments: n. */
  readonly count: number;
  /** Begins an episode in every row. With a seed, row i is seeded with `mixSeed(seed, 'env', i)`. */
  reset(seed?: number): void;
  /** Steps every row with its action [n, action] and begins a new episode where one ended. */
  step(actions: Float32Array): void;
  /** Everything, exactly; between calls, so no row is ever at the end of an episode. */
  saveState(): Uint8Array;
  restoreState(bytes: Uint8Array): void;
  dispose(): void;
}

/** A vectorised environment whose rows may live in other threads: what they do may take a promise. One call at a time. */
export type EnvGroup = Pick<VectorEnv, 'spec' | 'count' | keyof EnvColumns> & {
  readonly [Method in 'reset' | 'step' | 'saveState' | 'restoreState' | 'dispose']: (
    ...args: Parameters<VectorEnv[Method]>
  ) => ReturnType<VectorEnv[Method]> | Promise<ReturnType<VectorEnv[Method]>>;
};

/** Where the rows of a vectorised environment are written, when it is a part of a larger one. */
export interface VectorPlace {
  readonly columns: EnvColumns;
  /** The number of the first row in the whole, for seeds and messages. */
  readonly first: number;
}

/** Steps environments in turn. They must be of one kind and belong to this object from then on. */
export function createVectorEnv(envs: readonly GoalEnv[], place?: VectorPlace): VectorEnv {
  checkAlike(envs);
  const n = envs.length;
  const { spec } = envs[0];
  const { columns, first } = place ?? { columns: createEnvMemory(spec, n).columns, first: 0 };
  const { reward, terminated, truncated, failed, success } = columns;
  const places = shownColumns(spec).map(({ name, size, per }) => ({
    name,
    size,
    per,
    own: spec.parts?.[name] !== undefined || spec.columns?.[name] !== undefined,
    present: columns.columns[name],
    final: columns.final[name] as Values | undefined,
  }));
  const ofStates = places.filter(({ per }) => per === 'state');
  const ofEpisodes = places.filter(({ per }) => per === 'episode');
  const ofTransitions = places.filter(({ name, per }) => per === 'transition' && name !== 'reward');
  const rowAction = new Float32Array(actionSize(spec.action));
  const rowSize = rowAction.length;
  const prepares = envs.some((env) => env.prepare);

  /** The environment's own error, where it was not told with its name already. */
  function explain(error: unknown, i: number): unknown {
    if (error instanceof RunError || error instanceof UsageError) return error;
    return new RunError(`${spec.name}: environment ${first + i} threw: ${error}`, { cause: error });
  }

  /** What the environment shows in a column; of the right length, lest it runs into the next row. */
  function shown(now: TimeStep, { name, size, own }: (typeof places)[number]): Values {
    const values = own ? now.columns?.[name] : now[name as 'observation'];
    if (values?.length === size) return values;
    throw new RunError(`${spec.name}: it shows ${values?.length ?? 'no'} numbers of "${name}"; its spec says ${size}.`);
  }

  /** A loop over indices: a step allocates nothing. */
  function write(i: number, now: TimeStep, some: typeof places, which: 'present' | 'final'): void {
    for (let c = 0; c < some.length; c++) some[c][which]?.set(shown(now, some[c]), i * some[c].size);
  }

  function begin(i: number, now: TimeStep): void {
    write(i, now, ofStates, 'present');
    write(i, now, ofEpisodes, 'present');
  }

  function readRow(i: number, actions: Float32Array): void {
    for (let j = 0; j < rowSize; j++) rowAction[j] = actions[i * rowSize + j];
  }

  function stepRow(i: number, actions: Float32Array): void {
    readRow(i, actions);
    const next = envs[i].step(rowAction);
    write(i, next, ofTransitions, 'present');
    reward[i] = next.reward;
    terminated[i] = next.terminated ? 1 : 0;
    truncated[i] = next.cut ? CUT : next.truncated ? 1 : 0;
    failed[i] = next.failed ? 1 : 0;
    success[i] = next.isSuccess ? 1 : 0;
    if (next.terminated || next.truncated) {
      write(i, next, ofStates, 'final');
      begin(i, envs[i].reset());
    } else write(i, next, ofStates, 'present');
  }

  return {
    spec,
    count: n,
    ...columns,
    reset(seed) {
      for (let i = 0; i < n; i++) {
        begin(i, envs[i].reset(seed === undefined ? undefined : { seed: mixSeed(seed, 'env', first + i) }));
      }
      for (const array of [reward, terminated, truncated, failed, success]) array.fill(0);
      for (const { present } of ofTransitions) present.fill(0);
      for (const { present, final } of ofStates) final?.set(present);
    },
    step(actions) {
      if (actions.length !== n * rowSize) {
        throw new UsageError(
          `${spec.name}: ${actions.length} action numbers for ${n} environments; expected ${n} x ${rowSize} = ${n * rowSize}.`,
        );
      }
      let i = 0;
      try {
        if (prepares) {
          for (; i < n; i++) {
            readRow(i, actions);
            envs[i].prepare?.(rowAction);
          }
          i = 0;
        }
        for (; i < n; i++) stepRow(i, actions);
      } catch (error) {
        throw explain(error, i);
      }
    },
    saveState: () =>
      packEnvs(
        spec,
        columns,
        envs.map((env) => env.saveState()),
      ),
    restoreState(bytes) {
      for (const [i, state] of unpackEnvs(spec, columns, bytes).entries()) envs[i].restoreState(state);
    },
    dispose() {
      for (const env of envs) env.dispose?.();
    },
  };
}

/** Rows lie side by side in arrays of one width, so environments must be alike; and each of them keeps one row's state. */
function checkAlike(envs: readonly GoalEnv[]): void {
  if (envs.length === 0) throw new UsageError('createVectorEnv needs at least one environment.');
  const { spec } = envs[0];
  const ours = spacesOf(spec);
  for (const [i, env] of envs.entries()) {
    if (envs.indexOf(env) !== i) {
      throw new UsageError(
        `environment ${i} is the same object as environment ${envs.indexOf(env)}; create one for each row.`,
      );
    }
    if (env.spec.name !== spec.name) {
      throw new UsageError(`environment ${i} is ${env.spec.name}, the first is ${spec.name}; all must be alike.`);
    }
    if (env.spec === spec) continue;
    const theirs = spacesOf(env.spec);
    const odd = ours.findIndex(([, text], k) => text !== theirs[k][1]);
    if (odd < 0) continue;
    const short = (text: string) => (text.length > 120 ? `${text.slice(0, 120)}...` : text);
    throw new UsageError(
      `environment ${i} of ${spec.name} differs from the first one in ${ours[odd][0]}: ${short(theirs[odd][1])} instead of ${short(ours[odd][1])}; create all with the same options.`,
    );
  }
}

/** What must be alike, as texts; columns first, for without them the rest cannot be compared. */
function spacesOf(spec: EnvSpec): [what: string, text: string][] {
  const boxes = { observation: spec.observation, ...spec.parts, achieved: spec.achieved, goal: spec.goal };
  const bounds = ({ low, high }: Box) => `[${low}] to [${high}]`;
  const space = (action: Box | Discrete) =>
    action.kind === 'discrete' ? `${action.n} choices` : `${action.size} numbers, ${bounds(action)}`;
  return [
    ['its columns', columnsText(columnsOf(spec))],
    ['its actions', space(spec.action)],
    ...Object.entries(boxes).map(([name, box]): [string, string] => [`the bounds of ${name}`, bounds(box)]),
  ];
}
