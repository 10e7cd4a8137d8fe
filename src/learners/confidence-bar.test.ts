// The bar lies where nine of ten claims are true, and stays out of reach while none would do.
import { expect, it } from 'vitest';
import { createConfidenceBar } from './confidence-bar.js';

it('lies as low as nine of ten claims above it are true', () => {
  const bar = createConfidenceBar();
  expect(bar.value()).toBe(Number.POSITIVE_INFINITY);
  for (let i = 0; i < 90; i++) bar.add(5, true);
  for (let i = 0; i < 9; i++) bar.add(3, false);
  for (let i = 0; i < 9; i++) bar.add(3, true);
  for (let i = 0; i < 100; i++) bar.add(-2, false);
  expect(bar.value()).toBeCloseTo(3, 0);
  for (let i = 0; i < 20; i++) bar.add(3, false);
  expect(bar.value()).toBeCloseTo(5, 0);
  const other = createConfidenceBar();
  other.restore(bar.save());
  expect(other.value()).toBe(bar.value());
});

it('forgets', () => {
  const bar = createConfidenceBar();
  for (let i = 0; i < 10; i++) bar.add(8, false);
  for (let i = 0; i < 500; i++) bar.fade();
  bar.add(8, true);
  expect(bar.value()).toBeCloseTo(8, 0);
});
