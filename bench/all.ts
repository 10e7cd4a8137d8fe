// Every benchmark that takes minutes, one after the other, with the Python side where bench/peers is set up: npm run bench
// npm run bench -- [--only update,env-speed]
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({ options: { only: { type: 'string' } } });
const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const python = path('peers/.venv/bin/python');
const peers = existsSync(python);

interface Benchmark {
  readonly name: string;
  /** Runs of the script with these arguments. */
  readonly runs: readonly (readonly string[])[];
  /** Starts threads, which load compiled files; everything else comes from them too. */
  readonly built?: boolean;
}

const benchmarks: readonly Benchmark[] = [
  { name: 'update', runs: [[]], built: true },
  { name: 'update-peers', runs: peers ? [['--python', python]] : [], built: true },
  { name: 'decision', runs: [[]] },
  { name: 'env-speed', runs: peers ? [[], ['--python', python]] : [[]] },
  { name: 'maze-speed', runs: [[]] },
  { name: 'replay-speed', runs: [[]] },
  { name: 'overlap', runs: [[]], built: true },
  { name: 'workers', runs: [[]], built: true },
];

const names = options.only?.split(',') ?? benchmarks.map(({ name }) => name);
const unknown = names.find((name) => !benchmarks.some((one) => one.name === name));
if (unknown) throw new Error(`--only ${unknown}: one of ${benchmarks.map(({ name }) => name).join(', ')}`);
if (!peers) console.log('without the Python side; npm run bench:peers sets it up');
const failed: string[] = [];
for (const { name, runs, built } of benchmarks.filter((one) => names.includes(one.name))) {
  for (const run of runs) {
    console.log(`\n# ${name}${run.length > 0 ? ' beside Python' : ''}`);
    const env = {
      ...(peers && { VIRTUAL_ENV: path('peers/.venv') }), // where the Fetch tasks' models are found
      ...process.env,
      ...(built && { TSX_TSCONFIG_PATH: path('tsconfig.built.json') }),
    };
    const { status } = spawnSync(process.execPath, ['--import', 'tsx', path(`${name}.ts`), ...run], {
      stdio: 'inherit',
      env,
    });
    if (status !== 0) failed.push(name);
  }
}
console.log(
  failed.length === 0 ? '\nevery bar is met' : `\nmissed a bar or failed: ${[...new Set(failed)].join(', ')}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
