#!/usr/bin/env node
// Where the command line begins: the version is known without loading anything else.
import { VERSION } from '../runs/version.js';

const words = process.argv.slice(2);
if (words[0] === '--version' || words[0] === '-v') {
  process.stdout.write(`${VERSION}\n`);
} else {
  const { runProgram } = await import('./program.js');
  await runProgram(words);
}
