// The closed form against MuJoCo's own forward kinematics.
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { createPhysics, loadMujoco } from '../../physics/index.js';
import { geometry, inverseKinematics, limitPosition } from './kinematics.js';
import { armModel } from './model.js';
import { taskSetup } from './tasks.js';

const physics = createPhysics(await loadMujoco(), { xml: armModel('none', 10) });
const grip = physics.index('site', 'grip');
afterAll(() => physics.dispose());

test('the gripper is where it was asked to be, pointing down, opening along y, within the joints', () => {
  const { low, high } = taskSetup('pick-and-place');
  const axis = (i: number) => fc.double({ min: low[i], max: high[i], noNaN: true });
  const joints = new Float64Array(6);
  fc.assert(
    fc.property(axis(0), axis(1), axis(2), (x, y, z) => {
      const position = Float64Array.of(x, y, z);
      limitPosition(position, low, high);
      inverseKinematics(position, joints);
      physics.array('qpos')().set(joints);
      physics.forward();
      const site = physics
        .array('site_xpos')()
        .slice(3 * grip, 3 * grip + 3);
      const frame = physics
        .array('site_xmat')()
        .slice(9 * grip, 9 * grip + 9);
      for (let i = 0; i < 3; i++) expect(site[i]).toBeCloseTo(position[i], 9);
      expect(frame[8]).toBeCloseTo(-1, 9);
      expect(frame[4]).toBeCloseTo(1, 9);
      for (let i = 0; i < 6; i++) {
        const [from, to] = physics.model.jnt_range.slice(2 * i, 2 * i + 2);
        expect(joints[i]).toBeGreaterThan(from);
        expect(joints[i]).toBeLessThan(to);
      }
    }),
  );
});

test('positions beyond the arm come back to its reach at their height', () => {
  const position = Float64Array.of(2, 1, 0.7);
  limitPosition(position, [-3, -3, 0], [3, 3, 3]);
  expect(position[2]).toBe(0.7);
  expect(position[0] / position[1]).toBeCloseTo(2, 9);
  const reach = Math.hypot(position[0], position[1], 0.7 + geometry.hand - geometry.shoulder);
  expect(reach).toBeCloseTo(0.98 * (geometry.upperArm + geometry.forearm), 9);
});
