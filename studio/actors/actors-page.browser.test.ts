// The Actors page in a browser: who acts, how old policies are, what is waited for, as it changes.
import { rmSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { type ActorStatus, createMemoryBroker, type LearnerStatus } from '../../src/actors/index.js';
import { temporaryFolder } from '../../src/studio/testing.js';
import { describeStudio, picture } from '../testing/browser.js';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const broker = createMemoryBroker();
const learner: LearnerStatus = {
  ...{ steps: 12_000, policy: 11_750, taken: 240, room: 100, pause: 4, request: 9, waits: false, waitingShare: 0.31 },
  ...{ episodes: 240, duplicates: 0, refused: 0, refusedOf: {} },
};
const actor = (name: string, more: Partial<ActorStatus> = {}): ActorStatus => ({
  ...{ actor: name, envs: 1, steps: 6000, stepsPerSecond: 512.4, episodes: 120, messages: 120, bytes: 612_000 },
  ...{ policy: 11_750, lag: 250, refused: 0, ...more },
});

describeStudio(
  'actors',
  folder,
  (get) => {
    test('are shown with what they do, until they leave', async () => {
      const channel = await broker.create('arm-reach-sac-0', 1e6);
      const { open, expectNoErrors } = get();
      const page = await open('/actors');
      const run = page.getByRole('region', { name: 'arm-reach-sac-0' });
      await run.getByText('0 actors').waitFor();
      const say = () => {
        channel.tell('learner', JSON.stringify(learner));
        channel.tell('box-1', JSON.stringify(actor('box-1')));
        channel.tell('box-2', JSON.stringify(actor('box-2', { waiting: 'the learner, which is behind' })));
      };
      const timer = setInterval(say, 500);
      try {
        await run.getByText('2 actors').waitFor();
        await run
          .getByText('Learner at step 12,000, waits 31% of its time for episodes; 240 episodes taken.')
          .waitFor();
        const cells = await run.locator('[data-actor=box-1] td').allTextContents();
        expect(cells).toEqual(['box-1', '512', '6,000', '120', '250 steps', '120', '612.0 kB', 'acts']);
        await run.getByText('waits for the learner, which is behind').waitFor();
        await run.getByText('anygoal actor --broker memory --run arm-reach-sac-0').waitFor();
        await picture(page, 'actors');
      } finally {
        clearInterval(timer);
      }
      for (const name of ['box-1', 'box-2']) channel.tell(name, JSON.stringify(actor(name, { left: true })));
      await run.getByText('0 actors').waitFor();
      expectNoErrors();
    });
  },
  broker,
);
