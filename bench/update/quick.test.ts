// The compiled SAC step stays about as fast as the one written by hand; bench/update.ts measures it properly.
import { expect, test } from 'vitest';
import { cases } from './cases.js';
import { contender, interleave } from './measure.js';
import { openCompiled, openReferences } from './step.js';

test('compiled against hand-written at width 64: at most 1.3 times the time', async () => {
  const of = cases.find(({ name }) => name === 'sac-64')!;
  const [reference] = await openReferences(of, 1);
  const { updater, nodes } = await openCompiled(of, 1);
  expect(nodes[0]).toBeLessThan(reference.nodes);
  // Call by call in turn, and the fastest call of each: what other work on the machine adds, it adds to neither.
  const compiled = contender({ run: () => updater.update(1) });
  const measured = await interleave([contender(reference), compiled], { rounds: 800, blocks: [1, 1] });
  const [byHand, ours] = measured.map(({ times }) => Math.min(...times));
  expect(ours / byHand).toBeLessThanOrEqual(1.3);
  await Promise.all([updater.dispose(), reference.dispose()]);
});
