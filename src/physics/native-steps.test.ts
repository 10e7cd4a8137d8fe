// Native physics: the numbers of the WebAssembly build, exact states, changed models, divergence, memory.
import { describe, expect, test } from 'vitest';
import { createPhysics, loadMujoco, type Mujoco, type Physics } from './index.js';
import { nativeEngine } from './testing.js';

const wasm = await loadMujoco();
const library = await nativeEngine('Simulations');

/** Has a bit of everything: contacts, limits, a muscle-like activation, a tendon, a weld to a mocap body, sensors. */
const model = (options = '') => `<mujoco>
  <option timestep="0.004" ${options}/>
  <worldbody>
    <geom name="floor" type="plane" size="2 2 0.1"/>
    <body name="hand" mocap="true" pos="0.5 0 0.6"><geom size="0.02" contype="0" conaffinity="0"/></body>
    <body name="held" pos="0.5 0 0.6"><freejoint/><geom size="0.05"/></body>
    <body name="ball" pos="0 0 0.12"><freejoint name="ball"/><geom type="box" size="0.05 0.04 0.03"/><site name="top" pos="0 0 0.03"/></body>
    <body name="arm" pos="-0.5 0 0.5">
      <joint name="shoulder" axis="0 1 0" range="-1 1" limited="true" damping="0.1"/>
      <geom type="capsule" size="0.03" fromto="0 0 0 0.3 0 0"/>
      <body pos="0.3 0 0"><joint name="elbow" axis="0 1 0" damping="0.1"/>
        <geom type="capsule" size="0.03" fromto="0 0 0 0.2 0 0"/><site name="tip" pos="0.2 0 0"/></body>
    </body>
  </worldbody>
  <tendon><fixed name="both"><joint joint="shoulder" coef="1"/><joint joint="elbow" coef="-1"/></fixed></tendon>
  <equality><weld body1="hand" body2="held"/></equality>
  <actuator>
    <position joint="shoulder" kp="20"/>
    <general tendon="both" dyntype="filter" dynprm="0.05" gainprm="2"/>
  </actuator>
  <sensor><accelerometer site="top"/><framelinvel objtype="site" objname="tip"/><jointpos joint="elbow"/></sensor>
</mujoco>`;

const create = (mujoco: Mujoco, xml = model()): Physics => createPhysics(mujoco, { xml, name: 'mine' });
const everything = [
  ...(['qpos', 'qvel', 'act', 'qacc', 'sensordata', 'xpos', 'xmat', 'site_xpos', 'cvel'] as const),
  ...(['actuator_force', 'qfrc_actuator', 'subtree_com', 'qacc_warmstart', 'ctrl'] as const),
];
const read = (physics: Physics) => everything.flatMap((name) => [...physics.array(name)()]);

/** Relative to the larger of the number and 1. */
const difference = (one: readonly number[], other: readonly number[]) =>
  one.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i]) / Math.max(1, Math.abs(value))), 0);

/** Control steps of some substeps each, in one of the ways that environments do them; all that is to be read after each. */
function play(physics: Physics, way: 'step' | 'drive' | 'advance' | 'state', steps: number): number[][] {
  const ctrl = physics.array('ctrl');
  const hand = physics.array('mocap_pos');
  const drive = (substep: number) => {
    ctrl()[0] += 0.01 * Math.cos(substep);
  };
  return Array.from({ length: steps }, (_, i) => {
    ctrl()[0] = Math.sin(0.3 * i);
    ctrl()[1] = Math.cos(0.2 * i);
    if (way !== 'step' && way !== 'drive') hand()[2] = 0.6 - 0.01 * i;
    if (way === 'step') physics.step(5);
    else if (way === 'drive') physics.step(5, { drive });
    else physics.advance(5, way === 'state');
    if (way === 'state') physics.forwardDynamics();
    return read(physics);
  });
}

describe.runIf(library)('native physics', () => {
  const native = library as Mujoco;

  test.each(
    (['step', 'drive', 'advance', 'state'] as const).flatMap((way) =>
      (['Euler', 'implicitfast', 'RK4'] as const).map((integrator) => ({ way, integrator })),
    ),
  )('the numbers of WebAssembly: $way, $integrator', ({ way, integrator }) => {
    const xml = model(`integrator="${integrator}"`);
    const [one, other] = [create(wasm, xml), create(native, xml)];
    const [expected, found] = [play(one, way, 60), play(other, way, 60)];
    expect(Math.max(...expected.map((row, i) => difference(row, found[i])))).toBeLessThan(1e-9);
    expect(one.data.ncon).toBe(other.data.ncon);
    expect(one.data.ncon).toBeGreaterThan(0); // the box has come to lie
    expect(other.data.time).toBe(one.data.time);
    for (const physics of [one, other]) physics.dispose();
  });

  test('where nobody reads forces all substeps are native, and everything else is as current', () => {
    const [one, other] = [create(wasm), create(native)];
    const places = (physics: Physics) =>
      (['qpos', 'qvel', 'act', 'site_xpos', 'xmat', 'cvel'] as const).flatMap((name) => [...physics.array(name)()]);
    for (let i = 0; i < 60; i++) {
      for (const physics of [one, other]) physics.step(5, { forces: false });
      expect(difference(places(one), places(other))).toBeLessThan(1e-9);
    }
    expect(other.array('qacc')()).not.toEqual(one.array('qacc')());
    for (const physics of [one, other]) physics.dispose();
  });

  test('delays are part of what goes over', () => {
    const xml = model().replace(
      '<position joint="shoulder" kp="20"/>',
      '<position joint="shoulder" kp="20" delay="0.02" nsample="6"/>',
    );
    const [one, other] = [create(wasm, xml), create(native, xml)];
    expect(one.model.nhistory).toBeGreaterThan(0);
    expect(difference(play(one, 'drive', 60).flat(), play(other, 'drive', 60).flat())).toBeLessThan(1e-9);
    for (const physics of [one, other]) physics.dispose();
  });

  test('nothing of it is WebAssembly where that is seen: a substep in C differs in the last digits', () => {
    const [one, other] = [create(wasm), create(native)];
    expect(play(other, 'advance', 60)).not.toEqual(play(one, 'advance', 60));
    for (const physics of [one, other]) physics.dispose();
  });

  test('going on from a saved state is bit-identical, in the same simulation and in another', () => {
    const physics = create(native);
    play(physics, 'drive', 20);
    const state = physics.save();
    const expected = play(physics, 'drive', 20);
    const other = create(native);
    play(other, 'advance', 7);
    for (const one of [physics, other]) {
      one.restore(state);
      expect(play(one, 'drive', 20)).toEqual(expected);
      one.dispose();
    }
  });

  test('a change of the model counts once it is told', () => {
    const [one, other] = [create(wasm), create(native)];
    for (const physics of [one, other]) {
      play(physics, 'step', 3);
      physics.model.opt.gravity.set([0, 0, 3]);
      physics.forward();
      physics.modelChanged();
    }
    expect(difference(play(one, 'step', 60).flat(), play(other, 'step', 60).flat())).toBeLessThan(1e-9);
    expect(other.array('xpos')()[3 * other.index('body', 'ball') + 2]).toBeGreaterThan(1);
    for (const physics of [one, other]) physics.dispose();
  });

  test.each(['NaN', 'huge speeds', 'forces that nothing withstands'])('divergence is told as ever: %s', (kind) => {
    const messages = [wasm, native].map((mujoco) => {
      const physics = create(mujoco);
      if (kind === 'NaN') physics.array('qvel')()[6] = Number.NaN;
      else if (kind === 'huge speeds') physics.array('qvel')().fill(1e12);
      else physics.array('xfrc_applied')().fill(1e18);
      try {
        for (let i = 0; i < 20; i++) physics.step(10);
        return 'it did not diverge';
      } catch (error) {
        return `${error}`;
      } finally {
        physics.dispose();
      }
    });
    expect(messages[0]).toMatch(/RunError: the simulation of mine diverged at \d/);
    expect(messages[1]).toBe(messages[0]);
  });

  test('bodies that sleep are refused: states do not hold that', () => {
    const xml = model().replace('<worldbody>', '<option><flag sleep="enable"/></option><worldbody>');
    const physics = create(native, xml);
    expect(() => physics.step(2)).toThrow(/env.physics is "native", but mine lets bodies sleep.*leave it at "wasm"/);
    physics.dispose();
  });

  test('memory is freed', () => {
    const xml = model().replace(
      '<worldbody>',
      '<size nuserdata="200000"/><asset><texture name="plain" type="2d" builtin="flat" width="700" height="700"/></asset><worldbody>',
    );
    const once = () => {
      const physics = create(native, xml);
      for (let i = 0; i < 3; i++) {
        physics.modelChanged();
        physics.step(2);
      }
      physics.dispose();
    };
    for (let i = 0; i < 5; i++) once();
    const before = process.memoryUsage.rss();
    for (let i = 0; i < 100; i++) once();
    // Each has 1.6 MB of user data, and three models of as much.
    expect(process.memoryUsage.rss() - before).toBeLessThan(80e6);
  });
});
