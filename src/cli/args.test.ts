// Arguments: values, switches, repeats, and messages for what does not fit.

import { describe, expect, test } from 'vitest';
import { UsageError } from '../errors.js';
import { type CommandSpec, columns, commandHelp, parseArguments } from './args.js';
import { wholeNumber } from './numbers.js';

const spec: CommandSpec = {
  name: 'train',
  summary: 'Train a policy',
  positional: { name: 'ENV', required: true, help: 'an environment' },
  flags: {
    seed: { value: 'S', help: 'the seed' },
    set: { value: 'path=value', repeat: true, help: 'a setting' },
    json: { help: 'print JSON' },
    goal: { value: 'x,y', help: 'a goal' },
  },
  examples: [['arm/reach', 'an example']],
};
const parse = (line: string) => parseArguments(spec, line.split(' ').filter(Boolean));

test('values, switches and repeats are found in any order', () => {
  const args = parse('--seed 3 --set a=1 arm/reach --json --set=b=2 --goal -0.1,2');
  expect(args.positional).toBe('arm/reach');
  expect([args.value('seed'), args.value('goal'), args.value('absent')]).toEqual(['3', '-0.1,2', undefined]);
  expect(args.values('set')).toEqual(['a=1', 'b=2']);
  expect([args.has('json'), args.has('verbose')]).toEqual([true, false]);
  expect(parse('--json -- --odd-name').positional).toBe('--odd-name');
  expect(parse('-h').has('help')).toBe(true);
});

describe('what does not fit is explained', () => {
  test.each([
    ['x --sed 3', 'unknown option "--sed" of train; did you mean "--seed"? See anygoal train --help.'],
    ['x --zzzzzzzz', 'unknown option "--zzzzzzzz" of train. See anygoal train --help.'],
    ['x -q', 'unknown option "-q" of train.'],
    ['x --constructor', 'unknown option "--constructor" of train.'],
    ['x --seed', '--seed needs a value: --seed S (the seed).'],
    ['x --seed --json', '--seed needs a value: --seed S (the seed).'],
    ['x --json=yes', '--json takes no value.'],
    ['x --seed 1 --seed 2', '--seed is given more than once.'],
    ['x y', 'train takes one argument (ENV); "y" is too much.'],
    ['--json', 'train needs ENV: an environment.'],
  ])('%s', (line, message) => {
    expect(() => parse(line)).toThrow(UsageError);
    expect(() => parse(line)).toThrow(message);
  });
});

test('help is aligned', () => {
  expect(commandHelp(spec, 'anygoal')).toBe(
    [
      'Train a policy.',
      '',
      'Usage: anygoal train ENV [options]',
      '',
      '  ENV               an environment',
      '  --seed S          the seed',
      '  --set path=value  a setting',
      '  --json            print JSON',
      '  --goal x,y        a goal',
      '  --help            show this help',
      '  --verbose         show where unexpected errors come from',
      '',
      'Examples:',
      '  # an example',
      '  anygoal train arm/reach',
    ].join('\n'),
  );
  expect(columns([['a', 'b'], ['long'], ['', 'x']])).toEqual(['a     b', 'long', '      x']);
});

test.each([80, 50, 30])('help fits into %i columns, and says the same', (width) => {
  const long = {
    ...spec,
    flags: { ...spec.flags, data: { value: 'FILE', help: 'learn from recorded episodes '.repeat(6) } },
  };
  const words = (text: string) => text.split(/\s+/);
  const help = commandHelp(long, 'anygoal', width);
  // What is copied stays whole.
  const lines = help.split('\n').filter((line) => !/^Usage|^ {2}anygoal/.test(line));
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
  expect(words(help)).toEqual(words(commandHelp(long, 'anygoal')));
});

test.each([100, 60, 40, 20])('columns fit into %i, beside or below, and say the same', (width) => {
  const rows = [
    ['agent.hidden', '[256,256]', 'a list', 'widths of the hidden layers of actor and critics'],
    ['agent.tau', '', 'a number', 'share of the online critics in each target update'],
  ];
  const lines = columns(rows, '  ', width);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
  const words = (text: string) => text.split(/[\s;]+/);
  expect(words(lines.join(' '))).toEqual(words(columns(rows, '  ').join(' ')));
});

test('numbers name the bound that is broken', () => {
  expect(() => wholeNumber('--seed', '-1', 0)).toThrow('--seed must be a whole number, at least 0, not "-1".');
  expect(() => wholeNumber('--seed', '9007199254740993', 0)).toThrow('at least 0 and at most 9007199254740991, not');
});
