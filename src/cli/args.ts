// Command-line arguments: what a command takes, parsing with messages that name the fix, and its help text.
import { nearestName, UsageError } from '../errors.js';

export interface Flag {
  /** What stands for the value in help, such as `N`; absent: a switch. */
  readonly value?: string;
  /** May be given several times. */
  readonly repeat?: boolean;
  readonly help: string;
}

export interface Positional {
  readonly name: string;
  readonly required: boolean;
  readonly help: string;
}

export interface CommandSpec {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  readonly positional?: Positional;
  readonly flags: Readonly<Record<string, Flag>>;
  /** Arguments behind the program's name, and what they do. */
  readonly examples: readonly (readonly [string, string])[];
}

export interface Arguments {
  readonly positional: string | undefined;
  /** The value of a flag. */
  value(flag: string): string | undefined;
  /** All values of a flag that may be given several times. */
  values(flag: string): readonly string[];
  /** Whether a flag is there. */
  has(flag: string): boolean;
}

const COMMON_FLAGS: Readonly<Record<string, Flag>> = {
  help: { help: 'show this help' },
  verbose: { help: 'show where unexpected errors come from' },
};

/** Parses what comes behind the command's name: `--flag value`, `--flag=value`, switches, one positional. */
export function parseArguments(spec: CommandSpec, argv: readonly string[]): Arguments {
  const flags = { ...spec.flags, ...COMMON_FLAGS };
  const given = new Map<string, string[]>();
  const positionals: string[] = [];
  const help = `See anygoal ${spec.name} --help.`;
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] === '-h' ? '--help' : argv[i];
    if (word === '--') {
      positionals.push(...argv.slice(i + 1));
      break;
    }
    // A single dash begins a negative number, never a flag of ours.
    if (!word.startsWith('--')) {
      if (/^-[a-zA-Z]/.test(word)) throw new UsageError(`unknown option "${word}" of ${spec.name}. ${help}`);
      positionals.push(word);
      continue;
    }
    const equals = word.indexOf('=');
    const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
    if (!Object.hasOwn(flags, name)) throw unknownFlag(spec, name, Object.keys(flags), help);
    const flag: Flag = flags[name];
    if (flag.value === undefined && equals >= 0) throw new UsageError(`--${name} takes no value. ${help}`);
    if (given.has(name) && !flag.repeat && flag.value !== undefined) {
      throw new UsageError(`--${name} is given more than once. ${help}`);
    }
    let value = equals < 0 ? '' : word.slice(equals + 1);
    if (flag.value !== undefined && equals < 0) {
      const next = argv[i + 1];
      if (next === undefined || next.startsWith('--')) {
        throw new UsageError(`--${name} needs a value: --${name} ${flag.value} (${flag.help}).`);
      }
      value = next;
      i++;
    }
    given.set(name, [...(given.get(name) ?? []), value]);
  }

  if (!given.has('help')) checkPositionals(spec, positionals, help);
  return {
    positional: positionals[0],
    value: (flag) => given.get(flag)?.[0],
    values: (flag) => given.get(flag) ?? [],
    has: (flag) => given.has(flag),
  };
}

function checkPositionals({ name, positional }: CommandSpec, given: readonly string[], help: string): void {
  const most = positional === undefined ? 0 : 1;
  if (given.length > most) {
    const takes = positional === undefined ? 'no argument' : `one argument (${positional.name})`;
    throw new UsageError(`${name} takes ${takes}; "${given[most]}" is too much. ${help}`);
  }
  if (positional?.required && given.length === 0) {
    throw new UsageError(`${name} needs ${positional.name}: ${positional.help}. ${help}`);
  }
}

function unknownFlag(spec: CommandSpec, name: string, known: readonly string[], help: string): UsageError {
  const near = nearestName(name, known);
  const hint = near === undefined ? '' : `; did you mean "--${near}"?`;
  return new UsageError(`unknown option "--${name}" of ${spec.name}${hint || '.'} ${help}`);
}

/** The text of `anygoal COMMAND --help`; `program` is how it was called, `width` the columns that there are. */
export function commandHelp(spec: CommandSpec, program: string, width = Number.POSITIVE_INFINITY): string {
  const { positional, flags, examples } = spec;
  const argument =
    positional === undefined ? '' : positional.required ? ` ${positional.name}` : ` [${positional.name}]`;
  const rows: [string, string][] = [];
  if (positional) rows.push([positional.name, positional.help]);
  for (const [name, flag] of Object.entries({ ...flags, ...COMMON_FLAGS })) {
    rows.push([`--${name}${flag.value === undefined ? '' : ` ${flag.value}`}`, flag.help]);
  }
  const lines = [
    ...wrapped(`${spec.summary}.`, width),
    '',
    `Usage: ${program} ${spec.name}${argument} [options]`,
    '',
    ...columns(rows, '  ', width),
  ];
  if (examples.length > 0) {
    lines.push('', 'Examples:');
    for (const [words, meaning] of examples)
      lines.push(...wrapped(meaning, width, '  # '), `  ${program} ${spec.name} ${words}`.trimEnd());
  }
  return lines.join('\n');
}

/** Words in lines of so many columns, all with the same beginning; a word that is longer has a line of its own. */
export function wrapped(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(indent + word);
  }
  return lines;
}

/** Columns that an explanation needs beside what it explains; where there are fewer it stands below. */
const LEAST = 24;

/**
 * Rows as aligned columns, two spaces between them. Lines beyond `width` have their last cell in several lines, beside the
 * others or, where there is no room, below as many of them as there is room for.
 */
export function columns(rows: readonly (readonly string[])[], indent = '', width = Number.POSITIVE_INFINITY): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  const aligned = (cells: readonly string[]) =>
    `${indent}${cells.map((cell, i) => cell.padEnd(widths[i])).join('  ')}`.trimEnd();
  const ends = widths.map((_, i) => widths.slice(0, i + 1).reduce((sum, cell) => sum + cell + 2, indent.length));
  const last = widths.length - 1;
  const left = ends[last - 1] ?? indent.length;
  if (rows.every((row) => aligned(row).length <= width)) return rows.map(aligned);
  if (width - left >= LEAST) {
    return rows.flatMap((row) => {
      const [first = '', ...rest] = wrapped(row[last] ?? '', width - left);
      return [aligned([...row.slice(0, last), first]), ...rest.map((line) => ' '.repeat(left) + line)];
    });
  }
  const beside = Math.max(1, ends.slice(0, last).filter((end) => end - 2 <= width).length);
  return rows.flatMap((row) => {
    const below = row.slice(beside).filter((cell) => cell !== '');
    return [
      aligned(row.slice(0, beside)),
      ...(below.length > 0 ? wrapped(below.join('; '), width, `${indent}    `) : []),
    ];
  });
}
