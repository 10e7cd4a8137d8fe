// A trained policy of pictures and words in Node and in pages of the installed browsers, told by sentences: successes of the
// same episodes, decisions a second. Run: npm run build && npx tsx bench/vla-page.ts RUN [--episodes 30]
import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openStore } from '../src/platform/node.js';
import { openRun } from '../src/runs/run-reader.js';
import { inBrowsers } from './in-browsers.js';
import { record, table } from './record.js';
import { type Played, type PlayedEnv, playEpisodes } from './vla-episodes.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { episodes: { type: 'string', default: '30' } },
});
const [run] = positionals;
const episodes = Number(values.episodes);
const { config, steps: updates } = await openRun(openStore(run), '');
const env: PlayedEnv = config.env;

/** As a page without a bundler has it: the built library beside it, and the run's folder. */
function prepare(folder: string): void {
  execFileSync('node', ['dist/cli/main.js', 'browser-files', join(folder, 'anygoal')], { stdio: 'ignore' });
  cpSync(run, join(folder, 'run'), { recursive: true, dereference: true });
}
const library = "await import(new URL('./anygoal/anygoal.js', location.href).href)";
const call = `playEpisodes(${library}, './run', ${JSON.stringify(env)}, ${episodes})`;
const built = await import(new URL('../dist/index.js', import.meta.url).href);
const all: (readonly [where: string, played: Played])[] = [
  ['Node', await playEpisodes(built, run, env, episodes)],
  ...(await inBrowsers<Played>('vla-episodes.ts', ['playEpisodes'], call, prepare)),
];
const [, here] = all[0];
const rows = all.map(([where, { successes, steps, deciding, stepping, firstActions }]) => ({
  where,
  success: successes / episodes,
  decisionsPerSecond: Math.round((1000 * steps) / deciding),
  /** With the simulation and its pictures. */
  stepsPerSecond: Math.round((1000 * steps) / (deciding + stepping)),
  /** Of an episode's first action, from Node's, at most. */
  apart: Math.max(
    ...firstActions.flatMap((one, i) => one.map((value, j) => Math.abs(value - here.firstActions[i][j]))),
  ),
}));
console.log(table([['where', ...Object.keys(rows[0]).slice(1)], ...rows.map((row) => Object.values(row))]));
record('vla-page', { env: env.name, updates, episodes, rows });
