// The compiled SAC step stays about as fast as the one written by hand; bench/update.ts measures it properly.
import { expect, test } from 'vitest';
import { cases } from './cases.js';
import { contender, interleave } from './measure.js';
import { openPairs } from './step.js';

test('compiled against hand-written at width 64: at most 1.3 times the time', async () => {
  const [{ compiled, reference, ...counts }] = await openPairs(cases.find(({ name }) => name === 'sac-64')!, 1);
  expect(counts.compiledNodes).toBeLessThan(counts.referenceNodes);
  // Call by call in turn, and the fastest call of each: what other work on the machine adds, it adds to neither.
  const times = await interleave([contender(reference), contender(compiled)], { rounds: 800, block: 1, settle: 0 });
  const [byHand, ours] = times.map((calls) => Math.min(...calls));
  expect(ours / byHand).toBeLessThanOrEqual(1.3);
  await Promise.all([compiled.dispose(), reference.dispose()]);
});
