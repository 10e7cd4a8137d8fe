// Columns of data that other programs recorded as the columns of one of our environments, by a declared mapping.
import { type Column, columnsOf, columnsText, type Values } from '../envs/columns.js';
import type { EnvSpec } from '../envs/env.js';
import { nearestName, UsageError } from '../errors.js';
import { mayLack } from '../replay/index.js';
import type { DataSet, EpisodeColumns } from './data-set.js';
import { createColumn, rowsPer } from './stored.js';

/**
 * Our column by where its numbers come from: a column of the data, such as `observation`; some of its numbers,
 * `observation[0:2]`; of a column that has a value per state that before or after each action, `achieved.after`, or the
 * episode's first or last, `achieved.last`.
 */
export type ColumnMapping = Readonly<Record<string, string>>;

const SOURCE = /^(\w+)(?:\[(\d+):(\d+)\])?(?:\.(before|after|first|last))?$/;

interface Source {
  readonly column: Column;
  /** Numbers [from, to) of each value. */
  readonly from: number;
  readonly to: number;
  readonly which?: 'before' | 'after' | 'first' | 'last';
}

/** `achieved=observation[0:2]` as an entry of a mapping. @throws UsageError for what is none */
export function parseMapping(texts: readonly string[], flag = '--map'): ColumnMapping {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, source] = /^(\w+)=(.+)$/.exec(text) ?? [];
      if (name !== undefined && SOURCE.test(source)) return [name, source];
      throw new UsageError(
        `${flag} ${text}: it must be COLUMN=SOURCE, such as achieved=observation[0:2] or goal=achieved.last.`,
      );
    }),
  );
}

/** Numbers of a value of a source such as `observation[0:2]`; 0 where the data have no such column of states. */
export function sourceSize(data: Pick<DataSet, 'spec' | 'columns'>, source: string): number {
  const [, name = '', begin, end] = SOURCE.exec(source) ?? [];
  const column = columnsOf(data.spec).find((one) => one.name === name);
  if (!column || !data.columns.includes(name) || column.per !== 'state' || column.dtype !== 'float32') return 0;
  return begin === undefined ? column.size : Math.max(0, Math.min(Number(end), column.size) - Number(begin));
}

/**
 * The data set with the environment's columns: those of the mapping, the others by their names. Episodes without goals
 * get the place that they ended at, which they did reach.
 * @throws UsageError naming each column that cannot be had
 */
export function mapColumns(data: DataSet, spec: EnvSpec, mapping: ColumnMapping = {}): DataSet {
  const theirs = columnsOf(data.spec).filter(({ name }) => data.columns.includes(name));
  const ours = columnsOf(spec);
  const unknown = Object.keys(mapping).find((name) => !ours.some((column) => column.name === name));
  if (unknown !== undefined) {
    throw new UsageError(
      `the mapping has "${unknown}", but ${spec.name} has no such column; it has ${ours.map(({ name }) => name).join(', ')}.`,
    );
  }
  const sources = new Map<string, Source>();
  const problems: string[] = [];
  for (const column of ours) {
    const found = sourceOf(column, theirs, mapping, spec);
    if (typeof found === 'string') problems.push(found);
    else if (found) sources.set(column.name, found);
  }
  if (data.spec.action.kind !== spec.action.kind) {
    problems.push(`actions are ${data.spec.action.kind} there, ${spec.action.kind} here`);
  }
  const { tasks } = data.spec;
  if (spec.tasks && tasks && spec.tasks.join() !== tasks.join()) {
    problems.push(`tasks are ${tasks.join(', ')} there, ${spec.tasks.join(', ')} here`);
  }
  if (problems.length > 0) {
    throw new UsageError(
      `${data.name} does not fit ${spec.name}: ${problems.join('; ')}. It has ${columnsText(theirs)}. ` +
        'Say where columns come from: --set data.columns.COLUMN=SOURCE with train, --map COLUMN=SOURCE with data convert.',
    );
  }
  const needed = [...sources.values()].map((source) => source.column.name);
  return {
    ...data,
    env: spec.name,
    spec,
    derived: false,
    columns: [...sources.keys()],
    async read(from, to): Promise<EpisodeColumns> {
      const part = await data.read(from, to, needed);
      const columns: Record<string, Values> = {};
      for (const column of ours) {
        const source = sources.get(column.name);
        if (source) columns[column.name] = pick(column, source, part);
      }
      return { ...part, columns };
    },
  };
}

/** Where a column comes from, undefined where it may be lacking, or what is wrong. */
function sourceOf(
  column: Column,
  theirs: readonly Column[],
  mapping: ColumnMapping,
  spec: EnvSpec,
): Source | undefined | string {
  const { name } = column;
  const has = (wanted: string) => theirs.some((one) => one.name === wanted);
  const declared: string | undefined = Object.hasOwn(mapping, name) ? mapping[name] : undefined;
  if (name === 'goal' && declared === undefined && !has('goal') && spec.goal.size === spec.achieved.size) {
    const achieved = sourceOf({ ...column, name: 'achieved', per: 'state' }, theirs, mapping, spec);
    if (typeof achieved === 'object') return { ...achieved, which: 'last' };
  }
  const text = declared ?? name;
  const [, from = '', begin, end, which] = SOURCE.exec(text) ?? [];
  const source = theirs.find((one) => one.name === from);
  if (!source) {
    if (declared === undefined && mayLack(spec, column)) return undefined;
    const near = nearestName(
      from,
      theirs.map((one) => one.name),
    );
    return `${name}: ${declared === undefined ? 'not there' : `there is no "${from}"`}${near && near !== from ? ` (did you mean "${near}"?)` : ''}, ${columnsText([column])} here`;
  }
  const found: Source = {
    column: source,
    from: begin === undefined ? 0 : Number(begin),
    to: end === undefined ? source.size : Number(end),
    which: which as Source['which'],
  };
  const size = found.to - found.from;
  const wrong =
    size !== column.size || found.to > source.size || source.dtype !== column.dtype || !belongs(column, found);
  return wrong ? `${name}: ${columnsText([source])} there, ${columnsText([column])} here` : found;
}

/** Whether the source has one value for each of the column's. */
function belongs({ per }: Column, { column, which }: Source): boolean {
  if (which === undefined) return column.per === per;
  if (column.per !== 'state') return false;
  return which === 'first' || which === 'last' ? per === 'episode' : per === 'transition';
}

function pick(column: Column, { column: source, from, to, which }: Source, part: EpisodeColumns): Values {
  const values = part.columns[source.name];
  if (which === undefined && to - from === source.size) return values;
  const out = createColumn(column, part.steps);
  let [row, at] = [0, 0];
  for (const steps of part.steps) {
    const skip = which === 'after' ? 1 : which === 'last' ? steps : 0;
    const count = rowsPer(column.per, steps);
    for (let t = 0; t < count; t++) {
      const begin = (row + skip + t) * source.size;
      for (let j = from; j < to; j++) out[at++] = values[begin + j];
    }
    row += rowsPer(source.per, steps);
  }
  return out;
}
