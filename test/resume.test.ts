// A run killed at random moments and resumed ends with the same bytes as one that was never interrupted.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../src/random.js';

const main = new URL('../dist/cli/main.js', import.meta.url).pathname;
const root = mkdtempSync(join(tmpdir(), 'anygoal-resume-'));
const recorded = join(root, 'random.safetensors');
beforeAll(async () => {
  await anygoal(['data', 'record', 'point/reach', '--policy', 'random', '--out', recorded, '--quiet']);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Runs the command line, ended with SIGKILL once `isTime` says so; true when it ended by itself. */
function anygoal(args: string[], isTime?: () => boolean): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    const watch = isTime && setInterval(() => isTime() && child.kill('SIGKILL'), 2);
    child.on('exit', (code, signal) => {
      clearInterval(watch);
      if (signal === 'SIGKILL') resolve(false);
      else if (code === 0) resolve(true);
      else reject(new Error(`exit code ${code}: ${stderr}`));
    });
  });
}

const onlyRun = (out: string) => {
  const [run] = existsSync(out) ? readdirSync(out).filter((name) => !name.startsWith('.')) : [];
  return run === undefined ? undefined : join(out, run);
};

/** The step of the newest checkpoint of the only run there; 0 without one. */
function lastStep(out: string): number {
  const run = onlyRun(out);
  const link = run && join(run, 'checkpoints', 'last');
  return link && existsSync(link) ? Number(/\d+/.exec(readlinkSync(link))?.[0]) : 0;
}

/** The metrics without the fields that tell the time. */
const metricsOf = (run: string) =>
  readFileSync(join(run, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) =>
      Object.fromEntries(
        Object.entries(JSON.parse(line)).filter(([name]) => name !== 'wall' && !name.startsWith('time/')),
      ),
    );

const rewardsOf = (run: string) =>
  readFileSync(join(run, 'monitor.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(2)
    .map((line) => line.split(',').slice(0, 2));

const example = (name: string) => new URL(`../examples/${name}.js`, import.meta.url).pathname;

const settings = (env: string, steps: number, more: readonly string[]) => [
  'train',
  env,
  '--steps',
  String(steps),
  '--seed',
  '3',
  '--quiet',
  '--set',
  'agent.hidden=[16,16]',
  '--set',
  'training.batchSize=32',
  '--set',
  'checkpoint.every=130',
  '--set',
  'evaluation.every=700',
  '--set',
  'evaluation.episodes=5',
  ...more,
];

const model = ['ensemble', '[16]', 2, 200, 300].flatMap((value, i) => [
  '--set',
  `model.${['kind', 'hidden', 'epochs', 'every', 'rollouts'][i]}=${value}`,
]);

describe('resume', () => {
  it.each([
    ['overlapped, in a thread', 'point/reach', 1600, []],
    [
      'serial, two environments',
      'point/reach',
      1600,
      ['--set', 'runtime.overlap=false', '--envs', '2', '--agent', 'td3'],
    ],
    ['a plain task', example('pendulum'), 1400, ['--set', 'training.updatesPerStep=0.5']],
    ['two tasks', example('two-tasks'), 1600, []],
    [
      'tasks in sequence, with rehearsal',
      'point/navigate',
      1500,
      [
        ...['--agent', 'mtsac', '--relabel', 'none', '--set', 'env.places=3'],
        ...['--set', 'tasks.sequence=["place-2","place-0","place-1"]', '--set', 'tasks.rehearsal=0.3'],
      ],
    ],
    ['pictures', example('camera'), 900, ['--set', 'training.updatesPerStep=0.3']],
    ['a learned model', example('pendulum'), 1200, [...model, '--set', 'training.updatesPerStep=0.5']],
    ['a learned model, with goals', 'point/reach', 1500, [...model, '--set', 'training.updatesPerStep=0.5']],
    ['recorded episodes', 'point/reach', 1400, ['--data', recorded]],
    ['recorded episodes beside its own', 'point/reach', 1400, ['--data', recorded, '--set', 'data.share=0.5']],
  ] as const)(
    'continues bit for bit after SIGKILL: %s',
    async (name, env, steps, more) => {
      const whole = join(root, name, 'whole');
      const broken = join(root, name, 'broken');
      await anygoal([...settings(env, steps, more), '--out', whole]);

      // Twice, at a random moment some while after a checkpoint of a random step: by progress, whatever the machine is busy with.
      const random = createRandom(Date.now());
      const killAt = (share: number) => {
        const step = steps * share;
        const wait = 120 * random.uniform();
        let since: number | undefined;
        return () => {
          if (since === undefined && lastStep(broken) >= step) since = performance.now();
          return since !== undefined && performance.now() - since >= wait;
        };
      };
      const begun = await anygoal(
        [...settings(env, steps, more), '--out', broken],
        killAt(0.1 + 0.3 * random.uniform()),
      );
      expect(begun, 'killed').toBe(false);
      const goOn = ['train', '--resume', onlyRun(broken) as string, '--quiet'];
      const done = await anygoal(goOn, killAt(0.5 + 0.3 * random.uniform()));
      if (!done) expect(await anygoal(goOn)).toBe(true);

      const a = onlyRun(whole) as string;
      const b = onlyRun(broken) as string;
      for (const link of ['last', 'best']) {
        const file = join('checkpoints', link, 'policy.safetensors');
        expect(readFileSync(join(b, file)).equals(readFileSync(join(a, file))), link).toBe(true);
      }
      const state = join('checkpoints', 'last', 'state');
      expect(readdirSync(join(b, state)).sort()).toEqual(readdirSync(join(a, state)).sort());
      for (const part of readdirSync(join(a, state))) {
        if (part.startsWith('loop')) continue; // holds the seconds spent
        expect(readFileSync(join(b, state, part)).equals(readFileSync(join(a, state, part))), part).toBe(true);
      }
      expect(metricsOf(b)).toEqual(metricsOf(a));
      expect(rewardsOf(b)).toEqual(rewardsOf(a));
    },
    120_000,
  );
});
