// What a command of the program is.
import type { Arguments, CommandSpec } from './args.js';
import type { Terminal } from './terminal.js';

export interface Command {
  readonly spec: CommandSpec;
  /** Returns the exit code. Heavy modules are imported inside, so that help is quick. */
  run(args: Arguments, terminal: Terminal, program: string): Promise<number>;
}
