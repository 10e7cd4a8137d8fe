// Settings as people write them: files in YAML or JSON, `path=value`, single values.
import { type Document, isScalar, parseAllDocuments, parseDocument, parse as parseYaml, visit } from 'yaml';
import { UsageError } from '../errors.js';
import { trainConfigSchema } from './config.js';
import { type ConfigLayer, isSection, type Section, show } from './merge-config.js';

/**
 * Reads a configuration file: JSON, or YAML with merge keys (`<<: *name`), of which JSON is a part. Names may have dots
 * (`agent.hidden: [16, 16]`), as messages and `--set` write them. `file` names it in errors. Of a run's config.json only
 * the settings count, not the facts recorded beside them, so that a run can be repeated from it.
 */
export function parseConfigFile(text: string, file: string): Section {
  const documents = parseAllDocuments(text, { merge: true, prettyErrors: true });
  const list = 'empty' in documents ? [] : documents;
  const broken = list.flatMap(({ errors }) => errors)[0];
  if (broken !== undefined) throw unreadable(file, broken);
  if (list.length > 1) {
    throw new UsageError(
      `${file} holds ${list.length} documents, parts with "---" between them; a settings file is one. Keep one of them, ` +
        'or put the others into files of their own.',
    );
  }
  let value: unknown = null;
  try {
    value = list[0]?.toJS() ?? null;
  } catch (error) {
    throw unreadable(file, error as Error); // an alias without its anchor
  }
  if (value === null) return {};
  if (!isSection(value)) throw new UsageError(`${file} must hold settings (name: value), not ${show(value)}.`);
  refuseGlued(list[0], file);
  const settings = 'versions' in value ? onlySettings(value) : value;
  // A home for anchors, as elsewhere: `x-small: &small`.
  const own = Object.entries(settings).filter(([name]) => !name.startsWith('x-'));
  return nested(Object.fromEntries(own), file);
}

/** Deeper than any setting: a part that holds itself. */
const DEEPEST = 20;

const unreadable = (file: string, { message }: Error): UsageError =>
  new UsageError(`${file} is neither YAML nor JSON: ${message.split('\n')[0].replace(/[:.]$/, '')}.`);

const onlySettings = (values: Section): Section =>
  Object.fromEntries(Object.entries(values).filter(([name]) => name in trainConfigSchema.shape));

/** The section whose names are a person's own, those of tasks: their dots part nothing. */
const ownNames = 'tasks.weights.';

/** The names, one inside the other, that a name with dots stands for in the section `at`. */
function pathOf(name: string, at: readonly string[] = []): string[] {
  const whole = [...at, name].join('.');
  if (!whole.startsWith(ownNames)) return name.split('.');
  return [...ownNames.split('.').slice(at.length, -1), whole.slice(ownNames.length)];
}

/** Names with dots as sections in sections, at every depth; a setting that is given twice is refused. */
function nested(values: Section, file: string, at: readonly string[] = []): Section {
  if (at.length > DEEPEST) throw new UsageError(`${file} holds sections in sections without end at ${at[0]}.`);
  let result: Section = {};
  for (const [name, value] of Object.entries(values)) {
    const path = pathOf(name, at);
    if (path.includes('')) {
      const whole = [...at, name].join('.');
      throw new UsageError(`"${whole}" in ${file} is no name of a setting: a dot stands between two names.`);
    }
    const inner = isSection(value) ? nested(value, file, [...at, ...path]) : value;
    result = both(result, sectionOf(path, inner), at, file) as Section;
  }
  return result;
}

const sectionOf = (path: readonly string[], value: unknown): Section =>
  path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as Section;

function both(before: unknown, now: unknown, path: readonly string[], file: string): unknown {
  // `agent: td3` beside `agent.hidden: [16]`: the name and an option.
  const named = path.length === 1 && (path[0] === 'env' || path[0] === 'agent');
  const [a, b] = [before, now].map((value) => (named && typeof value === 'string' ? { name: value } : value));
  if (!isSection(a) || !isSection(b)) {
    throw new UsageError(
      `${file} gives ${path.join('.')} twice: ${show(before)} and ${show(now)}. Remove one of them.`,
    );
  }
  const merged = new Map(Object.entries(a));
  for (const [name, value] of Object.entries(b)) {
    merged.set(name, merged.has(name) ? both(merged.get(name), value, [...path, name], file) : value);
  }
  return Object.fromEntries(merged);
}

/** `path=value` as a layer, the value read as YAML: `agent.learningRate=0.001`, `agent.hidden=[64, 64]`. */
export function parseSetting(text: string): ConfigLayer {
  const equals = text.indexOf('=');
  const path = pathOf(text.slice(0, equals).trim());
  if (equals < 0 || path.includes('') || text.slice(equals + 1).trim() === '') {
    throw new UsageError(`--set takes path=value, such as --set agent.learningRate=0.001, not "${text}".`);
  }
  const value = parseValue(text.slice(equals + 1));
  refuseGlued(parseDocument(text.slice(equals + 1)), `--set ${text}`);
  const values = sectionOf(path, value);
  return { source: `--set ${text}`, values };
}

/**
 * `{size:48}` is a name without a value to YAML, which would be told as a setting that is not known. In quotes, or with a
 * value of its own, such a name is meant.
 */
function refuseGlued(document: Document.Parsed, where: string): void {
  if (document.errors.length > 0) return; // it is not read as YAML
  visit(document, {
    Pair(_, { key, value }) {
      const hasValue = value !== null && !(isScalar(value) && value.source === '');
      if (hasValue || !isScalar(key) || key.type !== 'PLAIN') return;
      const [, before, after] = /^([^:\s]+):(\S.*)$/.exec(String(key.value)) ?? [];
      if (before === undefined) return;
      throw new UsageError(
        `${where} names a setting "${key.value}" without a value: YAML wants a space after the colon; write ${before}: ${after}.`,
      );
    },
  });
}

/** A word as YAML reads it: number, true, false, null, list; otherwise the text itself. */
export function parseValue(text: string): unknown {
  try {
    return parseYaml(text.trim());
  } catch {
    return text;
  }
}
