// Data recorded on the command line: an environment's own policies with their settings, exploring, evaluation tasks of what learned.
import { afterAll, expect, test } from 'vitest';
import { createCli, words } from './cli-process.js';

const { anygoal, end } = createCli('data-record');
afterAll(end);

const record = (line: string) => anygoal(...words(`data record ogbench/pointmaze-medium --quiet --json ${line}`));

test('a policy of the environment has its settings and noise, unless others are given; its data train, and eval tells tasks', async () => {
  const { stdout, stderr } = await record('--policy stitch --episodes 3 --out stitch.safetensors');
  expect(JSON.parse(stdout), stderr).toMatchObject({ policy: 'stitch', episodes: 3, transitions: 600 });
  const shown = await anygoal(...words('data inspect stitch.safetensors --json'));
  expect(JSON.parse(shown.stdout)).toMatchObject({
    options: { episodeSteps: 200, successEndsEpisode: false },
    origin: { policy: 'stitch', seed: 0, noise: 0.5 },
  });
  const again = await record('--policy stitch --episodes 1 --out stitch.safetensors');
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('is there already')]);
  const given = await record(
    '--policy stitch --episodes 2 --set env.episodeSteps=20 --noise 0 --out short.safetensors',
  );
  expect(JSON.parse(given.stdout).transitions).toBe(40);

  const settings = '--set agent.options.hidden=[16] --set agent.options.chunk=1 --set env.episodeSteps=20';
  const line = `train ogbench/pointmaze-medium --data stitch.safetensors --agent bc --steps 20 --set evaluation.episodes=5 ${settings} --quiet --json`;
  const trained = await anygoal(...words(line));
  expect(trained.code, trained.stderr).toBe(0);
  const { runDir } = JSON.parse(trained.stdout);
  const evaluated = await anygoal('eval', runDir, ...words('--checkpoint last --episodes 5 --quiet --json'));
  expect(evaluated.stderr).toMatch(/task-1 .*\n.*task-2 /);
  const tasks: { task: string; episodes: number }[] = JSON.parse(evaluated.stdout).tasks;
  expect(tasks.map(({ task, episodes }) => `${task} ${episodes}`)).toEqual([1, 2, 3, 4, 5].map((n) => `task-${n} 1`));
  const one = await anygoal('eval', runDir, ...words('--checkpoint last --episodes 1 --task task-2 --quiet --json'));
  expect(JSON.parse(one.stdout).tasks).toMatchObject([{ task: 'task-2', episodes: 1 }]);
}, 60_000);

test('what is told to come next imitates an expert where policies see no goal, and gives only settings that the data do not', async () => {
  const next = async (line: string) => (await anygoal(...words(`data record ${line} --episodes 1 --quiet`))).stdout;
  expect(await next('babyai/go-to-obj --set env.view=planes --out seen.safetensors')).toContain(
    'train babyai/go-to-obj --agent bc --data seen.safetensors\n',
  );
  expect(await next('tabletop/words --out asked.safetensors')).toContain(
    'train tabletop/words --agent bc --data asked.safetensors\n',
  );
  expect(await next('tabletop/reach --out goals.safetensors')).toContain(
    'train tabletop/reach --data goals.safetensors\n',
  );
}, 60_000);

test('exploring keeps directions, and only exploring does', async () => {
  const settings = '--set env.episodeSteps=12 --set env.successEndsEpisode=false';
  const kept = await record(`--policy explore --keep 4 --episodes 2 --out explore.safetensors ${settings}`);
  expect(JSON.parse(kept.stdout), kept.stderr).toMatchObject({ policy: 'explore', transitions: 24 });
  const refused = await record('--policy random --keep 4 --episodes 2 --out random.safetensors');
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('only policy explore keeps')]);
  const none = await record('--policy stich --episodes 2 --out none.safetensors');
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('no run at stich')]);
  expect(none.stderr).toContain(
    'Did you mean "stitch"? Who acts without a run: scripted, random, explore, planner, navigate, stitch.',
  );
}, 60_000);
