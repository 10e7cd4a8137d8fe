// Compiling, stepping, saving, looking up: exactness, independence, and what goes wrong with people's models.
import { expect, test } from 'vitest';
import { RunError, UsageError } from '../errors.js';
import { compileModel, createPhysics, listShapes, loadMujoco, names } from './index.js';

const mujoco = await loadMujoco();

const bouncing = `<mujoco>
  <worldbody>
    <geom name="floor" type="plane" size="0 0 0.1"/>
    <body name="ball" pos="0 0 0.3"><freejoint name="ball"/><geom name="ball" size="0.05" mass="0.1"/>
      <site name="top" pos="0 0 0.05"/></body>
    <body name="arm" pos="0.5 0 0.5"><joint name="hinge" axis="0 1 0"/><geom type="capsule" size="0.03" fromto="0 0 0 0.2 0 0"/></body>
  </worldbody>
  <actuator><motor name="motor" joint="hinge" gear="0.5"/></actuator>
</mujoco>`;
const create = (xml: string, files?: Record<string, Uint8Array>) => createPhysics(mujoco, { xml, files, name: 'mine' });

test('a broken model is refused with the message, element and line that MuJoCo gives', () => {
  const compile = (xml: string) => () => create(xml);
  expect(compile('<mujoco>\n<worldbody>\n<geom type="spher" size="1"/></worldbody></mujoco>')).toThrow(
    /model "mine" does not compile.*'spher'.*'geom', line 3/,
  );
  expect(compile('<mujoco><worldbody')).toThrow(/XML_ERROR_PARSING_ELEMENT.*Line number=1/);
  expect(compile('<mujoco><worldbody><body><joint/></body></worldbody></mujoco>')).toThrow(UsageError);
});

test('files are found by the names the model uses, and missing ones are named', () => {
  const xml = '<mujoco><worldbody><include file="parts/ball.xml"/></worldbody></mujoco>';
  const ball = '<mujoco><body name="ball"><freejoint/><geom size="0.1"/></body></mujoco>';
  expect(() => create(xml)).toThrow(/parts\/ball\.xml/);
  const physics = create(xml, { 'parts/ball.xml': new TextEncoder().encode(ball) });
  expect(physics.index('body', 'ball')).toBe(1);
  physics.dispose();
});

test('names are looked up, and mistyped ones come with the nearest', () => {
  const physics = create(bouncing);
  expect(physics.index('geom', 'ball')).toBe(1);
  expect(physics.jointAddress('hinge')).toEqual({ qpos: 7, qvel: 6 });
  expect(() => physics.index('joint', 'hing')).toThrow(
    'unknown joint "hing"; did you mean "hinge"? Available: ball, hinge.',
  );
  expect(() => physics.index('actuator', 'x')).toThrow(/Available: motor/);
  physics.dispose();
});

test('saved states go on bit for bit, also in another simulation', () => {
  const one = create(bouncing);
  const other = create(bouncing);
  one.array('ctrl')()[0] = 0.7;
  one.step(120); // the ball has hit the floor: the solver's warm start matters
  const state = one.save();
  const follow = (physics: typeof one) => {
    physics.restore(state);
    physics.step(80);
    return [...physics.save()];
  };
  one.step(55);
  const expected = follow(one);
  other.array('qvel')()[2] = 3;
  other.step(33);
  expect(follow(other)).toEqual(expected);
  expect(expected).not.toEqual([...state]);
  one.dispose();
  other.dispose();
});

test('derived positions and velocities are current after a step', () => {
  const physics = create(bouncing);
  physics.step(20);
  const before = [...physics.array('site_xpos')(), ...physics.array('geom_xpos')()];
  const velocity = new Float64Array(6);
  physics.siteVelocity(physics.index('site', 'top'), velocity);
  expect(velocity[2]).toBe(physics.array('qvel')()[2]);
  expect(velocity[2]).toBeCloseTo(-9.81 * 20 * 0.002, 6);
  physics.forward();
  expect([...physics.array('site_xpos')(), ...physics.array('geom_xpos')()]).toEqual(before);
  physics.dispose();
});

test.each(['Euler', 'implicitfast', 'RK4'])('steps are those of mj_step: %s', (integrator) => {
  const xml = bouncing.replace('<worldbody>', `<option integrator="${integrator}"/><worldbody>`);
  const one = create(xml);
  const other = create(xml);
  one.step(100);
  one.step(100);
  for (let i = 0; i < 200; i++) mujoco.mj_step(other.model, other.data);
  expect(one.save()).toEqual(other.save());
  expect(one.array('qpos')()[2]).toBeLessThan(0.06); // it has met the floor
  one.dispose();
  other.dispose();
});

test('simulations are independent, and arrays survive growth of the memory', () => {
  const one = create(bouncing);
  const two = create(bouncing);
  const [qposOne, qposTwo] = [one.array('qpos'), two.array('qpos')];
  one.step(50);
  expect(qposTwo()[2]).toBe(0.3);
  const kept = qposOne();
  const [...values] = kept;
  const others = [];
  while (kept.length > 0 && others.length < 500) others.push(create(bouncing), new mujoco.DoubleBuffer(500_000));
  expect(kept.length).toBe(0); // the memory has moved
  expect([...qposOne()]).toEqual(values);
  qposOne()[2] = 0.9;
  expect(one.data.qpos[2]).toBe(0.9);
  for (const other of others) 'dispose' in other ? other.dispose() : other.delete();
  one.dispose();
  one.dispose(); // twice does no harm
  two.dispose();
});

test('a model compiled once serves several simulations, which outlive one another', () => {
  const compiled = compileModel(mujoco, { xml: bouncing });
  const [one, other, fresh] = [
    createPhysics(mujoco, { compiled }),
    createPhysics(mujoco, { compiled }),
    create(bouncing),
  ];
  one.step(10);
  one.dispose();
  compiled.delete();
  for (const physics of [other, fresh]) physics.step(40);
  expect(other.save()).toEqual(fresh.save());
  other.dispose();
  fresh.dispose();
});

test('advance ends in the same state as step, with places of the moment before', () => {
  const [one, other] = [create(bouncing), create(bouncing)];
  one.step(5);
  other.advance(6);
  const before = one.array('site_xpos')().slice();
  one.step();
  expect(other.array('qpos')()).toEqual(one.array('qpos')());
  expect(other.array('site_xpos')()).toEqual(before);
  expect(one.array('site_xpos')()).not.toEqual(before);
  other.forwardDynamics();
  expect(other.array('site_xpos')()).toEqual(one.array('site_xpos')());
});

test('things without a name have none', () => {
  const physics = create(bouncing);
  physics.reset();
  expect(listShapes(physics).map(({ name }) => name)).toEqual(['floor', 'ball', undefined]);
  physics.dispose();
});

test.each(['body', 'joint', 'geom', 'site', 'actuator', 'sensor', 'camera', 'mesh', 'keyframe'] as const)(
  'an unnamed %s is called nothing, a named one by its name in any script',
  (kind) => {
    const name = 'Hörn 角';
    const xml = (attribute: string) => `<mujoco><asset><mesh ${attribute} file="m.obj"/></asset><worldbody>
      <body ${attribute}><joint name="j"/><joint ${attribute} axis="1 0 0"/><geom ${attribute} size="0.1"/>
      <site ${attribute}/><camera ${attribute}/></body></worldbody>
      <actuator><motor ${attribute} joint="j"/></actuator>
      <sensor><clock ${attribute}/></sensor><keyframe><key ${attribute}/></keyframe></mujoco>`;
    const mesh = new TextEncoder().encode('v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nf 1 3 2\nf 1 2 4\nf 2 3 4\nf 1 4 3\n');
    const unnamed = kind === 'mesh' ? 'm' : ''; // a mesh takes the name of its file
    for (const [attribute, expected] of [
      ['', unnamed],
      [`name="${name}"`, name],
    ]) {
      const physics = create(xml(attribute), { 'm.obj': mesh });
      expect(names(physics.model, kind).at(-1)).toBe(expected);
      if (expected) expect(physics.index(kind, expected)).toBe(names(physics.model, kind).length - 1);
      physics.dispose();
    }
  },
);

const sensed = `<mujoco>
  <worldbody>
    <geom type="plane" size="1 1 0.1"/>
    <body name="ball" pos="0 0 0.049"><joint name="lift" type="slide" axis="0 0 1" range="-0.02 1" frictionloss="0.1"/>
      <geom size="0.05" mass="1"/><site name="ball" size="0.06"/></body>
    <body name="arm" pos="0.5 0 0.5"><joint name="hinge" axis="0 1 0" range="-90 10"/>
      <geom type="capsule" size="0.03" fromto="0 0 0 0.2 0 0"/><site name="tip" pos="0.2 0 0"/></body>
  </worldbody>
  <tendon><fixed name="cord" limited="true" range="-1 0.1"><joint joint="hinge" coef="1"/></fixed></tendon>
  <actuator><position name="hinge" joint="hinge" kp="3"/><motor name="cord" tendon="cord"/></actuator>
  <sensor>
    <touch site="ball"/><force site="tip"/><torque site="tip"/><accelerometer site="tip"/><velocimeter site="tip"/>
    <framelinacc objtype="body" objname="arm"/><frameangacc objtype="body" objname="arm"/><actuatorfrc actuator="hinge"/>
    <jointactuatorfrc joint="hinge"/><tendonactuatorfrc tendon="cord"/><jointlimitpos joint="hinge"/>
    <jointlimitvel joint="hinge"/><jointlimitfrc joint="hinge"/><tendonlimitfrc tendon="cord"/><jointpos joint="hinge"/>
    <subtreelinvel body="arm"/><framepos objtype="site" objname="tip"/>
  </sensor>
</mujoco>`;

test('after reset, restore, forward and a blow everything computed is of that state, and the state is as it was', () => {
  const computed = ['sensordata', 'qacc', 'actuator_force', 'qfrc_actuator', 'site_xpos', 'cvel'] as const;
  const read = (physics: ReturnType<typeof create>) => computed.map((name) => [...physics.array(name)()]);
  const physics = create(sensed);
  /** What MuJoCo's own mj_forward gives for a state in data that never saw another. */
  const fresh = (state: Uint8Array) => {
    const other = create(sensed);
    other.restore(state);
    mujoco.mj_forward(other.model, other.data);
    const values = read(other);
    other.dispose();
    return values;
  };
  const first = read(physics);
  expect(first).toEqual(fresh(physics.save()));
  expect(first[0][0]).toBeGreaterThan(1); // the ball lies on the floor
  const start = physics.save();

  const moved = () => {
    physics.array('qpos')().set([0.4, 0.3]); // in the air; beyond the limits of hinge and tendon
    physics.array('qvel')().set([0.2, 1]);
    physics.array('ctrl')().set([0.5, -0.4]);
    physics.forward();
  };
  moved();
  expect(read(physics)).toEqual(fresh(physics.save()));
  expect(read(physics)[0]).not.toEqual(first[0]);
  physics.push(physics.index('body', 'arm'), [0, 0, 0.3]);
  expect(read(physics)).toEqual(fresh(physics.save()));
  physics.step(5);
  physics.restore(start);
  expect(physics.save()).toEqual(start);
  expect(read(physics)).toEqual(first);
  moved();
  physics.step(5);
  physics.reset();
  expect(physics.save()).toEqual(start);
  expect(read(physics)).toEqual(first);
  physics.dispose();
});

test('divergence is reported, not silently reset', () => {
  const physics = create(bouncing);
  physics.array('qvel')()[6] = Number.NaN;
  expect(() => physics.step()).toThrow(RunError);
  expect(() => physics.step()).toThrow(/simulation of mine diverged/);
  physics.dispose();
});

test('a state of another model is refused', () => {
  const physics = create(bouncing);
  expect(() => physics.restore(new Uint8Array(24))).toThrow(/24 bytes does not fit mine/);
  physics.dispose();
});

test('what does not fit into memory is told as that, in compiling and in simulating', () => {
  const field = '<hfield name="h" nrow="17000" ncol="17000" size="1 1 1 1"/>';
  const geom = '<geom type="hfield" hfield="h"/>';
  const large = `<mujoco><asset>${field}</asset><worldbody>${geom}</worldbody></mujoco>`;
  expect(() => create(large)).toThrow(RunError);
  expect(() => create(large)).toThrow(/^the model "mine" does not fit into memory: .* can have 2 GB.*`dispose`/);
  const memory = '<mujoco><size memory="3G"/><worldbody/></mujoco>';
  expect(() => create(memory)).toThrow(/"mine" does not fit into memory/);
  create(bouncing).dispose(); // and the engine goes on
});

test('a blow changes the velocity of a body along it by as much as asked, and nothing where it cannot move', () => {
  const two = create(`<mujoco><worldbody>
    <body name="free" pos="0 0 1"><freejoint/><geom size="0.1"/></body>
    <body name="upper" pos="1 0 1"><joint name="shoulder" axis="0 1 0"/><geom type="capsule" size="0.03" fromto="0 0 0 0 0 0.4"/>
      <body name="lower" pos="0 0 0.4"><joint axis="0 1 0"/><geom type="capsule" size="0.03" fromto="0 0 0 0.3 0 0"/></body></body>
    </worldbody></mujoco>`);
  const qvel = two.array('qvel');
  two.push(two.index('body', 'free'), [0.5, -0.2, 0]);
  expect([...qvel()].slice(0, 3).map((v) => Number(v.toFixed(9)))).toEqual([0.5, -0.2, 0]);
  two.push(two.index('body', 'lower'), [0, 0.7, 0]); // both joints turn about y
  expect([...qvel()].slice(6)).toEqual([0, 0]);

  const lower = two.index('body', 'lower');
  const place = () =>
    two
      .array('xipos')()
      .slice(3 * lower, 3 * lower + 3);
  two.model.opt.gravity.set([0, 0, 0]);
  const before = place();
  two.push(lower, [0, 0, 0.3]);
  const timestep: number = two.model.opt.timestep;
  two.step(1);
  expect((place()[2] - before[2]) / timestep).toBeCloseTo(0.3, 2);
});
