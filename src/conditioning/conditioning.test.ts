// What is said of an environment's tasks: sizes, what is shared, and why identifiers and methods are refused.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type EnvDefinition, loadEnv, parseEnvOptions, taskFamily } from '../envs/index.js';
import { describeTasks, taskIdentifiers } from './index.js';

async function describe(name: string, options: Record<string, unknown> = {}) {
  const definition = await loadEnv(name);
  return describeTasks(definition, parseEnvOptions(definition, options));
}
type Report = Awaited<ReturnType<typeof describe>>;
const here = ({ identifiers }: Report) =>
  Object.fromEntries(identifiers.map(({ name, available, note }) => [name, `${available}: ${note}`]));
const method = ({ methods }: Report, wanted: string) => methods.find(({ name }) => name === wanted);

test('every identifier says what it can tell, how it carries over and what hindsight can do', () => {
  const all = taskIdentifiers();
  expect(all.map(({ name }) => name)).toEqual(['one-hot', 'embedding', 'goal', 'demonstration', 'text', 'image']);
  expect(all.filter(({ needs }) => needs).map(({ name }) => name)).toEqual([]);
  expect(all.filter(({ newTask }) => newTask === 'zero-shot').every(({ generalises }) => generalises !== 'none')).toBe(
    true,
  );
  expect(all[0]).toMatchObject({ generalises: 'none', newTask: 'retrain', relabels: false });
  expect(all[0].because).toMatch(/one-hot cannot interpolate/);
  expect(new Set(all.map(({ because }) => because)).size).toBe(all.length);
});

test('the page has them in its table', () => {
  const page = readFileSync(new URL('../../docs/task-identifiers.md', import.meta.url), 'utf8');
  for (const { name, input, expresses, generalises, newTask, relabels, hindsight } of taskIdentifiers()) {
    const row = [`\`${name}\``, `\`${input}\``, expresses, generalises, newTask];
    expect(page).toContain(`| ${row.join(' | ')} | ${relabels ? 'yes' : 'no'}: ${hindsight} |`);
  }
});

test('ten tasks of one scene share all but their starts, and have controllers and instructions', async () => {
  const report = await describe('tabletop/mt10');
  expect(report.tasks).toHaveLength(10);
  expect(report.tasks[1]).toMatchObject({
    task: 'push',
    env: 'tabletop/push',
    observation: 54,
    goal: 18,
    action: 4,
    controller: true,
    shares: ['S', 'A', 'T', 'r'],
  });
  expect(report.tasks[1].instructions).toContain('push the {colour} {shape} to the {side}');
  const shared = Object.fromEntries(report.shared.map(({ part, tasks, checked }) => [part, [tasks.length, checked]]));
  expect(shared).toEqual({ S: [10, true], A: [10, true], T: [10, false], r: [10, true], p0: [0, false] });
  expect(report.methods.filter(({ allowed }) => !allowed)).toEqual([]);
  expect(here(report)).toMatchObject({
    demonstration: 'true: env.demonstration=8',
    text: 'true: env.sentences=plain',
  });
});

test('other dynamics refuse what would pass experience between tasks, and nobody shows how to do them', async () => {
  const report = await describe('point/two-tasks');
  expect(method(report, 'hindsight between tasks')).toEqual({
    name: 'hindsight between tasks',
    allowed: false,
    note: 'reach, turned-round without T in common: an episode of one task is none of another, for it would have gone another way',
  });
  expect(method(report, 'hindsight')?.allowed).toBe(true);
  expect(method(report, 'scripted demonstrations')?.note).toBe('no task has a scripted controller');
  expect(here(report).demonstration).toBe('false: nobody demonstrates reach, turned-round');
});

test('members of other sizes are told with the widest; some may share what others do not', async () => {
  const reach = { env: (await loadEnv('point/reach')) as EnvDefinition, shares: ['S', 'A', 'T'] as const };
  const arm = { env: (await loadEnv('arm/reach')) as EnvDefinition };
  const family = taskFamily('me/places', { near: reach, again: reach, arm });
  const report = describeTasks(family as EnvDefinition, parseEnvOptions(family));
  expect(method(report, 'one policy for all')?.note).toBe(
    'observations of 2 to 10 numbers take 10; goals of 2 to 3 numbers take 3; actions of 2 to 4 numbers take 4',
  );
  const between = method(report, 'hindsight between tasks');
  expect(between).toMatchObject({ allowed: true, tasks: ['near', 'again'] });
  expect(between?.note).toMatch(/the others not, arm without S, A, T in common: an episode/);
});

test('an environment with one task has its goals, and no numbers of tasks', async () => {
  const report = await describe('point/reach');
  expect(report).toMatchObject({
    declared: false,
    goals: { name: 'state', size: 2 },
    tasks: [{ task: 'point/reach' }],
  });
  expect(here(report)).toMatchObject({ 'one-hot': 'false: there is one task', goal: expect.stringMatching(/^true/) });
  const plain = await describe('pendulum');
  expect([plain.goals, method(plain, 'hindsight')?.allowed]).toEqual([null, false]);
});

test('with the setting demonstrations are there', async () => {
  expect(here(await describe('point/navigate', { demonstration: 4 })).demonstration).toMatch(/^true: shown here/);
});

test('where episodes show a sentence, text is there', async () => {
  const report = await describe('babyai/go-to-local');
  expect(here(report).text).toMatch(/^true: shown here, by the encoder embedded/);
  expect(here(await describe('babyai/go-to-local', { encoder: 'none' })).text).toMatch(/^false/);
});
