// The whole program as people run it: bad input of every kind, JSON, resuming, damaged runs.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { crc32c } from '../src/runs/crc32c.js';
import { createCli, environment, type Outcome, program, quick, words } from './cli-process.js';

const cli = createCli('cli');
const { folder, anygoal } = cli;
let trained = '';
let copies = 0;

beforeAll(async () => {
  const { code, stdout, stderr } = await anygoal(...words('train point/reach --steps 300 --json --quiet'), ...quick);
  expect(code, stderr).toBe(0);
  trained = JSON.parse(stdout).runDir;
}, 60_000);
afterAll(cli.end);

/** A copy of the trained run, to damage. */
function copy(): string {
  const path = join('copies', `run-${copies++}`);
  cpSync(join(folder, trained), join(folder, path), { recursive: true, verbatimSymlinks: true });
  return path;
}

test('help, version and lists go to standard output', async () => {
  const [none, help, version, list, env, agent, tasks] = await Promise.all(
    ['', 'train --help', '--version', 'envs', 'envs point/reach', 'agents sac', 'tasks point/two-tasks'].map((line) =>
      anygoal(...words(line)),
    ),
  );
  for (const { code, stderr } of [none, help, version, list, env, agent, tasks])
    expect([code, stderr]).toEqual([0, '']);
  const { stdout: bounds } = await anygoal('envs', 'pendulum');
  expect(bounds).toMatch(/^observation +3 numbers: cos-angle \(from -1 to 1\), .*velocity \(from -8 to 8\)$/m);
  for (const line of ['data --help', 'help data']) {
    const { code, stdout } = await anygoal(...words(line));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}data record {2,}\S[\s\S]*^ {2}data inspect {2,}\S/m);
  }
  expect(none.stdout).toContain('Usage: anygoal COMMAND');
  expect(help.stdout).toContain('--until-success 0.95');
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(list.stdout).toMatch(/^point\/reach {2,}\S/m);
  expect(env.stdout).toMatch(/^goal +2 numbers, each from -1 to 1: x, y$/m);
  expect(env.stdout).toMatch(/^ {2}sac +agent\.hidden=\[64,64\] /m);
  expect(tasks.stdout).toMatch(/^T +dynamics +none/m);
  expect(agent.stdout).toMatch(/agent\.learningRate +\S+ +a number, above 0/);
});

describe('bad input gets one clear line and exit code 2, and makes no files', () => {
  test.concurrent.each([
    ['tarin', 'unknown command "tarin"; did you mean "train"?'],
    ['train', 'train needs ENV: an environment, such as arm/reach.'],
    ['train pont/reach', 'unknown environment "pont/reach"; did you mean "point/reach"?'],
    ['train ./absent.js', 'there is no module at ./absent.js'],
    ['train none.npz', 'there is no data set none.npz; `anygoal data record ENV --out FILE` writes one.'],
    ['train point/reach --data none.npz', 'there is no data set none.npz; `anygoal data record'],
    ['data inspect none', 'there is no data set none; `anygoal data record'],
    ['data convert none.npz --out x.safetensors', 'there is no data set none.npz; `anygoal data record'],
    ['serve point/reach', 'serve is for other programs, which open two pipes and name them: --pipes IN,OUT.'],
    ['train gym: --python /no/such/python', '"gym:" names no environment; write one as in gym:Pendulum-v1.'],
    ['train point/reach --agent sak', 'unknown agent "sak"; did you mean "sac"?'],
    ['train point/reach --relabel futur:4', 'unknown relabel strategy "futur"; did you mean "future"?'],
    ['train point/reach --steps many', 'steps must be a whole number, at least 1, not "many" (from --steps).'],
    ['train point/reach --seed -1', 'seed must be a whole number, at least 0, not -1 (from --seed).'],
    ['train point/reach --until-success 95', 'evaluation.untilSuccess must be a number from 0 to 1 or null, not 95'],
    [
      'train point/reach --set agent.learningrate=1',
      'unknown setting "agent.learningrate" of sac; did you mean "agent.learningRate"?',
    ],
    ['train point/reach --set agent.discount=2', 'agent.discount must be a number, at least 0 and below 1, not 2'],
    ['train point/reach --set env.reward=spars', 'env.reward must be "sparse" or "zero-one" or "dense", not "spars"'],
    ['train point/reach --set steps', '--set takes path=value'],
    ['train point/reach --sed 3', 'unknown option "--sed" of train; did you mean "--seed"?'],
    ['train point/reach --seed 1 --seeds 1,2', '--seed and --seeds exclude each other'],
    ['train point/reach --seeds 1,1', '--seeds 1,1 names a seed twice'],
    ['train point/reach --seeds 1,b', '--seeds must be a whole number, at least 0, not "b"'],
    ['train point/reach --config absent.yaml', 'cannot read --config absent.yaml: there is no such file'],
    ['train point/reach --init absent', 'there is no run at absent'],
    ['train point/reach --resume RUN', "--resume goes on with the run's own settings, so point/reach cannot be given"],
    ['train --resume RUN --seed 1', "--resume goes on with the run's own settings, so --seed cannot be given"],
    ['train --resume RUN --steps 10', 'steps 10 is less than the 300 that this run has done'],
    ['eval', "eval needs RUN: a run's folder"],
    ['eval absent', 'there is no run at absent'],
    ['eval RUN --goal 1,2,3', 'goal [1,2,3] does not fit: point/reach takes 2 finite numbers'],
    ['eval RUN --goal 1,a', '--goal must be numbers separated by commas'],
    ['eval RUN --episodes 0', '--episodes must be a whole number, at least 1, not "0"'],
    ['eval RUN --checkpoint 77', 'has no checkpoint at step 77'],
    ['export RUN', 'export needs --out FILE'],
    ['train point/reach --set data.share=0.5', 'data.share is 0.5, but there is no data set; name one in data.files'],
    ['data record point/reach --out x', 'point/reach has no scripted controller: record with policy random, or with'],
    ['data record point/reach --out .', '--out . is a folder; name a file, such as demos.safetensors.'],
    [
      'envs arm/rech',
      'did you mean "arm/reach"? Environments of arm: arm/reach, arm/push, arm/slide, arm/pick-and-place; "anygoal envs" lists all',
    ],
  ])('%s', async (line, message) => {
    const { code, stdout, stderr } = await anygoal(...words(line.replace('RUN', trained)));
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^error: /);
    expect([code, stdout]).toEqual([2, '']);
    expect(readdirSync(join(folder, 'runs'))).toHaveLength(1);
  });
});

test('a syntax error in a module is told with its file and line, also in one that it imports', async () => {
  writeFileSync(join(folder, 'syntax.mjs'), 'const a = 1;\nconst b = { c: 1\n  d: 2 };\n');
  writeFileSync(join(folder, 'outer.mjs'), 'import "./syntax.mjs";\n');
  for (const file of ['syntax', 'outer']) {
    const { code, stderr } = await anygoal('check', `./${file}.mjs`);
    expect(stderr).toMatch(
      /^error: cannot import \.\/\w+\.mjs: Unexpected identifier.* \(.*syntax\.mjs, line 3: d: 2 };\)\n$/,
    );
    expect(code).toBe(2);
  }
});

test('a module that Node.js takes for CommonJS is told how to become one', async () => {
  mkdirSync(join(folder, 'common'));
  writeFileSync(join(folder, 'common/package.json'), '{ "type": "commonjs" }');
  writeFileSync(join(folder, 'common/env.js'), 'export const env = 1;');
  const { code, stderr } = await anygoal('check', './common/env.js');
  expect(code).toBe(2);
  expect(stderr).toMatch(/cannot import \.\/common\/env\.js: .*\. .*"type": "module".*npm pkg set type=module.*line 1/);
});

describe('failures get exit code 1 and name the file and the fix', () => {
  const cases: [string, (run: string) => void, string, RegExp][] = [
    [
      'a folder that is no run',
      (run) => rmSync(join(run, 'config.json')),
      'eval',
      /is not a run: it has no config\.json/,
    ],
    [
      'a foreign configuration',
      (run) => writeFileSync(join(run, 'config.json'), '{}'),
      'eval',
      /config\.json was not written by anygoal/,
    ],
    [
      'a newer run',
      (run) => edit(join(run, 'config.json'), { version: 2 }),
      'eval',
      /written by a newer anygoal.*Update anygoal/,
    ],
    [
      'a newer checkpoint',
      (run) => edit(join(run, 'checkpoints/300/checkpoint.json'), { version: 9 }),
      'eval --checkpoint last',
      /newer anygoal/,
    ],
    [
      'a cut policy',
      (run) => truncateSync(join(run, 'checkpoints/300/policy.safetensors'), 99),
      'eval --checkpoint last',
      /policy\.safetensors is damaged: it has 99 bytes instead of/,
    ],
    [
      'a cut policy to export',
      (run) => truncateSync(join(run, 'checkpoints/300/policy.safetensors'), 99),
      'export --checkpoint last --out bad.onnx',
      /policy\.safetensors is damaged/,
    ],
    ['weights that are no numbers', ruin, 'eval --checkpoint last', /policy\.safetensors is no policy that can act: "/],
    [
      'weights that are no numbers to export',
      ruin,
      'export --checkpoint last --out bad.onnx',
      /holds values that are not numbers.*Name another checkpoint/,
    ],
    [
      'a lost replay',
      (run) => rmSync(join(run, 'replay'), { recursive: true }),
      'train --resume',
      /segments\.bin is damaged: it has 0 bytes/,
    ],
    [
      'a lost state',
      (run) => rmSync(join(run, 'checkpoints/300/state'), { recursive: true }),
      'train --resume',
      /state.*is missing/,
    ],
  ];
  test.concurrent.each(cases)('%s', async (_, damage, line, message) => {
    const run = copy();
    damage(join(folder, run));
    const args = words(line);
    const { code, stdout, stderr } = await anygoal(
      ...(line.endsWith('--resume') ? [...args, run] : [args[0], run, ...args.slice(1)]),
    );
    expect(stderr).toMatch(message);
    expect([code, stdout, stderr.trimEnd().split('\n').length]).toEqual([1, '', 1]);
    expect(existsSync(join(folder, 'bad.onnx'))).toBe(false);
  });

  test('a file where the folder of runs should be', async () => {
    writeFileSync(join(folder, 'file'), '');
    const { code, stderr } = await anygoal(...words('train point/reach --steps 200 --quiet --out file'), ...quick);
    expect(stderr).toMatch(
      /^error: cannot write file\/point-reach__sac__0__[\d-]+: a file is where a folder is needed; choose/,
    );
    expect(code).toBe(1);
  });

  test('an export into a folder that is a file', async () => {
    const { code, stderr } = await anygoal('export', trained, '--out', `${program}/policy.onnx`);
    expect(stderr).toMatch(/cannot write .*main\.js\/policy\.onnx: a file is where a folder is needed/);
    expect(code).toBe(1);
  });
});

/** NaN as the last weight, and the checksums as if it had been saved so. */
function ruin(run: string): void {
  const [policy, header] = ['policy.safetensors', 'checkpoint.json'].map((name) => join(run, 'checkpoints/300', name));
  const bytes = readFileSync(policy);
  bytes.writeFloatLE(Number.NaN, bytes.length - 4);
  writeFileSync(policy, bytes);
  edit(header, { policy: { bytes: bytes.length, crc32c: crc32c(bytes) } });
}

function edit(file: string, change: Record<string, unknown>): void {
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...change }));
}

test('--json prints one object and everything else goes to standard error', async () => {
  writeFileSync(join(folder, 'my.yaml'), 'env: point/reach\nsteps: 250\nagent:\n  name: td3\n  hidden: [16]\n');
  const { code, stdout, stderr } = await anygoal(...words('train --config my.yaml --json --out json'), ...quick);
  expect(code, stderr).toBe(0);
  const result = JSON.parse(stdout);
  expect(result).toMatchObject({ env: 'point/reach', agent: 'td3', seed: 0, envSteps: 250, evalEpisodes: 2 });
  for (const key of ['updates', 'wallSeconds', 'evalSuccessRate', 'evalMeanReward', 'evalSeconds']) {
    expect(result[key], key).toEqual(expect.any(Number));
  }
  expect(stderr).toContain(`Run      ${result.runDir}`);
  const config = JSON.parse(readFileSync(join(folder, result.runDir, 'config.json'), 'utf8'));
  expect(config.agent.options.hidden).toEqual([16]);

  const evaluated = await anygoal('eval', 'json/point', '--episodes', '3', '--goal', '-0.5,0.25', '--json', '--quiet');
  expect(JSON.parse(evaluated.stdout)).toMatchObject({ runDir: result.runDir, episodes: 3, env: 'point/reach' });
  const exported = await anygoal('export', `${result.runDir}/checkpoints/last`, '--out', 'out/policy.onnx');
  expect(exported.code, exported.stderr).toBe(0);
  expect(readFileSync(join(folder, 'out/policy.onnx')).length).toBeGreaterThan(500);
}, 60_000);

test('an export says what the policy sees', async () => {
  const trained = await anygoal(...words('train pendulum --steps 200 --out plain --quiet'), ...quick);
  expect(trained.code, trained.stderr).toBe(0);
  const exported = await anygoal('export', 'plain/pendulum', '--checkpoint', 'last', '--out', 'pendulum.onnx');
  expect(exported.stdout).toMatch(/^Wrote pendulum\.onnx .* bytes\): input observation, output action\.$/m);
}, 60_000);

test.runIf(process.platform !== 'win32')(
  'an export goes through standard output alone, and into a file behind it',
  async () => {
    const shell = (line: string) =>
      new Promise<{ stdout: Buffer; stderr: string }>((done) => {
        const options = { cwd: folder, env: environment, encoding: 'buffer' as const, maxBuffer: 1 << 24 };
        execFile('sh', ['-c', line], options, (_, stdout, stderr) => done({ stdout, stderr: stderr.toString() }));
      });
    const command = `"${process.execPath}" "${program}" export ${trained} --checkpoint last --out`;
    await shell(`${command} plain.onnx`);
    const expected = readFileSync(join(folder, 'plain.onnx'));
    const piped = await shell(`${command} /dev/stdout | cat`);
    expect(piped.stdout.equals(expected)).toBe(true);
    expect(piped.stderr).toContain('Wrote /dev/stdout');
    await shell(`echo before > file.onnx; ${command} /dev/stdout >> file.onnx; ${command} /dev/fd/5 5> fifth.onnx`);
    expect(readFileSync(join(folder, 'file.onnx')).subarray(7).equals(expected)).toBe(true);
    expect(readFileSync(join(folder, 'fifth.onnx')).equals(expected)).toBe(true);
  },
);

test('--seeds trains once for each and sums up', async () => {
  const { code, stdout, stderr } = await anygoal(
    ...words('train point/reach --steps 150 --seeds 4,5 --json --quiet --out seeds'),
    ...quick,
  );
  expect(code, stderr).toBe(0);
  const { runs, mean, std } = JSON.parse(stdout);
  expect(runs.map(({ seed }: { seed: number }) => seed)).toEqual([4, 5]);
  expect([mean.envSteps, std.envSteps]).toEqual([150, 0]);
  expect(stderr).toMatch(/^mean +150 ± 0/m);
  expect(readdirSync(join(folder, 'seeds'))).toHaveLength(2);
}, 60_000);

test.runIf(process.platform !== 'win32')('a reader that goes away is no error', async () => {
  const outcome = await new Promise<Outcome>((done) => {
    const child = execFile(
      'sh',
      ['-c', `"${process.execPath}" "${program}" agents sac | head -n 1`],
      { env: environment },
      (_, stdout, stderr) => done({ code: child.exitCode, stdout, stderr }),
    );
  });
  expect(outcome.stderr).toBe('');
  expect(outcome.stdout.trim().split('\n')).toHaveLength(1);
});
