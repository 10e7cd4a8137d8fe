// Models become environments: small ones written here.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkEnv } from '../check-env.js';
import { parseEnvOptions } from '../define-env.js';
import { type MujocoEnvOptions, mujocoEnv } from './index.js';

const xml = `<mujoco model="two links and a box">
  <option timestep="0.01"/>
  <worldbody>
    <geom type="plane" size="1 1 0.1"/>
    <body name="upper" pos="0 0 0.5">
      <joint name="shoulder" axis="0 0 1" damping="0.05" limited="true" range="-120 120"/>
      <geom type="capsule" size="0.02" fromto="0 0 0 0.2 0 0"/>
      <body name="lower" pos="0.2 0 0">
        <joint name="elbow" axis="0 0 1" damping="0.05"/>
        <geom type="capsule" size="0.02" fromto="0 0 0 0.2 0 0"/>
        <site name="tip" pos="0.2 0 0"/>
      </body>
    </body>
    <body name="cube" pos="0.5 0 0.05"><freejoint name="cube"/><geom type="box" size="0.05 0.05 0.05" mass="0.1"/></body>
  </worldbody>
  <actuator>
    <motor name="shoulder" joint="shoulder" gear="0.3" ctrllimited="true" ctrlrange="-2 1"/>
    <position name="elbow" joint="elbow" kp="1"/>
  </actuator>
  <keyframe><key name="bent" qpos="1 0.5 0.5 0 0.05 1 0 0 0"/></keyframe>
</mujoco>`;

const base: MujocoEnvOptions = {
  name: 'test/links',
  xml,
  achieved: { site: 'tip', axes: 'xy' },
  goal: { low: [-0.3, -0.3], high: [0.3, 0.3], tolerance: 0.05 },
  maxEpisodeSteps: 40,
};

async function make(changes: Partial<MujocoEnvOptions> = {}, settings: Record<string, unknown> = {}) {
  const definition = await mujocoEnv({ ...base, ...changes });
  const options = parseEnvOptions(definition, settings);
  return { env: await definition.create(options), rules: definition.rules(options) };
}

const variants: Record<string, [Partial<MujocoEnvOptions>, Record<string, unknown>?]> = {
  'target range': [{ resetNoise: 0.1 }],
  'dense, relative actions, keyframe': [{ keyframe: 'bent', action: { relative: 0.2 } }, { reward: 'dense' }],
  'reachable configurations': [{ goal: { configurations: true, tolerance: 0.05 } }, { successEndsEpisode: true }],
  'joint angles': [
    { achieved: [{ joint: 'shoulder' }, { joint: 'elbow' }], goal: { configurations: true, tolerance: 0.2 } },
  ],
  'body, chosen actuators and observation': [
    {
      achieved: { body: 'lower' },
      goal: { configurations: ['shoulder'], tolerance: 0.05 },
      action: { actuators: ['shoulder'] },
      observation: ['qpos', 'qvel', 'ctrl', { site: 'tip' }],
      failed: ({ data }) => data.qpos[0] > 1.5,
    },
    { reward: 'zero-one' },
  ],
  predicates: [
    {
      goal: {
        predicates: { 'tip left': ([, y]) => y > 0.1, 'tip near': ([x]) => x < 0.3 },
        otherwise: 'tip elsewhere',
      },
    },
  ],
};

test.each(Object.keys(variants))('keeps the contract: %s', async (name) => {
  const { env, rules } = await make(...variants[name]);
  expect(checkEnv(env, { rules, episodes: 6 }).findings).toEqual([]);
  env.dispose?.();
});

test('spaces have the names and sizes of the model', async () => {
  const { env } = await make();
  expect(env.spec.action.names).toEqual(['shoulder', 'elbow']);
  expect(env.spec.achieved.names).toEqual(['tip-x', 'tip-y']);
  expect(env.spec.observation.names?.slice(0, 5)).toEqual(['shoulder', 'elbow', 'cube-x', 'cube-y', 'cube-z']);
  expect(env.spec.observation.names?.slice(-3)).toEqual(['cube-turn-z-velocity', 'tip-x', 'tip-y']);
  expect(env.spec.observation.size).toBe(9 + 8 + 2);
  const { observation, achieved, goal } = env.reset({ seed: 1, goal: [0.1, 0.2] });
  expect([observation[0], achieved[0], goal[1]]).toEqual([0, Math.fround(0.4), Math.fround(0.2)]);
  env.step([0, 0]);
  const marker = env.scene?.().shapes.find(({ name }) => name === 'goal');
  expect(marker?.position.map((value) => Number(value.toFixed(3)))).toEqual([0.1, 0.2, 0.5]);
  env.dispose?.();
});

test('actions cover the control range, or move the control by a share of it', async () => {
  const observation = ['ctrl'] as const;
  const absolute = (await make({ observation })).env;
  absolute.reset({ seed: 0 });
  expect([...absolute.step([-1, 0.5]).observation]).toEqual([-2, 0.5]); // the range is [-2, 1]; the elbow has none
  expect([...absolute.step([1, -1]).observation]).toEqual([1, -1]);
  expect(absolute.step([0, 0]).observation[0]).toBe(-0.5);
  const relative = (await make({ observation, action: { relative: 0.5 } })).env;
  relative.reset({ seed: 0 });
  expect([...relative.step([1, 1]).observation]).toEqual([0.75, 0.5]);
  expect([...relative.step([1, 1]).observation]).toEqual([1, 1]);
  for (const env of [absolute, relative]) env.dispose?.();
});

test('ranges count as in MuJoCo: not where they are switched off; servos without one take the joint’s', async () => {
  const joint = (name: string, more: string) =>
    `<body pos="0 0 1"><joint name="${name}" axis="0 0 1" ${more}/><geom size="0.1"/><site name="${name}"/></body>`;
  const ranges = `<mujoco><compiler angle="radian"/><worldbody>${joint('tip', 'range="-1 3"')}${joint('off', 'range="-1 3" limited="false"')}
    </worldbody><actuator>
      <motor name="switched off" joint="tip" ctrlrange="-2 6" ctrllimited="false"/>
      <motor name="motor" joint="tip"/>
      <position name="servo" joint="tip" kp="4"/>
      <position name="geared" joint="tip" kp="4" gear="-2" kv="1"/>
      <position name="its own" joint="tip" ctrlrange="-0.5 0.5"/>
      <position name="joint off" joint="off"/>
      <velocity name="velocity" joint="tip" kv="3"/>
      <intvelocity name="integrated" joint="tip" actrange="-1 1"/>
    </actuator></mujoco>`;
  const options = { xml: ranges, observation: ['ctrl'] as const };
  const { env } = await make(options);
  env.reset({ seed: 0 });
  expect([...env.step(Array(8).fill(1)).observation]).toEqual([1, 1, 3, 2, 0.5, 1, 1, 1]);
  expect([...env.step(Array(8).fill(-1)).observation]).toEqual([-1, -1, -1, -6, -0.5, -1, -1, -1]);
  env.dispose?.();
  // A hinge that is not held turns all the way.
  const goal = { configurations: ['off'], tolerance: 0.1 };
  const free = (await make({ ...options, achieved: { joint: 'off' }, goal })).env;
  const angles = Array.from({ length: 100 }, (_, seed) => free.reset({ seed }).goal[0]);
  expect(Math.min(...angles)).toBeLessThan(-2);
  expect(Math.max(...angles)).toBeGreaterThan(2);
  free.dispose?.();
  const slide = ranges.replace('name="off" axis', 'name="off" type="slide" axis');
  await expect(make({ xml: slide, achieved: { joint: 'off' }, goal })).rejects.toThrow('slide "off" has no limits');
});

test('goals drawn from configurations lie where the arm can reach, with angles within their limits', async () => {
  const { env } = await make({ goal: { configurations: true, tolerance: 0.05 } });
  let widest = 0;
  for (let seed = 0; seed < 200; seed++) {
    const { goal, achieved } = env.reset({ seed });
    widest = Math.max(widest, Math.hypot(goal[0], goal[1]));
    expect(Math.hypot(goal[0], goal[1])).toBeLessThan(0.4 + 1e-6);
    expect(achieved[0]).toBeCloseTo(0.4, 6); // drawing a goal leaves the arm where it was
  }
  expect(widest).toBeGreaterThan(0.38);
  env.dispose?.();
});

test('the start: noise within its bounds, keyframe, and a function of one’s own', async () => {
  const { env } = await make({
    keyframe: 'bent',
    resetNoise: { qpos: 0.05 },
    start: (random, physics) => {
      physics.array('qpos')()[2] = 0.6 + 0.1 * random.uniform();
    },
  });
  const angles = Array.from({ length: 100 }, (_, seed) => Array.from(env.reset({ seed }).observation.slice(0, 9)));
  for (const [shoulder, elbow, x] of angles) {
    expect(Math.abs(shoulder - 1)).toBeLessThanOrEqual(0.05 + 1e-6);
    expect(Math.abs(elbow - 0.5)).toBeLessThanOrEqual(0.05 + 1e-6);
    expect(x).toBeGreaterThanOrEqual(0.6 - 1e-6);
  }
  expect(Math.max(...angles.map(([shoulder]) => shoulder))).toBeGreaterThan(1.04);
  for (const row of angles) expect(Math.abs(row[5] - 1)).toBeLessThan(1e-6); // the quaternion is left alone
  env.dispose?.();
});

test('sensors of forces and accelerations are those of the new episode after a reset', async () => {
  const sensor = '<sensor><actuatorfrc actuator="elbow"/><force site="tip"/><accelerometer site="tip"/></sensor>';
  const { env } = await make({ xml: xml.replace('<keyframe>', `${sensor}<keyframe>`), observation: ['sensordata'] });
  const first = [...env.reset({ seed: 4 }).observation];
  const last = [...env.step([1, 1]).observation];
  expect(last).not.toEqual(first);
  expect([...env.reset({ seed: 4 }).observation]).toEqual(first);
  env.dispose?.();
});

test('block on the shelf: a predicate over the place of a body', async () => {
  const shelf = `<mujoco><worldbody><geom type="plane" size="1 1 0.1"/>
    <geom name="shelf" type="box" size="0.1 0.1 0.01" pos="0 0 0.3"/>
    <body name="block" pos="0.5 0 0.05"><joint name="x" type="slide" axis="1 0 0" limited="true" range="-1 1"/>
      <joint name="z" type="slide" axis="0 0 1" limited="true" range="0 0.5"/><geom type="box" size="0.03 0.03 0.03"/></body>
    </worldbody><actuator><position name="x" joint="x" kp="50" dampratio="1" ctrlrange="-1 1"/>
      <position name="z" joint="z" kp="50" dampratio="1" ctrlrange="0 0.5"/></actuator></mujoco>`;
  const { env } = await make({
    xml: shelf,
    achieved: { body: 'block' },
    frameSkip: 20,
    maxEpisodeSteps: 100,
    goal: {
      predicates: {
        'block on the shelf': ([x, , z]) => Math.abs(x) < 0.1 && z > 0.31 && z < 0.36,
        'block in the air': ([, , z]) => z > 0.36,
      },
      otherwise: 'block below',
    },
  });
  expect(env.spec.goalKind).toBe('predicate');
  env.reset({ seed: 0, goal: [1, 0, 0] });
  for (let t = 0; t < 30; t++) env.step([0, 1]); // up, before it
  let reached = false;
  for (let t = 0; t < 25; t++) reached = env.step([-0.5, 1]).isSuccess; // over it
  expect(reached).toBe(false);
  for (let t = 0; t < 25; t++) reached = env.step([-0.5, 0.1]).isSuccess; // down onto it
  expect(reached).toBe(true);
  env.dispose?.();
}, 20_000);

test('mistakes are named, with what would be right', async () => {
  const refused = (changes: Partial<MujocoEnvOptions>) => expect(mujocoEnv({ ...base, ...changes })).rejects;
  await refused({ xml: '<mujoco>\n<worldbody>\n<geom type="spher"/></worldbody></mujoco>' }).toThrow(
    /"test\/links" does not compile.*'spher'.*line 3/,
  );
  await refused({ achieved: { site: 'tipp' } }).toThrow('unknown site "tipp"; did you mean "tip"?');
  await refused({ achieved: { site: 'tip', axes: 'xw' } }).toThrow('axes of site "tip" are "xw"');
  await refused({ achieved: { joint: 'cube' } }).toThrow('joint "cube" is free');
  await refused({ goal: { low: [0], high: [1], tolerance: 0.1 } }).toThrow('has 2 (tip-x, tip-y)');
  await refused({ goal: { low: [0, 0], high: [1, 1], tolerance: 0 } }).toThrow('goal.tolerance is 0');
  await refused({ keyframe: 'straight' }).toThrow('no keyframe "straight"; it has bent');
  const unnamed = xml.replace('<key name="bent"', '<key');
  await refused({ xml: unnamed, keyframe: 'bent' }).toThrow('no keyframe "bent"; it has 0.');
  await refused({ action: { actuators: ['elbo'] } }).toThrow('did you mean "elbow"');
  await refused({ action: { relative: 3 } }).toThrow('action.relative is 3');
  await refused({ frameSkip: 0.5 }).toThrow('frameSkip is 0.5');
  await refused({ path: './robot.xml' }).toThrow('give the model either as xml or as path');
  const still = '<mujoco><worldbody><site name="tip"/></worldbody></mujoco>';
  await refused({ xml: still }).toThrow('the model has no actuators');
});

describe('models from files', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'anygoal mjcf #'));
    mkdirSync(join(folder, 'parts'));
    writeFileSync(
      join(folder, 'parts', 'ball.xml'),
      '<mujoco><body name="ball"><joint name="up" type="slide" axis="0 0 1" limited="true" range="0 1"/><geom type="mesh" mesh="corner"/></body></mujoco>',
    );
    writeFileSync(
      join(folder, 'parts', 'corner.obj'),
      'v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nf 1 3 2\nf 1 2 4\nf 2 3 4\nf 1 4 3\n',
    );
    writeFileSync(
      join(folder, 'robot.xml'),
      `<mujoco><compiler meshdir="parts"/><!-- <include file="gone.xml"/> -->
      <asset><mesh name="corner" file="corner.obj" scale="0.1 0.1 0.1"/></asset>
      <worldbody><include file="./parts/ball.xml"/></worldbody><actuator><motor name="up" joint="up" gear="20"/></actuator></mujoco>`,
    );
    writeFileSync(join(folder, 'broken.xml'), '<mujoco><include file="parts/none.xml"/></mujoco>');
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const fromFile = (path: string | URL) =>
    make({
      xml: undefined,
      path,
      achieved: { body: 'ball' },
      goal: { low: [0, 0, 0], high: [0, 0, 1], tolerance: 0.1 },
    });

  test('includes and meshes are found, by path and by URL', async () => {
    for (const path of [join(folder, 'robot.xml'), pathToFileURL(join(folder, 'robot.xml'))]) {
      const { env, rules } = await fromFile(path);
      expect(checkEnv(env, { rules }).findings).toEqual([]);
      env.dispose?.();
    }
  });

  test('a robot in URDF, with meshes of a ROS package, learns by the actuators given', async () => {
    const arm = `<robot name="arm"><link name="base"/><link name="hand"><inertial><mass value="1"/>
      <inertia ixx="0.1" iyy="0.1" izz="0.1" ixy="0" ixz="0" iyz="0"/></inertial><collision><origin xyz="0.5 0 0"/>
      <geometry><mesh filename="package://arm_description/parts/corner.obj" scale="0.1 0.1 0.1"/></geometry></collision></link>
      <joint name="turn" type="revolute"><parent link="base"/><child link="hand"/><axis xyz="0 0 1"/>
      <limit lower="-1" upper="1" effort="20" velocity="2"/></joint></robot>`;
    for (const part of ['urdf', 'parts']) mkdirSync(join(folder, 'arm_description', part), { recursive: true });
    writeFileSync(join(folder, 'arm_description', 'urdf', 'arm.urdf'), arm);
    copyFileSync(join(folder, 'parts', 'corner.obj'), join(folder, 'arm_description', 'parts', 'corner.obj'));
    const options = {
      xml: undefined,
      path: join(folder, 'arm_description', 'urdf', 'arm.urdf'),
      achieved: { joint: 'turn' },
      goal: { configurations: true, tolerance: 0.05 },
    } as const;
    await expect(make(options)).rejects.toThrow(/has no actuators.*actuators: \{ "\*": \{ type: "motor"/);
    const { env, rules } = await make({ ...options, actuators: { '*': { type: 'position', kp: 20, kv: 5 } } });
    expect(env.spec.action.names).toEqual(['turn']);
    expect(checkEnv(env, { rules }).findings).toEqual([]);
    const { goal } = env.reset({ seed: 3 });
    let step = env.step(goal); // the joint's range is [-1, 1], as that of actions
    for (let t = 0; t < 39; t++) step = env.step(goal);
    expect(step.isSuccess).toBe(true);
    env.dispose?.();
  });

  test('a missing file is named with the file that asks for it', async () => {
    await expect(fromFile(join(folder, 'broken.xml'))).rejects.toThrow(
      /parts\/none\.xml, which .*broken\.xml names: ENOENT/,
    );
    await expect(fromFile(join(folder, 'none.xml'))).rejects.toThrow(/cannot read file:.*none\.xml: ENOENT/);
  });
});
