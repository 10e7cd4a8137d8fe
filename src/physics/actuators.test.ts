// Models without actuators get some: forces as the formulas say, ranges from the joints, the rest of the model unchanged.
import type { MjModel } from '@mujoco/mujoco';
import { expect, test } from 'vitest';
import { type Actuators, compileModel, createPhysics, limitedControls, loadMujoco, names } from './index.js';

const mujoco = await loadMujoco();
const corner = new TextEncoder().encode('v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nf 1 3 2\nf 1 2 4\nf 2 3 4\nf 1 4 3\n');

const link = (name: string, mesh: string) => `<link name="${name}">
  <inertial><mass value="1"/><inertia ixx="0.1" iyy="0.1" izz="0.1" ixy="0" ixz="0" iyz="0"/></inertial>
  <visual><geometry><mesh filename="${mesh}" scale="0.1 0.1 0.1"/></geometry></visual>
  <collision><geometry><mesh filename="${mesh}" scale="0.1 0.1 0.1"/></geometry></collision></link>`;
const joint = (
  name: string,
  type: string,
  parent: string,
  child: string,
  limit: string,
) => `<joint name="${name}" type="${type}">
  <parent link="${parent}"/><child link="${child}"/><origin xyz="0.5 0 0"/><axis xyz="0 0 1"/>${limit}</joint>`;
const robot = (
  mesh: string,
) => `<robot name="robot"><link name="base"/>${link('upper', mesh)}${link('lower', mesh)}${link('hand', mesh)}
  ${joint('shoulder', 'revolute', 'base', 'upper', '<limit lower="-1" upper="2" effort="8" velocity="3"/>')}
  ${joint('elbow', 'continuous', 'upper', 'lower', '<limit effort="5" velocity="3"/>')}
  ${joint('reach', 'prismatic', 'lower', 'hand', '<limit lower="0" upper="0.4" effort="20" velocity="1"/>')}</robot>`;

const urdf = (actuators: Actuators, mesh = 'meshes/corner.obj') =>
  createPhysics(mujoco, { xml: robot(mesh), files: { [mesh]: corner }, name: 'mine', actuators });

test('forces are those of the formulas, named after the joints, in their order', () => {
  const physics = urdf({
    reach: { type: 'motor', gear: 2 },
    elbow: { type: 'velocity', kv: 3, range: [-4, 4] },
    shoulder: { type: 'position', kp: 6, kv: 0.5 },
  });
  expect(names(physics.model, 'actuator')).toEqual(['shoulder', 'elbow', 'reach']);
  physics.array('qpos')().set([0.3, 0.2, 0.1]);
  physics.array('qvel')().set([0.7, -0.4, 0.2]);
  physics.array('ctrl')().set([1, 0.5, -3]);
  physics.forward();
  const forces = [...physics.array('actuator_force')()];
  for (const [i, force] of [6 * (1 - 0.3) - 0.5 * 0.7, 3 * (0.5 + 0.4), -3].entries())
    expect(forces[i]).toBeCloseTo(force, 12);
  expect(physics.array('qfrc_actuator')()[2]).toBeCloseTo(-6, 12);
  physics.dispose();
});

test('ranges are given, or the joint’s, or what gives its largest force', () => {
  const ranges = (actuators: Actuators, xml = robot('c.obj')) => {
    const model = compileModel(mujoco, { xml, files: { 'c.obj': corner }, actuators });
    const found = Array.from(model.actuator_ctrlrange as Float64Array, (value) => Number(value.toFixed(9)));
    model.delete();
    return found;
  };
  expect(ranges({ shoulder: { type: 'position', kp: 1 }, reach: { type: 'position', kp: 1 } })).toEqual([
    -1, 2, 0, 0.4,
  ]);
  expect(ranges({ '*': { type: 'motor', gear: 4 } })).toEqual([-2, 2, -1.25, 1.25, -5, 5]);
  const others: Actuators = {
    '*': { type: 'velocity', kv: 1, range: [-1, 1] },
    elbow: { type: 'motor', range: [-2, 3] },
  };
  expect(ranges(others)).toEqual([-1, 1, -2, 3, -1, 1]);
  const mjcf = `<mujoco><worldbody><body><joint name="j" range="-90 45"/><geom size="1"/></body>
    <body><freejoint name="free"/><geom size="1"/></body></worldbody></mujoco>`;
  expect(ranges({ '*': { type: 'position', kp: 1 } }, mjcf)).toEqual(
    [-Math.PI / 2, Math.PI / 4].map((x) => Number(x.toFixed(9))),
  );
  const limited = urdf({ '*': { type: 'motor', range: [-100, 100], force: [-3, 2] } });
  expect(limitedControls(limited)).toEqual([true, true, true]);
  limited.array('ctrl')().set([50, -50, 50]);
  limited.forward();
  expect([...limited.array('actuator_force')()]).toEqual([2, -3, 2]);
  limited.dispose();
});

test.each(['meshes/corner.obj', 'package://robot/meshes/corner.obj', '../shared/corner.obj', '/all/corner.obj'])(
  'the model is otherwise the same, meshes at %s',
  (mesh) => {
    const files = { [mesh]: corner };
    const bare = compileModel(mujoco, { xml: robot(mesh), files });
    const driven = compileModel(mujoco, { xml: robot(mesh), files, actuators: { '*': { type: 'motor' } } });
    expect([bare.nu, driven.nu, driven.nmesh]).toEqual([0, 3, bare.nmesh]);
    const fields = [
      'body_mass',
      'body_inertia',
      'body_ipos',
      'body_pos',
      'geom_size',
      'geom_rbound',
      'mesh_vert',
    ] as const;
    for (const field of [...fields, 'jnt_range', 'jnt_actfrcrange', 'qpos0', 'dof_damping', 'mesh_face'] as const) {
      expect([...(driven as MjModel)[field]], field).toEqual([...(bare as MjModel)[field]]);
    }
    for (const model of [bare, driven]) model.delete();
  },
);

test('mistakes name the joint, the field, and what is allowed', () => {
  const refused = (actuators: unknown) => expect(() => urdf(actuators as Actuators));
  refused({ elbo: { type: 'motor' } }).toThrow('unknown joint "elbo"; did you mean "elbow"?');
  refused({ elbow: { type: 'position', kp: 1 } }).toThrow(
    'joint "elbow": range is missing, and the joint has no limits to take it from; give range: [low, high].',
  );
  refused({ elbow: { type: 'velocity', kv: 1 } }).toThrow('range is missing, and the joint has no limits of speed');
  refused({ reach: { type: 'position', kp: 0 } }).toThrow('joint "reach": kp is 0; it must be a number above 0.');
  refused({ reach: { type: 'position', kp: 1, kv: -1 } }).toThrow('kv is -1; it must be a number of at least 0.');
  refused({ reach: { type: 'motor', gear: Number.NaN } }).toThrow('gear is NaN');
  refused({ reach: { type: 'motor', range: [1, 1] } }).toThrow(
    'range is [1,1]; it must be two numbers, the lower first.',
  );
  refused({ reach: { type: 'motor', force: [1] } }).toThrow('force is [1]');
  refused({ reach: { type: 'servo' } }).toThrow('type is "servo"; it must be position, velocity or motor.');
  const own = `<mujoco><worldbody><body><joint name="j"/><geom size="1"/></body><body name="b"><freejoint name="f"/><geom size="1"/></body>
    </worldbody><actuator><motor joint="j"/></actuator></mujoco>`;
  const compile = (xml: string, actuators: Actuators) => () => compileModel(mujoco, { xml, actuators });
  const motor = { type: 'motor', range: [-1, 1] } as const;
  expect(compile(own, { j: motor })).toThrow('the model has actuators of its own');
  expect(compile(own.replace(/<actuator>.*<\/actuator>/, ''), { f: motor })).toThrow('joint "f" is free or a ball');
  expect(compile('<robot name="r"><link/></robot>', { j: motor })).toThrow(/does not compile: .*link/);
});
