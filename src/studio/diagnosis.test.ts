// A diagnosis goes on in a process of its own, one at a time, of runs in the folder only, and its errors are the command's.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { createDiagnoser } from './diagnosis.js';
import { temporaryFolder, testStudio, writeRun } from './testing.js';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Stands for the command line. */
function script(text: string): URL {
  const path = join(folder, `${text.length}.mjs`);
  writeFileSync(path, text);
  return pathToFileURL(path);
}

test('the command gets the folders, its answer comes back, and a second one waits for its turn', async () => {
  const echo = createDiagnoser(script('setTimeout(() => console.log(JSON.stringify(process.argv.slice(2))), 300);'));
  const first = echo.diagnose(['tasks', 'diagnose', '/a b', '--with', '/d;e']);
  expect(() => echo.diagnose(['model', 'diagnose', '/x'])).toThrow('another run is being diagnosed');
  expect(await first).toEqual(['tasks', 'diagnose', '/a b', '--with', '/d;e', '--json']);
  expect(await echo.diagnose(['model', 'diagnose', '/x'])).toEqual(['model', 'diagnose', '/x', '--json']);
});

test('an episode as pictures is played likewise', async () => {
  const runs = temporaryFolder();
  const studio = await testStudio(runs);
  writeRun(runs, { name: 'one' });
  const answer = await studio.ask('/api/pictures', { method: 'POST', body: { run: 'one', seed: 3 } });
  expect(await answer.json()).toEqual({
    words: ['pictures', join(runs, 'one')],
    flags: ['3', '--steps', '300', '--checkpoint', 'best'],
  });
  expect((await studio.ask('/api/pictures', { method: 'POST', body: { run: '../one' } })).status).toBe(400);
  rmSync(runs, { recursive: true });
});

test('its last words are the error; what was asked for wrongly is told apart', async () => {
  const wrong = createDiagnoser(script('console.error("note\\nwhy"); process.exit(2);'));
  await expect(wrong.diagnose(['/a'])).rejects.toMatchObject({ status: 400, message: 'why' });
  const broken = createDiagnoser(script('console.error("broken"); process.exit(1);'));
  await expect(broken.diagnose(['/a'])).rejects.toMatchObject({ name: 'RunError', message: 'broken' });
});

test('what is no answer is an error, not the end of the studio', async () => {
  const mute = createDiagnoser(script('console.log("no JSON at all");'));
  await expect(mute.diagnose(['/a'])).rejects.toThrow('ended without an answer');
});

test('when the studio ends, so does it', async () => {
  const slow = createDiagnoser(script('setTimeout(() => {}, 60000); // slow'));
  const going = slow.diagnose(['/a']);
  slow.close();
  await expect(going).rejects.toThrow('the diagnosis was stopped');
});

test('requests name runs of the folder', async () => {
  const runs = join(folder, 'runs');
  mkdirSync(runs);
  writeRun(runs, { name: 'one' });
  const studio = await testStudio(runs);
  const ask = async (body: unknown, of = '') => {
    const response = await studio.ask(`/api/diagnosis${of}`, { method: 'POST', body });
    return [response.status, await response.json()];
  };
  const tasks = { run: 'one', words: ['tasks', 'diagnose'], flags: ['--with', join(runs, 'one')] };
  expect(await ask({ run: 'one', with: ['one'] })).toEqual([200, tasks]);
  const model = { run: 'one', words: ['model', 'diagnose'] };
  expect(await ask({ run: 'one' }, '/model')).toEqual([200, { ...model, flags: [] }]);
  expect(await ask({ run: 'one', stepSeconds: 0.05 }, '/model')).toEqual([
    200,
    { ...model, flags: ['--step-seconds', '0.05'] },
  ]);
  expect(await ask({ run: 'one', stepSeconds: -1 }, '/model')).toMatchObject([400, {}]);
  expect(await ask({ run: '../runs' }, '/model')).toMatchObject([400, {}]);
  expect(await ask({ run: '../runs' })).toMatchObject([
    400,
    { error: expect.stringContaining("cannot be a run's name") },
  ]);
  expect(await ask({ run: 'one', with: ['two'] })).toMatchObject([404, {}]);
  expect(await ask({ run: 'one', rows: 3 })).toMatchObject([400, { error: expect.stringContaining('"rows"') }]);
});
