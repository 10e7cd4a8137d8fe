// Which ranges are limits: as MuJoCo says of the same model, and as it behaves.
import type { MainModule, MjData, MjModel } from '@mujoco/mujoco';
import { expect, test } from 'vitest';
import { createPhysics, limitedControls, limitedJoints, loadMujoco } from './index.js';

const mujoco = await loadMujoco();

/** Joints and motors in all combinations of range and switch, `count` times. */
function modelOf(count: number, autolimits = true): string {
  const states = autolimits
    ? ['range="-1 2"', 'range="-1 2" limited="false"', 'range="-1 2" limited="true"', '']
    : ['range="-1 2" limited="true"', 'range="-1 2" limited="false"', '', 'limited="false"'];
  const all = Array.from({ length: count }, (_, i) => states[((i * i + i) % 4) ^ (i % 3)]);
  const bodies = all.map((text, i) => {
    const kind = ['hinge', 'slide'][i % 2];
    return `<body pos="${i} 0 0"><joint name="j${i}" type="${kind}" ${text}/><geom size="0.1" mass="1"/></body>`;
  });
  const motors = all.map((text, i) => `<motor joint="j${i}" ${text.replaceAll(/(range|limited)/g, 'ctrl$1')}/>`);
  return `<mujoco><compiler autolimits="${autolimits}" angle="radian"/><option gravity="0 0 0"/><worldbody>${bodies.join('')}
    <body pos="0 0 9"><freejoint/><geom size="0.1"/></body></worldbody><actuator>${motors.join('')}</actuator></mujoco>`;
}

const whole = mujoco as unknown as MainModule; // with what only tests use

test.each([1, 7, 64, 65, 130])('the switches of %i joints and actuators are read as MuJoCo prints them', (count) => {
  for (const autolimits of [true, false]) {
    const physics = createPhysics(mujoco, { xml: modelOf(count, autolimits) });
    whole.mj_printModel(physics.model as MjModel, '/tmp/printed.txt');
    const text = new TextDecoder().decode(whole.FS.readFile('/tmp/printed.txt'));
    whole.FS.unlink('/tmp/printed.txt');
    const printed = (name: string) =>
      [...text.matchAll(new RegExp(`\\b${name} +([01])\\b`, 'g'))].map(([, x]) => x === '1');
    expect(limitedJoints(physics)).toEqual(printed('jnt_limited'));
    expect(limitedControls(physics)).toEqual(printed('actuator_ctrllimited'));
    expect(limitedJoints(physics).length).toBe(count + 1);
    physics.dispose();
  }
});

test('they are what MuJoCo does: it clamps controls and holds joints where they say so, and nowhere else', () => {
  for (const flag of ['', '<option><flag limit="disable"/></option>', '<option><flag clampctrl="disable"/></option>']) {
    const physics = createPhysics(mujoco, { xml: modelOf(8).replace('<worldbody>', `${flag}<worldbody>`) });
    physics.array('ctrl')().fill(5);
    physics.array('qpos')().fill(3, 0, 8);
    physics.forward();
    const forces = Array.from(physics.array('actuator_force')());
    const held = Array.from({ length: 8 }, (_, i) => (physics.data as MjData).qfrc_constraint[i] !== 0);
    expect(limitedControls(physics)).toEqual(forces.map((force) => force === 2));
    expect(limitedJoints(physics).slice(0, 8)).toEqual(held);
    physics.dispose();
  }
});
