// What is used of MuJoCo's WebAssembly bindings, as types of our own: those of the package do not compile without
// `skipLibCheck`, and programs that use anygoal should not need that.

/** Memory outside JavaScript: whoever makes it deletes it. */
interface Handle {
  delete(): void;
}

type Counts = 'nq' | 'nv' | 'nu' | 'na' | 'nkey' | 'nmocap' | 'nuserdata' | 'nsensordata';
type NamedCounts = 'nbody' | 'njnt' | 'ngeom' | 'nsite' | 'nsensor' | 'ncam' | 'nmesh';
type Integers =
  | ('jnt_type' | 'jnt_qposadr' | 'jnt_dofadr' | 'jnt_bodyid' | 'body_parentid' | 'body_dofnum' | 'body_mocapid')
  | ('geom_type' | 'geom_group' | 'geom_matid' | 'geom_dataid' | 'geom_bodyid' | 'site_bodyid' | 'actuator_trnid')
  | ('sensor_adr' | 'sensor_dim' | 'mesh_vertadr' | 'mesh_vertnum' | 'mesh_faceadr' | 'mesh_facenum' | 'mesh_face');
type Doubles =
  | ('qpos0' | 'key_qpos' | 'key_qvel' | 'jnt_range' | 'body_mass' | 'geom_size' | 'geom_pos' | 'geom_quat')
  | ('actuator_ctrlrange' | 'actuator_gainprm' | 'actuator_biasprm' | 'eq_data');
type Floats = 'geom_rgba' | 'mat_rgba' | 'mesh_vert';

/** mjModel: what never changes while it is stepped. Arrays are views of WebAssembly memory: read them anew each time. */
export type MujocoModel = Handle &
  Readonly<Record<Counts | NamedCounts, number>> &
  Readonly<Record<Integers, Int32Array>> &
  Readonly<Record<Doubles, Float64Array>> &
  Readonly<Record<Floats, Float32Array>> & {
    readonly opt: { timestep: number; integrator: number; disableflags: number; gravity: Float64Array };
    readonly stat: { readonly extent: number };
  };

/** Arrays of mjData; all float64. */
export type DataArray =
  | ('qpos' | 'qvel' | 'qacc' | 'act' | 'ctrl' | 'mocap_pos' | 'mocap_quat' | 'userdata' | 'sensordata')
  | ('xpos' | 'xquat' | 'xmat' | 'xipos' | 'site_xpos' | 'site_xmat' | 'geom_xpos' | 'geom_xmat' | 'cvel')
  | ('xfrc_applied' | 'qfrc_applied' | 'actuator_force' | 'qfrc_actuator' | 'subtree_com');

/** mjData: the state, and what follows from it. */
export type MujocoData = Handle & Readonly<Record<DataArray, Float64Array>> & { time: number; readonly ncon: number };

/** Numbers in WebAssembly memory that MuJoCo reads and writes. */
export interface MujocoBuffer extends Handle {
  GetView(): Float64Array;
}

export interface MujocoIntegers extends Handle {
  GetView(): Int32Array;
}

interface VirtualFiles extends Handle {
  addBuffer(path: string, bytes: Uint8Array): void;
}

type Enum<Names extends string> = Readonly<Record<Names, { readonly value: number }>>;
type Numbers = MujocoBuffer | ArrayLike<number> | null;

/**
 * The MuJoCo module, as far as it is used here. It has all of MuJoCo's functions: for others cast it to the `MainModule` of
 * `@mujoco/mujoco`.
 */
export interface Mujoco {
  readonly MjModel: {
    new (model: MujocoModel): MujocoModel;
    from_xml_string(xml: string, files: VirtualFiles): MujocoModel;
  };
  readonly MjData: new (model: MujocoModel) => MujocoData;
  readonly MjVFS: new () => VirtualFiles;
  readonly DoubleBuffer: new (size: number) => MujocoBuffer;
  readonly IntBuffer: new (size: number) => MujocoIntegers;
  readonly mjtDisableBit: Enum<'mjDSBL_AUTORESET'>;
  readonly mjtIntegrator: Enum<'mjINT_RK4'>;
  readonly mjtState: Enum<'mjSTATE_INTEGRATION'>;
  readonly mjtObj: Enum<
    | ('mjOBJ_BODY' | 'mjOBJ_JOINT' | 'mjOBJ_GEOM' | 'mjOBJ_SITE' | 'mjOBJ_ACTUATOR' | 'mjOBJ_SENSOR')
    | ('mjOBJ_CAMERA' | 'mjOBJ_MESH' | 'mjOBJ_KEY')
  >;
  mj_step(model: MujocoModel, data: MujocoData): void;
  mj_step1(model: MujocoModel, data: MujocoData): void;
  mj_step2(model: MujocoModel, data: MujocoData): void;
  mj_forward(model: MujocoModel, data: MujocoData): void;
  mj_resetData(model: MujocoModel, data: MujocoData): void;
  mj_resetDataKeyframe(model: MujocoModel, data: MujocoData, key: number): void;
  mj_stateSize(model: MujocoModel, signature: number): number;
  mj_getState(model: MujocoModel, data: MujocoData, state: MujocoBuffer, signature: number): void;
  mj_setState(model: MujocoModel, data: MujocoData, state: ArrayLike<number>, signature: number): void;
  mj_name2id(model: MujocoModel, type: number, name: string): number;
  mj_id2name(model: MujocoModel, type: number, id: number): string | null;
  mj_jacBodyCom(model: MujocoModel, data: MujocoData, position: Numbers, rotation: Numbers, body: number): void;
  mj_jacSite(model: MujocoModel, data: MujocoData, position: Numbers, rotation: Numbers, site: number): void;
  mj_solveM(model: MujocoModel, data: MujocoData, out: MujocoBuffer, right: ArrayLike<number>): void;
  mj_objectVelocity(
    ...given: [model: MujocoModel, data: MujocoData, type: number, id: number, out: MujocoBuffer, local: number]
  ): void;
  mj_ray(
    ...given: [
      ...[model: MujocoModel, data: MujocoData, from: readonly number[], along: readonly number[]],
      ...[groups: readonly number[], isStaticHit: boolean, excludedBody: number],
      ...[geom: MujocoIntegers, normal: MujocoBuffer],
    ]
  ): number;
}
