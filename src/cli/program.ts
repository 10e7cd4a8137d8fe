// The command line: finds the command, runs it, and turns errors into one clear message and an exit code.
import { inspect } from 'node:util';
import { ModuleSyntaxError } from '../envs/module.js';
import { nearestName, RunError, UsageError } from '../errors.js';
import { VERSION } from '../runs/version.js';
import { type Arguments, columns, commandHelp, parseArguments } from './args.js';
import type { Command } from './command.js';
import { actor } from './commands/actor.js';
import { actors } from './commands/actors.js';
import { agents } from './commands/agents.js';
import { browserFiles } from './commands/browser-files.js';
import { check } from './commands/check.js';
import { dataConvert } from './commands/data-convert.js';
import { dataInspect } from './commands/data-inspect.js';
import { dataRecord } from './commands/data-record.js';
import { envs } from './commands/envs.js';
import { evaluate } from './commands/eval.js';
import { exportCommand } from './commands/export.js';
import { lab } from './commands/lab.js';
import { modelDiagnose } from './commands/model-diagnose.js';
import { pictures } from './commands/pictures.js';
import { serve } from './commands/serve.js';
import { start } from './commands/start.js';
import { studio } from './commands/studio.js';
import { tasks } from './commands/tasks.js';
import { tasksDiagnose } from './commands/tasks-diagnose.js';
import { textMap } from './commands/text-map.js';
import { textTable } from './commands/text-table.js';
import { train } from './commands/train.js';
import { end, Interrupted, onBrokenOutput } from './interrupt.js';
import { syntaxErrorPlace } from './module-syntax.js';
import { createTerminal } from './terminal.js';

const COMMANDS: readonly Command[] = [
  start,
  train,
  studio,
  evaluate,
  exportCommand,
  envs,
  tasks,
  agents,
  check,
  dataRecord,
  dataInspect,
  dataConvert,
  tasksDiagnose,
  modelDiagnose,
  pictures,
  serve,
  actor,
  actors,
  textMap,
  textTable,
  lab,
  browserFiles,
];

/** How people call us: through npm inside the repository, by name where installed. */
const program = process.env.npm_package_name === 'anygoal' ? 'npm run -s anygoal --' : 'anygoal';

/** Columns of the terminal; what goes elsewhere is not wrapped. */
const width = (): number => process.stdout.columns || Number.POSITIVE_INFINITY;

function overview(): string {
  return [
    'anygoal trains policies that reach any goal.',
    '',
    `Usage: ${program} COMMAND [options]`,
    '',
    ...columns(
      COMMANDS.map(({ spec }) => [spec.name, spec.summary]),
      '  ',
      width(),
    ),
    '',
    `${program} COMMAND --help tells more about a command; --version prints ${VERSION}.`,
  ].join('\n');
}

/** `anygoal data --help`: what there is of the commands that begin with this word; undefined where it is no such word. */
function groupHelp([first, second]: readonly string[]): string | undefined {
  const within = COMMANDS.filter(({ spec }) => spec.name.startsWith(`${first} `));
  if (within.length === 0 || COMMANDS.some(({ spec }) => spec.name === first)) return undefined;
  if (second !== '--help' && second !== '-h') return undefined;
  return [
    `Usage: ${program} COMMAND [options]`,
    '',
    ...columns(
      within.map(({ spec }) => [spec.name, spec.summary]),
      '  ',
      width(),
    ),
    '',
    `${program} COMMAND --help tells more about a command.`,
  ].join('\n');
}

/** Commands of two words, such as `data record`, as one. */
function joinWords(words: readonly string[]): string[] {
  const [first, second, ...rest] = words;
  const groups = COMMANDS.flatMap(({ spec: { name } }) => (name.includes(' ') ? [name.split(' ')[0]] : []));
  if (!groups.includes(first)) return [...words];
  const joined = `${first} ${second}`;
  // Some are commands by themselves too: their first argument is the second word, unless that is one of the others.
  if (COMMANDS.some(({ spec }) => spec.name === first) && !COMMANDS.some(({ spec }) => spec.name === joined))
    return [...words];
  if (second !== undefined && !second.startsWith('-')) return [joined, ...rest];
  const names = COMMANDS.filter(({ spec }) => spec.name.startsWith(`${first} `)).map(({ spec }) => spec.name);
  throw new UsageError(`${first} needs to know what to do: ${names.join(', ')}.`);
}

function findCommand(name: string): Command {
  const found = COMMANDS.find(({ spec }) => spec.name === name);
  if (found) return found;
  const names = COMMANDS.map(({ spec }) => spec.name);
  const near = nearestName(name, names);
  const hint = near === undefined ? '.' : `; did you mean "${near}"?`;
  throw new UsageError(`unknown command "${name}"${hint} Commands: ${names.join(', ')}.`);
}

async function main(argv: readonly string[]): Promise<number> {
  const group = groupHelp(argv[0] === 'help' && argv.length === 2 ? [argv[1], '--help'] : argv);
  if (group !== undefined) {
    process.stdout.write(`${group}\n`);
    return 0;
  }
  const [name, ...rest] = argv[0] === 'help' ? ['help', ...joinWords(argv.slice(1))] : joinWords(argv);
  const { stdout, stderr } = process;
  if (name === undefined || name === '--help' || name === '-h' || (name === 'help' && rest.length === 0)) {
    stdout.write(`${overview()}\n`);
    return 0;
  }
  const command = findCommand(name === 'help' ? rest[0] : name);
  const args: Arguments = parseArguments(command.spec, name === 'help' ? ['--help'] : rest);
  if (args.has('help')) {
    stdout.write(`${commandHelp(command.spec, program, width())}\n`);
    return 0;
  }
  const terminal = createTerminal({
    stdout,
    stderr,
    json: args.has('json'),
    quiet: args.has('quiet'),
    env: process.env,
  });
  return command.run(args, terminal, program);
}

function explain(error: unknown): number {
  const { stderr, env } = process;
  if (error instanceof Interrupted) {
    stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
  const expected = error instanceof UsageError || error instanceof RunError;
  const label = stderr.isTTY && !env.NO_COLOR ? '\u001b[31merror:\u001b[0m' : 'error:';
  const said = error instanceof Error ? error.message : String(error);
  const place = error instanceof ModuleSyntaxError ? syntaxErrorPlace(error.url) : undefined;
  const text = place === undefined ? said : `${said} (${place})`;
  stderr.write(`${label} ${text}\n`);
  const verbose = Boolean(env.DEBUG) || process.argv.includes('--verbose');
  if (verbose && error instanceof Error)
    stderr.write(`${inspect(error)}\n`); // with what caused it
  else if (!expected) stderr.write('This was not expected; --verbose shows where it comes from.\n');
  return error instanceof UsageError ? 2 : 1;
}

/** Does what the words ask for, to the end of the process. */
export async function runProgram(words: readonly string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', onBrokenOutput);
  process.on('uncaughtException', (error) => process.exit(explain(error)));
  const exitCode = await main(words).catch(explain);
  // Output to a pipe may still be on its way.
  process.stdout.write('', () => process.stderr.write('', () => end(exitCode)));
}
