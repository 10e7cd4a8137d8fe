// Where the program's words go: results, notes and a live line, on a terminal, in a pipe, or beside JSON.

/** The part of a Node output stream that we use. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface TerminalOptions {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Standard output carries one JSON object; everything for people goes to standard error. */
  readonly json?: boolean;
  /** Only results. */
  readonly quiet?: boolean;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export type Tone = 'good' | 'bad' | 'faint';

export interface Terminal {
  readonly quiet: boolean;
  /** A live line can be drawn (and is not silenced). */
  readonly live: boolean;
  readonly width: number;
  /** The same for what is read there; without end where it goes elsewhere, and is not wrapped. */
  readonly lineWidth: number;
  /** A line for people that --quiet silences. */
  note(text: string): void;
  /** A line of the result for people. */
  print(text: string): void;
  /** The same where standard output carries a file: on standard error. */
  printAside(text: string): void;
  /** Replaces the live line; empty removes it. Nothing where `live` is false. */
  status(line: string): void;
  /** The one JSON object of --json. */
  json(value: unknown): void;
  tone(text: string, tone: Tone): string;
}

const CODES: Record<Tone, number> = { good: 32, bad: 31, faint: 2 };
const ERASE = '\r\u001b[2K';

/** NO_COLOR, TERM=dumb and outputs that are no terminals get plain text. */
export function createTerminal({ stdout, stderr, json = false, quiet = false, env = {} }: TerminalOptions): Terminal {
  const people = json ? stderr : stdout;
  const tty = people.isTTY === true && env.TERM !== 'dumb';
  const colour = tty && !env.NO_COLOR;
  let shown = '';
  const line = (text: string) => {
    people.write(`${shown && ERASE}${text}\n${shown}`);
  };
  return {
    quiet,
    live: tty && !quiet,
    get width() {
      return people.columns || 80;
    },
    get lineWidth() {
      return people.columns || Number.POSITIVE_INFINITY;
    },
    note: (text) => {
      if (!quiet) line(text);
    },
    print: line,
    printAside: (text) => {
      stderr.write(`${text}\n`);
    },
    status(text) {
      if (!tty || quiet || text === shown) return;
      people.write(ERASE + text);
      shown = text;
    },
    json: (value) => {
      if (json) stdout.write(`${JSON.stringify(value)}\n`);
    },
    tone: (text, tone) => (colour ? `\u001b[${CODES[tone]}m${text}\u001b[0m` : text),
  };
}
