// What makes an actor wait: no policy, a learner that is behind, a policy that is too old; and what it is told.
import { afterEach, expect, it } from 'vitest';
import { createMemoryBroker } from './memory-broker.js';
import { createOrders, type Orders } from './orders.js';
import type { LearnerStatus } from './presence.js';
import { encodePolicy } from './wire.js';

const status: LearnerStatus = {
  ...{ steps: 0, policy: 0, taken: 0, room: 2, pause: 0, request: 0, waits: false, waitingShare: 0 },
  ...{ episodes: 0, duplicates: 0, refused: 0, refusedOf: {} },
};
const sent = (last: number) => ({ first: 1, last, waiting: 0 });
let orders: Orders | undefined;
afterEach(() => orders?.dispose());

async function create(maxPolicyLag = 100) {
  const channel = await createMemoryBroker().create('run', 1e6);
  const made = createOrders({ channel, actor: 'me', lockStep: false, maxPolicyLag });
  orders = made;
  return {
    orders: made,
    channel,
    say: (more: Partial<LearnerStatus>) => channel.tell('learner', JSON.stringify({ ...status, ...more })),
    keep: (steps: number) => channel.keep('policy', encodePolicy({ steps, vectors: {} })),
  };
}

it('waits for the first policy, then takes each new one once', async () => {
  const { orders, say, keep } = await create();
  expect(orders.hindrance(sent(0), 0)).toBe('the first policy');
  await keep(0);
  say({});
  await expect.poll(() => orders.takePolicy()?.steps).toBe(0);
  expect(orders.takePolicy()).toBeUndefined();
  expect(orders.hindrance(sent(0), 0)).toBeUndefined();
  await keep(50);
  say({ steps: 60, policy: 50 });
  await expect.poll(() => orders.takePolicy()?.steps).toBe(50);
  expect(orders.lag).toBe(10);
});

it('goes on as long as there is room behind what the learner has taken', async () => {
  const { orders, say, keep } = await create();
  await keep(0);
  say({ taken: 10 });
  await expect.poll(() => orders.policy).toBeDefined();
  expect(orders.hindrance(sent(12), 0)).toBeUndefined();
  expect(orders.hindrance(sent(13), 0)).toBe('the learner, which is behind');
  say({ taken: 11 });
  await expect.poll(() => orders.hindrance(sent(13), 0)).toBeUndefined();
});

it('waits for a newer policy where its own is too old and there is one', async () => {
  const { orders, say, keep } = await create(100);
  await keep(0);
  say({});
  await expect.poll(() => orders.policy).toBeDefined();
  say({ steps: 101, policy: 0 });
  await expect.poll(() => orders.lag).toBe(101);
  expect(orders.hindrance(sent(0), 0)).toBeUndefined(); // there is none to wait for
  say({ steps: 101, policy: 100 });
  await expect.poll(() => orders.hindrance(sent(0), 0)).toBe('a newer policy');
  await keep(100);
  say({ steps: 102, policy: 100, pause: 60_000 }); // too old: it does not wait its turn
  await expect.poll(() => orders.hindrance(sent(0), 0)).toBeUndefined();
});

it('gets policies no more often than it is told', async () => {
  const { orders, say, keep } = await create();
  await keep(0);
  say({});
  await expect.poll(() => orders.policy?.steps).toBe(0);
  await keep(10);
  say({ steps: 10, policy: 10, pause: 60_000 });
  await orders.change(60_000); // woken by that
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(orders.policy?.steps).toBe(0);
  say({ steps: 10, policy: 10, pause: 0 });
  await expect.poll(() => orders.policy?.steps).toBe(10);
});

it('hears that its episodes are refused, and that the run is over', async () => {
  const { orders, say, channel } = await create();
  say({ refusedOf: { other: 1, me: 3 } });
  await expect.poll(() => orders.refused).toBe(3);
  expect(orders.ended).toBe(false);
  channel.tell('learner', 'no words of ours');
  channel.tell('learner', '{"taken":1}'); // nor all of them
  await expect.poll(() => orders.refused).toBe(0);
  say({ ended: true });
  await expect.poll(() => orders.ended).toBe(true);
});
