// Environments in threads of their own: the same numbers for any number of threads, errors with names, none left behind.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createRandom } from '../src/random.js';

const built = (path: string) => new URL(`../dist/${path}`, import.meta.url).href;
// Threads need compiled files, so everything comes from the build.
const { startEnvThreads }: typeof import('../src/threads/env-threads-node.js') = await import(
  built('threads/env-threads-node.js')
);
const { createVectorEnv, makeEnv }: typeof import('../src/envs/index.js') = await import(built('envs/index.js'));
type EnvGroup = import('../src/envs/index.js').EnvGroup;
const folder = mkdtempSync(join(tmpdir(), 'anygoal-workers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A walk on a line as a module of somebody's own, which does `trouble` in its 60th step when it lives in a thread. */
function moduleOf(name: string, trouble = ''): string {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(
    path,
    `import { isMainThread } from 'node:worker_threads';
    import { arrayState, box, defineEnv } from '${built('envs/index.js')}';
    export const env = defineEnv({ name: 'me/${name}', create: () => {
      const state = new Float64Array(1);
      let steps = 0;
      const show = (now) => { now.observation[0] = now.achieved[0] = state[0]; };
      const near = (a, d, i) => Math.abs(a[i] - d[i]) < 0.1;
      return {
        spec: { name: 'me/${name}', observation: box(1), achieved: box(1), goal: box(1, -1, 1), action: box(1, -1, 1),
          maxEpisodeSteps: 50, rewardRange: [-1, 0], successEndsEpisode: false, info: [] },
        ...arrayState(state),
        reset(random, now) { state[0] = 0; now.goal[0] = 2 * random.uniform() - 1; show(now); },
        step(action, now) {
          if (++steps === 60 && !isMainThread) { ${trouble} }
          state[0] += 0.1 * action[0];
          show(now);
        },
        computeReward(a, d, _, out) { for (let i = 0; i < out.length; i++) out[i] = near(a, d, i) ? 0 : -1; },
        computeSuccess(a, d, _, out) { for (let i = 0; i < out.length; i++) out[i] = near(a, d, i) ? 1 : 0; },
        goalFrom: (a, out) => out.set(a),
      };
    } });`,
  );
  return path;
}

/** The environments in `workers` threads; 0: in this one. */
async function group(name: string, envs: number, workers: number): Promise<EnvGroup> {
  const all = await Promise.all(Array.from({ length: envs }, () => makeEnv(name)));
  if (workers === 0) return createVectorEnv(all);
  return startEnvThreads({ env: { name, options: {} }, goals: {}, spec: all[0].spec, envs, workers });
}

const shown = ({ columns, final, ...flags }: EnvGroup) =>
  [columns, final, flags].map((arrays: object) =>
    Object.entries(arrays).flatMap(([name, value]) =>
      ArrayBuffer.isView(value) ? [[name, (value as Float32Array).slice()]] : [],
    ),
  );

/** What is seen of the environments over some steps of random actions. */
async function watch(env: EnvGroup, steps: number, seed: number) {
  const random = createRandom(seed);
  const size = env.spec.action.kind === 'box' ? env.spec.action.size : 1;
  const actions = new Float32Array(env.count * size);
  const seen = [shown(env)];
  for (let t = 0; t < steps; t++) {
    random.fillUniform(actions, -1, 1);
    await env.step(actions);
    seen.push(shown(env));
  }
  return seen;
}

describe('environments in threads', () => {
  it.each([
    ['point/maze-umaze', 5, [1, 2, 3]],
    ['arm/push', 2, [2]],
  ])(
    '%s: the same transitions and saved states for any number of threads, also when the number changes',
    async (name, envs, threads) => {
      const reference = await group(name, envs, 0);
      await reference.reset(7);
      const first = await watch(reference, 70, 1);
      const saved = await reference.saveState();
      const second = await watch(reference, 70, 2);
      for (const workers of threads) {
        const env = await group(name, envs, workers);
        await env.reset(7);
        expect(await watch(env, 70, 1)).toEqual(first);
        expect(await env.saveState()).toEqual(saved);
        const other = await group(name, envs, workers === 1 ? 2 : 1);
        await other.restoreState(await env.saveState());
        expect(await watch(other, 70, 2)).toEqual(second);
        await Promise.all([env.dispose(), other.dispose()]);
      }
      await reference.dispose();
    },
  );

  it.each([
    [
      'throws',
      'throw new TypeError("the robot fell over")',
      /^me\/throws: its step\(\) threw in step 10 .*robot fell over/,
    ],
    ['exits', 'process.exit(7)', /^the thread of environments [02] to [13] of me\/exits ended with code 7/],
  ])('one that %s is told by name; what comes after is refused with the same error', async (name, trouble, message) => {
    const env = await group(moduleOf(name, trouble), 4, 2);
    await env.reset(1);
    const error = await watch(env, 100, 1).catch((failure: Error) => failure);
    expect((error as Error).message).toMatch(message);
    if (name === 'throws') expect(((error as Error).cause as Error).stack).toMatch(/throws\.mjs:\d+/);
    await expect(env.step(new Float32Array(4))).rejects.toThrow(message);
    await env.dispose();
  });

  it('what cannot be created says why', async () => {
    const setup = { goals: {}, spec: (await makeEnv('point/reach')).spec, envs: 2, workers: 2 };
    await expect(startEnvThreads({ ...setup, env: { name: 'point/reech', options: {} } })).rejects.toThrow(
      /unknown environment "point\/reech"; did you mean "point\/reach"/,
    );
  });
});

/** Runs the command line; `watch` sees what it writes and may send a signal. */
function anygoal(args: string[], watch: (text: string, kill: () => void) => void = () => undefined) {
  return new Promise<{ code: number | null; text: string }>((resolve) => {
    const main = new URL('../dist/cli/main.js', import.meta.url).pathname;
    const child = spawn(process.execPath, [main, 'train', '--json', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    let text = '';
    child.stderr.on('data', (more) => {
      text += more;
      watch(text, () => child.kill('SIGINT'));
    });
    child.on('exit', (code) => resolve({ code, text }));
  });
}

const set = (values: Record<string, unknown>) =>
  Object.entries(values).flatMap(([path, value]) => ['--set', `${path}=${JSON.stringify(value)}`]);
const quick = set({
  'agent.hidden': [8, 8],
  'training.updatesPerStep': 0.1,
  'evaluation.every': 1000,
  'evaluation.episodes': 2,
});
const onlyRun = (out: string) => join(out, readdirSync(out)[0]);

/** Every part of the last state but the one that holds the seconds spent. */
function lastState(run: string) {
  const state = join(run, 'checkpoints/last/state');
  const parts = readdirSync(state).filter((name) => !name.startsWith('loop'));
  return Object.fromEntries(parts.map((name) => [name, readFileSync(join(state, name))]));
}

describe('train --workers', () => {
  it('Ctrl-C ends the program with all its threads; the run goes on with fewer as if it had never stopped', async () => {
    const env = moduleOf('line');
    const heldOut = set({ 'goals.heldOut': { low: [0.2], high: [0.4] } });
    const start = (out: string, workers: string) => [
      env,
      '--steps',
      '15000',
      '--envs',
      '3',
      '--workers',
      workers,
      '--out',
      out,
      ...quick,
      ...heldOut,
    ];
    const [whole, parts] = [join(folder, 'whole'), join(folder, 'parts')];
    expect(await anygoal(start(whole, '0'))).toMatchObject({ code: 0 });
    let asked = false;
    const stopped = await anygoal(start(parts, '2'), (text, kill) => {
      if (asked || !/success/.test(text)) return; // an evaluation has been told
      asked = true;
      kill();
    });
    expect(stopped.code).toBe(130);
    expect(await anygoal(['--resume', onlyRun(parts), '--workers', '1'])).toMatchObject({ code: 0 });
    expect(lastState(onlyRun(parts))).toEqual(lastState(onlyRun(whole)));
  }, 60_000);

  it('an error inside a thread ends the program with code 1; more threads than environments are refused', async () => {
    const out = join(folder, 'failed');
    const broken = await anygoal([
      moduleOf('broken', 'throw new Error("no power")'),
      '--envs',
      '4',
      '--workers',
      '2',
      '--out',
      out,
      ...quick,
    ]);
    expect(broken).toMatchObject({
      code: 1,
      text: expect.stringMatching(/^error: me\/broken: its step\(\) threw.*no power/m),
    });
    const many = await anygoal(['point/reach', '--workers', '3', '--envs', '2', '--out', out]);
    expect(many).toMatchObject({
      code: 2,
      text: expect.stringMatching(/workers is 3, but environments to step are only 2/),
    });
  }, 60_000);
});
